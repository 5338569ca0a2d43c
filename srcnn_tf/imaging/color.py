"""ITU-R BT.601 RGB <-> YCbCr in studio range, as MATLAB's `rgb2ycbcr` and `ycbcr2rgb`.

Y is in 16..235 and Cb, Cr in 16..240 for uint8; floats are the same divided by 255. This is the
standard that super-resolution papers score on. OpenCV's and Pillow's YCbCr are the full-range JPEG
variant (Y in 0..255) and give other scores.
"""

import numpy as np

# RGB in [0, 1] to Y, Cb, Cr in 16..240, without the offset (BT.601, as MATLAB writes it).
_TO_YCBCR = np.array(
    [[65.481, 128.553, 24.966], [-37.797, -74.203, 112.0], [112.0, -93.786, -18.214]]
)
_TO_RGB = np.linalg.inv(_TO_YCBCR)
_OFFSET = np.array([16.0, 128.0, 128.0])
# From 0..255 to 0..255, as MATLAB scales them: the product with 1 / 255, not the quotient by 255.
_FORWARD = _TO_YCBCR * (1 / 255), _OFFSET
# Pixels that are converted at a time: three times faster than whole pictures at once.
_BLOCK = 1 << 14
_BACKWARD = 255 * _TO_RGB, -255 * (_TO_RGB @ _OFFSET)
# Y without its offset, stretched to the full range: 0.299, 0.587, 0.114.
_GRAY = _TO_YCBCR[:1] / _TO_YCBCR[0].sum(), np.zeros(1)


def rgb_to_ycbcr(image: np.ndarray) -> np.ndarray:
    """Converts (..., 3) RGB to YCbCr of the same shape and dtype.

    Args:
      image: uint8 in 0..255 (the result is rounded, as MATLAB's), or float32/float64 with white at
        1.0 (the result is not rounded and not clipped: Y in 16/255..235/255).

    Raises:
      TypeError: another dtype.
      ValueError: the last axis does not hold three channels.
    """
    return _convert(image, *_FORWARD)


def rgb_to_y(image: np.ndarray) -> np.ndarray:
    """Converts (..., 3) RGB to the Y of `rgb_to_ycbcr`, of shape (...); raises as that does."""
    weights, offsets = _FORWARD
    return _convert(image, weights[:1], offsets[:1])[..., 0]


def rgb_to_gray(image: np.ndarray) -> np.ndarray:
    """Converts (..., 3) RGB to BT.601's gray in the full range, of shape (...).

    Y, 16..235, stretched to 0..255: where three channels are equal it is what they are. Raises as
    `rgb_to_ycbcr` does.
    """
    return _convert(image, *_GRAY)[..., 0]


def ycbcr_to_rgb(image: np.ndarray) -> np.ndarray:
    """Converts (..., 3) YCbCr to RGB: the inverse of `rgb_to_ycbcr`, of the same shape and dtype.

    uint8 is rounded and clipped to 0..255; floats are neither, so that colors outside RGB survive
    a way there and back. Raises as `rgb_to_ycbcr` does.
    """
    return _convert(image, *_BACKWARD)


def _convert(image, weights, offsets):
    """Computes (..., planes), each a weighted sum of the three channels and an offset in 0..255."""
    image = np.asarray(image)
    if image.dtype not in (np.uint8, np.float32, np.float64):
        raise TypeError(f"Colors must be uint8, float32 or float64, not {image.dtype}.")
    if image.ndim == 0 or image.shape[-1] != 3:
        raise ValueError(f"Colors must have three channels in the last axis, not {image.shape}.")
    if image.dtype != np.uint8:
        offsets = offsets * (1 / 255)
    result = np.empty((*image.shape[:-1], len(weights)), image.dtype)
    pixels, converted = image.reshape(-1, 3), result.reshape(-1, len(weights))
    for begin in range(0, len(pixels), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        _convert_block(pixels[block].T.astype(np.float64), weights, offsets, converted[block])
    return result


def _convert_block(channels, weights, offsets, result):
    """Fills (pixels, planes) from float64 (3, pixels), few enough to stay in a core's cache."""
    total, product = np.empty_like(channels[0]), np.empty_like(channels[0])
    for plane, (factors, offset) in enumerate(zip(weights, offsets, strict=True)):
        # Added in MATLAB's order, since colors midway between two levels are rounded by the last
        # bit. A matrix product has no fixed order: it may differ by shape and machine.
        np.multiply(channels[0], factors[0], out=total)
        for channel, factor in zip(channels[1:], factors[1:], strict=True):
            total += np.multiply(channel, factor, out=product)
        total += offset
        if result.dtype == np.uint8:
            # MATLAB rounds halves away from zero; values here are positive after clipping.
            np.floor(np.clip(total, 0, 255, out=total) + 0.5, out=total)
        result[:, plane] = total
