"""A network over a picture by NumPy alone: for any architecture, and where TensorFlow is missing.

It is also what the other engines are compared with.
"""

from collections.abc import Callable, Mapping

import numpy as np

from srcnn_tf.imaging.resize import imresize
from srcnn_tf.networks.architecture import Architecture, Layer

# Floats of unfolded neighborhoods that are multiplied at a time: they stay in a core's cache.
_BLOCK = 1 << 18


def numpy_runner(
    architecture: Architecture, arrays: Mapping[str, np.ndarray]
) -> Callable[[np.ndarray], np.ndarray]:
    """Returns a function from a float32 (H, W) plane to one (uH, uW), u being `upscale`.

    In color planes are (H, W, 3) and (uH, uW, 3).

    Args:
      architecture: any.
      arrays: float32 weights by the names of `Architecture.array_shapes`.
    """

    def run(plane: np.ndarray) -> np.ndarray:
        plane = np.ascontiguousarray(plane, np.float32)
        if not plane.size:
            sides = [side * architecture.upscale for side in plane.shape[:2]]
            return np.empty((*sides, *plane.shape[2:]), np.float32)
        return _pixels(architecture, plane, feature_maps(architecture, arrays, plane)[-1])

    return run


def feature_maps(
    architecture: Architecture, arrays: Mapping[str, np.ndarray], plane: np.ndarray
) -> list[np.ndarray]:
    """Returns what each layer gives, float32 (H, W, filters), for a float32 (H, W) plane.

    In color it takes (H, W, 3).
    """
    results = [np.atleast_3d(plane)]
    for number, layer in enumerate(architecture.layers, start=1):
        outputs = convolve(results[-1], arrays[f"conv{number}/kernel"])
        outputs += arrays[f"conv{number}/bias"]
        if layer.skip:
            outputs += results[number - layer.skip]
        results.append(_activate(layer, outputs, arrays.get(f"conv{number}/slope")))
    return results[1:]


def convolve(planes: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Correlates float32 (H, W, C), extended by its edge pixels, with (k, k, C, F): (H, W, F)."""
    height, width, channels = planes.shape
    side, filters = kernel.shape[0], kernel.shape[3]
    border = side // 2
    padded = np.pad(planes, ((border, border), (border, border), (0, 0)), mode="edge")
    matrix = kernel.reshape(-1, filters)
    result = np.empty((height, width, filters), np.float32)
    rows = max(1, _BLOCK // (width * side * side * channels))
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        windows = np.lib.stride_tricks.sliding_window_view(
            padded[top : bottom + 2 * border], (side, side), axis=(0, 1)
        )
        unfolded = windows.transpose(0, 1, 3, 4, 2).reshape(-1, len(matrix))
        result[top:bottom] = (unfolded @ matrix).reshape(bottom - top, width, filters)
    return result


def _activate(layer: Layer, values: np.ndarray, slope: np.ndarray | None) -> np.ndarray:
    if layer.activation == "relu":
        return np.maximum(values, 0, out=values)
    if layer.activation == "tanh":
        return np.tanh(values, out=values)
    if layer.activation == "prelu":
        return np.maximum(values, 0) + slope * np.minimum(values, 0)
    return values


def _pixels(architecture: Architecture, plane: np.ndarray, channels: np.ndarray) -> np.ndarray:
    """Turns the last layer's channels into pixels, and adds the global skip."""
    skip, scale = architecture.global_skip, architecture.upscale
    if skip != "none" and (skip == "nearest" or scale == 1):
        channels = channels + np.tile(np.atleast_3d(plane), scale**2)
    height, width, _ = channels.shape
    blocks = channels.reshape(height, width, scale, scale, -1).transpose(0, 2, 1, 3, 4)
    sides = height * scale, width * scale
    result = np.ascontiguousarray(blocks.reshape(*sides, *plane.shape[2:]))
    if skip == "bicubic" and scale > 1:
        result += imresize(plane, scale)
    return result
