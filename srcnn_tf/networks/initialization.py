"""The arrays that training starts from (NumPy only)."""

import numpy as np

from srcnn_tf.imaging.phases import REACH, bicubic_phases
from srcnn_tf.networks.architecture import Architecture

INITIALIZATIONS = ("identity", "he", "paper")
# Of PReLU, as arXiv:1502.01852 has it.
_SLOPE = 0.25


def draw_arrays(
    network: Architecture, initialization: str = "identity", seed: int = 0
) -> dict[str, np.ndarray]:
    """Draws a network's float32 arrays, keyed as by `Architecture.array_shapes`.

    Args:
      network: the architecture.
      initialization: `paper` draws every weight from N(0, 0.001) (arXiv:1501.00092, section 4.1);
        `he` from N(0, 2 / fan-in) (arXiv:1502.01852); `identity` is `he` with a last layer near
        zero and, where the network adds no global skip, one filter per layer and plane that passes
        that through, which the last layer enlarges: by bicubic if its filters are large enough,
        else bilinear. So the network begins at the quality of its input, enlarged. Biases are zero,
        PReLU's slopes 0.25.
      seed: the same seed gives the same arrays, whatever the versions of TensorFlow and Keras.

    Raises:
      ValueError: no such initialization.
    """
    if initialization not in INITIALIZATIONS:
        raise ValueError(
            f"There is no initialization {initialization!r}; use one of {INITIALIZATIONS}."
        )
    random = np.random.Generator(np.random.PCG64(seed))
    arrays = {}
    last = len(network.layers)
    # A layer narrower than the picture passes what it can.
    paths = min(network.channels, *network.filters)
    for number, (layer, shape) in enumerate(
        zip(network.layers, network.kernel_shapes, strict=True), start=1
    ):
        rows, columns, inputs, filters = shape
        deviation = np.sqrt(2 / (rows * columns * inputs))
        if initialization == "paper":
            deviation = 0.001
        elif initialization == "identity" and number == last:
            # Near zero, so that the filters that are not yet trained do not tint the picture.
            deviation = 0.0001
        kernel = random.normal(0, deviation, shape)
        if initialization == "identity" and network.global_skip == "none":
            kernel[..., :paths] = 0
            for path in range(paths):
                kernel[rows // 2, columns // 2, path, path] = 1
            if number == last:
                # The first channels, enlarged, and a little of the others.
                kernel[:, :, :paths, :] = 0
                for path in range(paths):
                    enlarged = _enlarging(rows, network.upscale)
                    kernel[:, :, path, path :: network.channels] = enlarged
                kernel[:, :, paths:, :] = random.normal(
                    0, deviation, (rows, columns, inputs - paths, filters)
                )
        arrays[f"conv{number}/kernel"] = kernel.astype(np.float32)
        arrays[f"conv{number}/bias"] = np.zeros(filters, np.float32)
        if layer.activation == "prelu":
            arrays[f"conv{number}/slope"] = np.full(filters, _SLOPE, np.float32)
    return arrays


def _enlarging(side: int, scale: int) -> np.ndarray:
    """Filters (side, side, scale^2) that enlarge a plane once `depth_to_space` follows."""
    offsets = np.arange(side) - side // 2
    if side > 2 * REACH:
        phases = np.zeros((scale, side))
        phases[:, np.abs(offsets) <= REACH] = bicubic_phases(scale)
    else:
        places = (np.arange(scale) + 0.5) / scale - 0.5
        if side == 1:
            places[:] = 0
        phases = np.maximum(0, 1 - np.abs(places[:, None] - offsets))
    return np.einsum("pr,qc->rcpq", phases, phases).reshape(side, side, scale * scale)
