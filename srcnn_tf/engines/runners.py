"""`runner`: the one place that chooses what runs a network over a picture's planes.

Three engines give the same values but for rounding: `cpu`, kernels compiled for the processor at
hand, several times faster than the others where they know the architecture; `tensorflow`, on any
device; and `numpy`, slow, for every architecture. Each is loaded when it is first used.
"""

import contextlib
import functools
import importlib.util
import logging
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from srcnn_tf.engines.devices import engine_name, may_have_gpu
from srcnn_tf.imaging import dihedral
from srcnn_tf.imaging.color_modes import ColorMode
from srcnn_tf.networks.architecture import Architecture
from srcnn_tf.networks.network import Network

if TYPE_CHECKING:
    from srcnn_tf.engines.keras_models import SuperResolutionModel

_LOGGER = logging.getLogger(__name__)
BFLOAT16 = "mixed_bfloat16"
# Held by whoever has a plane on the GPU.
_GPU = threading.Lock()
# From a float32 plane to a float32 plane; of networks in color from (H, W, 3) to such.
PlaneFunction = Callable[[np.ndarray], np.ndarray]


class Runner:
    """A network at work: a function from a float32 plane, 1.0 = 255, to the restored plane.

    A network on the bicubic grid takes a plane (H, W) that is enlarged already and keeps its size;
    one on the low grid takes the small plane and returns `upscale` times as many rows and columns.
    Values are not clipped. A network in color takes and gives three planes, (H, W, 3), of its
    `architecture.color`.

    Attributes:
      architecture: of the network.
      engine: what runs it: `cpu`, `tensorflow` or `numpy`.
      halo: how far, in pixels of its input, it looks around a pixel; the network's, or more.
    """

    def __init__(
        self, architecture: Architecture, engine: str, run: PlaneFunction, halo: int | None = None
    ):
        """Takes what runs a plane; use `runner`, which chooses it."""
        self.architecture = architecture
        self.engine = engine
        self.halo = architecture.halo if halo is None else halo
        self._run = run

    @property
    def grid(self) -> str:
        """Which plane it takes: `bicubic` or `low`."""
        return self.architecture.grid

    @property
    def color_mode(self) -> ColorMode:
        """Which planes it takes and gives."""
        return self.architecture.color_mode

    def __call__(self, plane: np.ndarray) -> np.ndarray:
        """Returns a float32 plane; see the class.

        Raises:
          ValueError: the array is not one plane of floats, or three for a network in color.
        """
        plane = np.asarray(plane)
        axes = self.color_mode.plane_axes
        if plane.ndim < 2 or plane.shape[2:] != axes or plane.dtype.kind != "f":
            if axes:
                raise ValueError(
                    f"{self.architecture.name} takes three planes (H, W, 3), "
                    f"{self.architecture.color}, of floats with white at 1.0, not {plane.dtype} "
                    f"{plane.shape}; or use `upscale`."
                )
            raise ValueError(
                "A runner takes one plane (H, W) of floats with white at 1.0, not "
                f"{plane.dtype} {plane.shape}: of a color picture take Y, and divide integers by "
                "their white; or use `upscale`."
            )
        return self._run(plane)


def runner(
    network: "Network | SuperResolutionModel",
    engine: str = "auto",
    precision: str = "float32",
    device: str = "auto",
) -> Runner:
    """Returns what runs a network over planes.

    Args:
      network: a `Network`; or a Keras model, whose weights it follows: after a training step it
        gives the new network's output.
      engine: `cpu`, `tensorflow`, `numpy`, or `auto`, which is `cpu` where there is no GPU and the
        kernels can run the architecture in this precision, else `tensorflow`, or `numpy` where
        that is not installed.
      precision: of a `Network`: what all layers but the last may compute in. `mixed_bfloat16` is
        for TensorFlow, and for the CPU engine where the processor has such products: these alone
        are rounded, sums and what lies between layers stay float32. `mixed_float16` is for
        TensorFlow. A model has its own, and if it is a mixed one, `auto` leaves it to TensorFlow.
      device: `cpu`, `gpu` or `auto`; whether to look for a GPU.

    Raises:
      ValueError: no such engine, or it cannot run this network.
    """
    network_precision = precision if isinstance(network, Network) else network.precision
    if not isinstance(network, Network) and network_precision != "float32" and engine == "auto":
        engine = "tensorflow"  # As it was trained.
    engine = choose_engine(network.architecture, engine, network_precision, device)
    return Runner(network.architecture, engine, _ENGINES[engine](network, network_precision))


def choose_engine(
    architecture: Architecture, engine: str, precision: str = "float32", device: str = "auto"
) -> str:
    """Returns the engine that `runner` takes: `cpu`, `tensorflow` or `numpy`.

    TensorFlow is loaded only to be asked for a GPU, where there may be one.

    Raises:
      ValueError: as `runner` does.
    """
    engine = engine_name(engine)
    if engine == "auto":
        return _automatic_engine(architecture, precision, device)
    if engine == "cpu" and precision == BFLOAT16:
        reason = _why_no_bfloat16(architecture)
        if reason:
            raise ValueError(f"The CPU engine cannot compute in {precision}: {reason}.")
    elif engine != "tensorflow" and precision != "float32":
        raise ValueError(f"The {engine} engine computes in float32; {precision} needs TensorFlow.")
    if engine == "cpu" and not cpu_engine_runs(architecture):
        raise ValueError(
            f"The CPU engine cannot run a {architecture.name}; choose the engine auto, tensorflow "
            "or numpy."
        )
    return engine


def _automatic_engine(architecture, precision, device):
    if precision not in ("float32", BFLOAT16):
        return "tensorflow"
    if _has_tensorflow() and device != "cpu" and _has_gpu():
        return "tensorflow"
    if precision == "float32":
        has_kernels = cpu_engine_runs(architecture)
        return "cpu" if has_kernels else "tensorflow" if _has_tensorflow() else "numpy"
    reason = _why_no_bfloat16(architecture)
    if reason:
        _warn_once(f"{precision} by TensorFlow, slower than float32 by the CPU engine: {reason}")
    return "tensorflow" if reason else "cpu"


def needs_tensorflow(
    architecture: Architecture, precision: str = "float32", device: str = "auto"
) -> bool:
    """Whether `runner` loads TensorFlow by itself, which takes seconds and may want preparation."""
    if device == "gpu" or precision not in ("float32", BFLOAT16):
        return True
    if precision == BFLOAT16 and _why_no_bfloat16(architecture):
        return True
    if not _has_tensorflow():
        return False
    return not cpu_engine_runs(architecture) or (device == "auto" and may_have_gpu())


def _why_no_bfloat16(architecture: Architecture) -> str:
    from srcnn_tf.engines.cpu.choosing import why_no_bfloat16

    return why_no_bfloat16(architecture)


@functools.cache
def _warn_once(sentence: str) -> None:
    _LOGGER.warning("%s", sentence)


def cpu_engine_runs(architecture: Architecture) -> bool:
    """Whether the CPU engine has kernels for an architecture; loads no TensorFlow."""
    from srcnn_tf.engines.cpu.choosing import runs

    return runs(architecture)


@overload
def self_ensemble(run: Runner) -> Runner: ...


@overload
def self_ensemble(run: PlaneFunction) -> PlaneFunction: ...


def self_ensemble(run):
    """Averages a runner over the eight flips and rotations of the plane (arXiv:1511.02228).

    Args:
      run: a `Runner`, or any function from plane to plane.

    Returns:
      A `Runner` of the same architecture; for another function, a function.
    """

    def run_all(plane: np.ndarray) -> np.ndarray:
        total = np.zeros((), np.float64)
        for code in range(dihedral.COUNT):
            restored = run(np.ascontiguousarray(dihedral.transform(code, plane)))
            total = total + dihedral.transform(dihedral.inverse(code), restored)
        return (total / dihedral.COUNT).astype(np.float32)

    if isinstance(run, Runner):
        return Runner(run.architecture, run.engine, run_all, run.halo)
    return run_all


def plane_enhancer(network: "Network | SuperResolutionModel", engine: str = "auto") -> Runner:
    """Returns `runner(network, engine)`; its name while there was one kind of network."""
    return runner(network, engine)


def _has_tensorflow() -> bool:
    if "tensorflow" in sys.modules:
        return sys.modules["tensorflow"] is not None
    return importlib.util.find_spec("tensorflow") is not None


def _has_gpu() -> bool:
    if "tensorflow" not in sys.modules and not may_have_gpu():
        return False
    import tensorflow as tf

    return bool(tf.config.list_logical_devices("GPU"))


def _by_tensorflow(network, precision) -> PlaneFunction:
    import tensorflow as tf

    from srcnn_tf.engines import keras_models

    if isinstance(network, Network):
        network = keras_models.keras_model(network, precision)
    # Traced once for planes of all sizes; without XLA, which would compile anew for every size.
    channels = network.architecture.channels
    compiled = tf.function(
        network, input_signature=[tf.TensorSpec([None, None, None, channels], tf.float32)]
    )

    # Memory is reckoned for one plane at a time, whoever else has one ready.
    turn = _GPU if _has_gpu() else contextlib.nullcontext()

    def run(plane: np.ndarray) -> np.ndarray:
        if 0 in plane.shape:
            sides = (network.architecture.upscale * side for side in plane.shape[:2])
            return np.empty((*sides, *plane.shape[2:]), np.float32)
        planes = np.atleast_3d(np.asarray(plane, np.float32))[None]
        with turn:
            result = compiled(planes)[0]
            return (result[..., 0] if plane.ndim == 2 else result).numpy()

    return run


def _by_cpu(network, precision) -> PlaneFunction:
    from srcnn_tf.engines.cpu.choosing import cpu_runner

    return _following(network, functools.partial(cpu_runner, bfloat16=precision == BFLOAT16))


def _by_numpy(network, _) -> PlaneFunction:
    from srcnn_tf.engines.numpy_engine import numpy_runner

    return _following(network, numpy_runner)


def _following(network, make: Callable[..., PlaneFunction]) -> PlaneFunction:
    """Prepares a network's weights, and those of a model again whenever they have changed."""
    if isinstance(network, Network):
        return make(network.architecture, network.arrays)
    known: dict[str, Any] = network.get_arrays()
    prepared = make(network.architecture, known)

    def run(plane: np.ndarray) -> np.ndarray:
        nonlocal known, prepared
        arrays = network.get_arrays()
        if any(not np.array_equal(arrays[name], known[name]) for name in arrays):
            known, prepared = arrays, make(network.architecture, arrays)
        return prepared(plane)

    return run


_ENGINES = {"cpu": _by_cpu, "tensorflow": _by_tensorflow, "numpy": _by_numpy}
