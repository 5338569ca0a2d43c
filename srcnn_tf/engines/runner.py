"""Running a network over one whole luminance plane, on the fastest engine that is there.

Two engines give the same values but for rounding: TensorFlow's graph, on any device, and on a CPU
the kernels of `vector`, which are several times faster. This module loads neither until it
is used.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from srcnn_tf.engines.devices import ENGINES
from srcnn_tf.networks.architecture import Architecture

if TYPE_CHECKING:
    from srcnn_tf.engines.keras_model import Srcnn

Enhance = Callable[[np.ndarray], np.ndarray]


def plane_enhancer(network: "Srcnn", engine: str = "auto") -> Enhance:
    """Returns a function that sharpens a float32 (H, W) plane, 1.0 = 255, and keeps its size.

    It follows the network's weights: after a training step it gives the new network's output.
    Values are not clipped.

    Args:
      network: what to run.
      engine: `tensorflow`, `vector`, or `auto`: `vector` where there is no GPU and the network
        computes in float32 and is of a shape that the kernels take, else `tensorflow`.

    Raises:
      ValueError: no such engine, or `vector` cannot run this network.
    """
    if engine not in ENGINES:
        raise ValueError(f"The engine must be one of {', '.join(ENGINES)}, not {engine!r}.")
    if engine == "auto":
        engine = "vector" if suits_cpu_engine(network) else "tensorflow"
    return _by_vectors(network) if engine == "vector" else _by_tensorflow(network)


def arrays_enhancer(architecture: Architecture, arrays: Mapping[str, np.ndarray]) -> Enhance:
    """Returns the same for weights as `read_weights` gives them, without loading TensorFlow.

    Raises:
      ValueError: such a network is not for these kernels; see `cpu_engine_runs`.
    """
    if not cpu_engine_runs(architecture):
        raise ValueError(f"A {architecture.name} can be run by TensorFlow only.")
    from srcnn_tf.engines.cpu.inference import vector_enhancer

    return vector_enhancer(architecture, arrays)


def self_ensemble(enhance: Enhance) -> Enhance:
    """Wraps `enhance` to average over the eight flips and turns of the plane (arXiv:1511.02228)."""

    def enhance_all(plane: np.ndarray) -> np.ndarray:
        total = np.zeros(plane.shape, np.float64)
        for quarters in range(4):
            turned = np.rot90(plane, quarters)
            total += np.rot90(enhance(turned), -quarters)
            total += np.rot90(np.fliplr(enhance(np.fliplr(turned))), -quarters)
        return (total / 8).astype(np.float32)

    return enhance_all


def _by_tensorflow(network) -> Enhance:
    import tensorflow as tf

    # Traced once for planes of all sizes; without XLA, which would compile anew for every size.
    compiled = tf.function(
        network, input_signature=[tf.TensorSpec([None, None, None, 1], tf.float32)]
    )

    def enhance(plane: np.ndarray) -> np.ndarray:
        return compiled(np.asarray(plane, np.float32)[None, ..., None])[0, ..., 0].numpy()

    return enhance


def _by_vectors(network) -> Enhance:
    from srcnn_tf.engines.cpu.inference import vector_enhancer

    known: dict[str, np.ndarray] = {}
    prepared = None

    def enhance(plane: np.ndarray) -> np.ndarray:
        nonlocal known, prepared
        arrays = network.get_arrays()
        if any(not np.array_equal(arrays[name], known.get(name)) for name in arrays):
            known, prepared = arrays, vector_enhancer(network.architecture, arrays)
        return prepared(plane)

    return enhance


def suits_cpu_engine(network: "Srcnn") -> bool:
    """Whether `auto` runs a network by the vector kernels: on a CPU, in float32, of their shape."""
    import tensorflow as tf

    return (
        network.precision == "float32"
        and not tf.config.list_logical_devices("GPU")
        and cpu_engine_runs(network.architecture)
    )


def cpu_engine_runs(architecture: Architecture) -> bool:
    """Whether the vector kernels can run such a network; loads no TensorFlow."""
    from srcnn_tf.engines.cpu.inference import supports

    return supports(architecture)
