"""`imresize`: MATLAB's bicubic resize, exact in float64 and uint8, fast in float32.

The kernel is Keys' cubic with a = -0.5 (R. Keys, "Cubic convolution interpolation for digital
image processing", 1981), stretched by 1/scale when shrinking so that it also low-passes, with edges
mirrored half-sample symmetrically. That stretching ("antialiasing") is what OpenCV's and
TensorFlow's default bicubic leave out, and why only this one reproduces published scores.

Two ways to the same numbers: a gather of weighted rows in float64, whose cost grows with the
number of pixels (float64 and uint8, and float32 where Pillow cannot); and Pillow's resampler on a
mirrored border (float32), which has the same kernel but cuts it off at the edges.
"""

import math

import numpy as np
from PIL import Image

_KERNEL_RADIUS = 2.0
# Rows are resampled in blocks whose working set stays in the second-level cache.
_BLOCK_ELEMENTS = 1 << 15


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
    scales, size = _scales_and_size(image.shape, scale, size)
    if image.dtype == np.float32 and _suits_pillow(scales, size, antialias):
        return _resize_with_pillow(image, scales, size)
    result = image
    for axis in sorted((0, 1), key=lambda axis: scales[axis]):
        result = _resize_axis(result, axis, scales[axis], size[axis], antialias)
    return np.ascontiguousarray(result, dtype=image.dtype)


def _check_image(image: np.ndarray) -> None:
    if image.dtype not in (np.uint8, np.float32, np.float64):
        raise TypeError(f"imresize takes uint8, float32 or float64 images, not {image.dtype}.")
    if image.ndim not in (2, 3) or 0 in image.shape:
        raise ValueError(
            f"imresize takes (H, W) or (H, W, C) images with at least one pixel, not {image.shape}."
        )


def _scales_and_size(shape, scale, size):
    """Returns (row scale, column scale) and (rows, columns) of the result."""
    if (scale is None) == (size is None):
        raise ValueError("imresize takes either a scale or a size, and one of them is needed.")
    if scale is not None:
        scale = float(scale)
        if not (math.isfinite(scale) and scale > 0):
            raise ValueError(f"The scale must be a positive number, not {scale}.")
        return (scale, scale), tuple(math.ceil(scale * side) for side in shape[:2])
    if len(size) != 2 or any(side != int(side) or side < 1 for side in size):
        raise ValueError(f"The size must be two positive integers (rows, columns), not {size}.")
    size = int(size[0]), int(size[1])
    return (size[0] / shape[0], size[1] / shape[1]), size


def _cubic(x: np.ndarray) -> np.ndarray:
    """Keys' cubic kernel with a = -0.5, which is zero from |x| = 2 on."""
    x = np.abs(x)
    near = (1.5 * x - 2.5) * x**2 + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x <= 1, near, np.where(x <= 2, far, 0.0))


def _taps(side: int, new_side: int, scale: float, antialias: bool):
    """Source pixel and weight of every tap: two (taps, new_side) arrays, int64 and float64."""
    stretch = min(scale, 1.0) if antialias else 1.0
    radius = _KERNEL_RADIUS / stretch
    # Centres of the new pixels in the source's coordinates, pixel 0 spanning [-0.5, 0.5].
    centre = (np.arange(new_side) + 0.5) / scale - 0.5
    first = np.floor(centre - radius).astype(np.int64)
    source = first + np.arange(math.ceil(2 * radius) + 2)[:, None]
    weight = _cubic((centre - source) * stretch)
    weight /= weight.sum(axis=0)
    used = weight.any(axis=1)
    source = np.mod(source[used], 2 * side)
    return np.minimum(source, 2 * side - 1 - source), weight[used]


def _resize_axis(image, axis, scale, new_side, antialias):
    """Resamples one axis in float64; uint8 in gives uint8 out, any float gives float64 out."""
    source, weight = _taps(image.shape[axis], new_side, scale, antialias)
    # Whole rows are gathered, so columns are resampled as rows of the transposed image.
    lines = np.ascontiguousarray(np.moveaxis(image, axis, 0))
    flat = lines.reshape(lines.shape[0], -1)
    result = np.empty((new_side, flat.shape[1]), np.uint8 if image.dtype == np.uint8 else float)
    block = max(1, _BLOCK_ELEMENTS // flat.shape[1])
    for start in range(0, new_side, block):
        stop = min(start + block, new_side)
        total = np.zeros((stop - start, flat.shape[1]))
        for pixels, weights in zip(source[:, start:stop], weight[:, start:stop], strict=True):
            total += flat[pixels] * weights[:, None]
        if result.dtype == np.uint8:
            # MATLAB rounds halves away from zero; NumPy's rint would round them to even.
            np.clip(np.floor(total + 0.5, out=total), 0, 255, out=total)
        result[start:stop] = total
    return np.moveaxis(result.reshape((new_side, *lines.shape[1:])), 0, axis)


def _suits_pillow(scales, size, antialias):
    """Whether Pillow computes the same: it always widens the kernel, and its box is float32.

    A box that ends inside a pixel, as of scale 0.37, would be rounded and shift the far pixels.
    """
    extents = [new_side / scale for new_side, scale in zip(size, scales, strict=True)]
    return (antialias or min(scales) >= 1) and np.allclose(extents, np.rint(extents), 0, 1e-7)


def _resize_with_pillow(image, scales, size):
    """Resamples float32 through Pillow, which accumulates in double and keeps float32 between."""
    before, after, box = [], [], []
    for side, new_side, scale in zip(image.shape, size, scales, strict=False):
        extent = new_side / scale
        margin = math.ceil(_KERNEL_RADIUS / min(scale, 1.0)) + 1
        before.append(margin)
        after.append(margin + math.ceil(max(extent - side, 0)))
        box.append((margin, margin + extent))
    (top, bottom), (left, right) = box
    planes = image[..., None] if image.ndim == 2 else image
    result = np.empty((*size, planes.shape[2]), np.float32)
    for channel in range(planes.shape[2]):
        padded = np.pad(planes[..., channel], tuple(zip(before, after, strict=True)), "symmetric")
        resized = Image.fromarray(padded).resize(
            size[::-1], Image.Resampling.BICUBIC, box=(left, top, right, bottom)
        )
        result[..., channel] = np.asarray(resized)
    return result.reshape(size + image.shape[2:])
