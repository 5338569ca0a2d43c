"""`imresize`: MATLAB's bicubic resize, exact in float64 and uint8, fast in float32.

The kernel is Keys' cubic with a = -0.5 (R. Keys, "Cubic convolution interpolation for digital
image processing", 1981), stretched by 1/scale when shrinking so that it also low-passes, with edges
mirrored half-sample symmetrically. That stretching ("antialiasing") is what OpenCV's and
TensorFlow's default bicubic leave out, and why only this one reproduces published scores.

Two ways to the same numbers: `exact_resampling`, whose cost grows with the number of pixels
(float64 and uint8, and float32 where Pillow cannot); and `pillow_resampling` (float32), which
mirrors the borders, since Pillow has the same kernel but cuts it off at the edges.
"""

import functools
import math

import numpy as np

from srcnn_tf.imaging import exact_resampling, pillow_resampling


def imresize(
    image: np.ndarray,
    scale: float | None = None,
    size: tuple[int, int] | None = None,
    antialias: bool = True,
) -> np.ndarray:
    """Resizes an image as MATLAB's `imresize(image, ..., 'bicubic')` does.

    Args:
      image: (H, W) or (H, W, C); uint8, float32 or float64. Floats of any range; none is clipped.
      scale: factor for both sides; the result has `ceil(scale * side)` pixels a side, as MATLAB's.
      size: (rows, columns) of the result, instead of `scale`.
      antialias: whether the kernel widens when shrinking; MATLAB's default is True.

    Returns:
      The resized image, of the input's dtype and number of dimensions. uint8 is rounded (half up)
      and clipped after each of the two passes, as MATLAB does; the side with the smaller scale is
      resampled first, rows first if the scales are equal.

    Raises:
      TypeError: the dtype is not one of the three.
      ValueError: the shape, scale or size is not usable, or not exactly one of the two is given.
    """
    image = np.asarray(image)
    _check_image(image)
    wanted = None if size is None else tuple(size)
    scales, size, suits_pillow = _plan(image.shape[:2], scale, wanted, antialias)
    if image.dtype == np.float32 and suits_pillow:
        return pillow_resampling.resample(image, scales, size)
    return exact_resampling.resample(image, scales, size, antialias)


def _check_image(image: np.ndarray) -> None:
    if image.dtype not in (np.uint8, np.float32, np.float64):
        raise TypeError(f"imresize takes uint8, float32 or float64 images, not {image.dtype}.")
    if image.ndim not in (2, 3) or 0 in image.shape:
        raise ValueError(
            f"imresize takes (H, W) or (H, W, C) images with at least one pixel, not {image.shape}."
        )


# Cached, since small pictures would notice the time that this takes.
@functools.lru_cache(maxsize=256)
def _plan(sides, scale, size, antialias):
    """Returns (row scale, column scale), (rows, columns) of the result, and if Pillow can do it."""
    if (scale is None) == (size is None):
        raise ValueError("imresize takes either a scale or a size, and one of them is needed.")
    if scale is not None:
        scale = float(scale)
        if not (math.isfinite(scale) and scale > 0):
            raise ValueError(f"The scale must be a positive number, not {scale}.")
        scales, size = (scale, scale), tuple(math.ceil(scale * side) for side in sides)
    else:
        if len(size) != 2 or any(side != int(side) or side < 1 for side in size):
            raise ValueError(f"The size must be two positive integers (rows, columns), not {size}.")
        size = int(size[0]), int(size[1])
        scales = size[0] / sides[0], size[1] / sides[1]
    return scales, size, pillow_resampling.suits_pillow(scales, size, antialias)
