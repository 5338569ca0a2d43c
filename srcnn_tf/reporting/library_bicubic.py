"""Bicubic as several libraries have it: shrinking and enlarging, and the kernel they shrink by.

All are called "bicubic" and none but MATLAB's reproduces published scores: OpenCV and TensorFlow's
default do not widen the kernel when they shrink, so that what is finer than the new pixels comes
back as false patterns, and OpenCV's kernel is another one (a = -0.75).
"""

from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image

from srcnn_tf.imaging.resize import imresize

# Takes float32 (H, W) and (rows, columns), returns float32 of that size; nothing is clipped.
Resize = Callable[[np.ndarray, tuple[int, int]], np.ndarray]

MATLAB, PILLOW, OPENCV = "MATLAB", "Pillow", "OpenCV"
TENSORFLOW, TENSORFLOW_ANTIALIAS = "TensorFlow", "TensorFlow, antialias=True"


def libraries(tensorflow: bool = True) -> dict[str, Resize]:
    """Returns the resizes of the libraries that are installed, by name; MATLAB's is our `imresize`.

    Args:
      tensorflow: whether to include TensorFlow's two, which loads it.
    """
    found = {MATLAB: lambda plane, size: imresize(plane, size=size), PILLOW: _pillow}
    try:
        import cv2
    except ImportError:
        pass
    else:
        found[OPENCV] = lambda plane, size: cv2.resize(
            plane, size[::-1], interpolation=cv2.INTER_CUBIC
        )
    if tensorflow:
        found[TENSORFLOW_ANTIALIAS] = lambda plane, size: _tensorflow(plane, size, True)
        found[TENSORFLOW] = lambda plane, size: _tensorflow(plane, size, False)
    return found


def down_and_up(resize: Resize, hr_y: np.ndarray, scale: int) -> np.ndarray:
    """Shrinks and enlarges a uint8 (H, W) plane by one library, sides multiples of `scale`.

    Returns:
      float32 (H, W), 1.0 = 255. Nothing is rounded in between, so that kernels alone are compared.
    """
    rows, columns = hr_y.shape
    small = resize(hr_y / np.float32(255), (rows // scale, columns // scale))
    return np.asarray(resize(small, (rows, columns)), np.float32)


def baselines(hr_y: np.ndarray, scale: int, resizes: Mapping[str, Resize]) -> dict[str, np.ndarray]:
    """Applies `down_and_up` of every library."""
    return {name: down_and_up(resize, hr_y, scale) for name, resize in resizes.items()}


def shrinking_weights(resize: Resize, scale: int) -> tuple[np.ndarray, np.ndarray]:
    """Measures how much each old pixel counts in one new pixel, by shrinking single bright pixels.

    Returns:
      Distances of the old pixels from the new one's center, in old pixels, and their weights, which
      add up to 1: two float64 arrays of one length.
    """
    small = 16
    side = small * scale
    # Row i is bright at its pixel i only; after shrinking it holds that pixel's weights.
    impulses = np.eye(side, dtype=np.float32)
    weights = np.asarray(resize(impulses, (side, small)), np.float64)[:, small // 2]
    center = (small // 2 + 0.5) * scale - 0.5
    return np.arange(side) - center, weights


def _pillow(plane, size):
    return np.asarray(Image.fromarray(plane).resize(size[::-1], Image.Resampling.BICUBIC))


def _tensorflow(plane, size, antialias):
    import tensorflow as tf

    resized = tf.image.resize(plane[..., None], size, method="bicubic", antialias=antialias)
    return resized[..., 0].numpy()
