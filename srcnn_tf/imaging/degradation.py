"""`degrade`: one high-resolution picture to the pair that a scale trains and scores on."""

from typing import NamedTuple

import numpy as np

from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.cropping import modcrop
from srcnn_tf.imaging.resize import imresize

# What datasets are prepared for, and what the networks that come with the package are for.
SCALES = (2, 3, 4)


class SrPair(NamedTuple):
    """A high-resolution picture, its low-resolution partner, and the luminance planes of both.

    H and W are multiples of the scale s; luminance is BT.601's Y (see `srcnn_tf.imaging.color`).
    """

    hr: np.ndarray  # uint8 (H, W, 3), RGB
    lr: np.ndarray  # uint8 (H/s, W/s, 3), RGB
    hr_y: np.ndarray  # uint8 (H, W, 1), 16..235 (0..255 where the source is its own Y)
    lr_y: np.ndarray  # float32 (H/s, W/s, 1), 1.0 = 255, not quantized
    bicubic_y: np.ndarray  # float32 (H, W, 1), 1.0 = 255, `lr_y` enlarged, not quantized


def degrade(image: np.ndarray, scale: int) -> SrPair:
    """Makes the pair that the SRCNN paper's protocol takes from one picture.

    Args:
      image: uint8 (H, W), (H, W, 1) or (H, W, 3). A single-channel picture is its own Y.
      scale: an integer, at least 1.

    Raises:
      TypeError: the picture is not uint8.
      ValueError: its shape or the scale does not fit, or a side is shorter than the scale.
    """
    cropped, hr_y = _cropped_and_y(image, scale)
    hr = _three_channels(cropped, hr_y)
    lr_y, bicubic_y = degrade_y(hr_y, scale)
    return SrPair(
        hr=hr,
        lr=imresize(hr, 1 / scale),
        hr_y=hr_y[..., None].copy(),
        lr_y=lr_y[..., None],
        bicubic_y=bicubic_y[..., None],
    )


def given_pair(high: np.ndarray, low: np.ndarray, scale: int) -> SrPair:
    """Makes a pair of two pictures, the smaller of which was made by whatever degradation.

    Its luminance has been rounded to 8 bits, as that of any picture, unlike `degrade`'s.

    Args:
      high: uint8 (H, W), (H, W, 1) or (H, W, 3).
      low: uint8, of the same kind, H and W divided by the scale and rounded down.
      scale: an integer, at least 1.

    Raises:
      TypeError: a picture is not uint8.
      ValueError: shapes do not fit each other, or the scale is none.
    """
    cropped, hr_y = _cropped_and_y(high, scale)
    low, low_y = _cropped_and_y(low, 1)
    if low.shape[:2] != tuple(side // scale for side in cropped.shape[:2]) or (
        cropped.shape[2:] == (3,)
    ) != (low.shape[2:] == (3,)):
        raise ValueError(f"{high.shape} is no picture of {low.shape}, enlarged by {scale}.")
    lr_y = low_y / 255.0
    return SrPair(
        hr=_three_channels(cropped, hr_y),
        lr=_three_channels(low, low_y),
        hr_y=hr_y[..., None].copy(),
        lr_y=lr_y.astype(np.float32)[..., None],
        bicubic_y=imresize(lr_y, scale).astype(np.float32)[..., None],
    )


def luminance_pair(image: np.ndarray, scale: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns `hr_y` and `bicubic_y` of a picture's pair, without computing the rest.

    Args:
      image: as for `degrade`, which also says what is raised.
      scale: likewise.

    Returns:
      uint8 (H, W, 1) and float32 (H, W, 1), as in `SrPair`.
    """
    _, hr_y = _cropped_and_y(image, scale)
    return hr_y[..., None], degrade_y(hr_y, scale)[1][..., None]


def degrade_y(hr_y: np.ndarray, scale: int) -> tuple[np.ndarray, np.ndarray]:
    """Shrinks a Y plane, or several of color, and enlarges it again, without quantizing in between.

    Args:
      hr_y: uint8 (H, W) or (H, W, C), sides multiples of `scale`.
      scale: an integer, at least 1.

    Returns:
      `lr_y` float32 (H/scale, W/scale) and `bicubic_y` float32 (H, W), 1.0 = 255, with C where
      there is one. Both are computed in float64 and rounded to float32 once, so that they do not
      depend on Pillow's version.
    """
    lr_y = imresize(hr_y / 255.0, 1 / scale)
    bicubic_y = imresize(lr_y, scale)
    return lr_y.astype(np.float32), bicubic_y.astype(np.float32)


def shrink_y(hr_y: np.ndarray, scale: int) -> np.ndarray:
    """Returns `lr_y` of `degrade_y` alone: float32 (H/scale, W/scale), or C of it, 1.0 = 255."""
    return imresize(hr_y / 255.0, 1 / scale).astype(np.float32)


def _three_channels(image, y):
    color = image.shape[2:] == (3,)
    return np.ascontiguousarray(image if color else np.repeat(y[..., None], 3, axis=2))


def _cropped_and_y(image, scale):
    """Checks a picture and returns it, cropped, and its Y plane."""
    image = np.asarray(image)
    if image.dtype != np.uint8:
        raise TypeError(f"degrade takes uint8 pictures, not {image.dtype}.")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in (1, 3)):
        raise ValueError(f"degrade takes gray or RGB pictures, not arrays of {image.shape}.")
    if scale != int(scale) or scale < 1:
        raise ValueError(f"The scale must be a positive integer, not {scale}.")
    cropped = modcrop(image, int(scale))
    if cropped.shape[2:] == (3,):
        return cropped, rgb_to_y(cropped)
    return cropped, cropped.reshape(cropped.shape[:2])
