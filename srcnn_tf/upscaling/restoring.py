"""Shrinking a picture, enlarging it again, and scoring what comes back against the original."""

import os
from typing import NamedTuple

import numpy as np

from srcnn_tf.evaluation.scoring import Quality, score
from srcnn_tf.files.image_files import ImageFileError, read_image
from srcnn_tf.imaging.color import rgb_to_ycbcr, ycbcr_to_rgb
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.upscaling.enlarging import Enlarger, quantize


class Restored(NamedTuple):
    """A picture and what bicubic and the network made of its shrunken copy.

    The pictures are uint8 (H, W, C) with C = 1 gray or 3 RGB, cropped to multiples of the scale.
    """

    original: np.ndarray
    bicubic: np.ndarray
    network: np.ndarray
    bicubic_quality: Quality
    network_quality: Quality


def restore(path: str | os.PathLike, enlarger: Enlarger) -> Restored:
    """Restores one picture under the paper's protocol, as `bin/benchmark` scores it.

    The luminance is exactly that of the benchmark, from 8-bit pixels and without alpha. Cb and Cr
    are shrunk and enlarged by bicubic in floating point.

    Raises:
      ImageFileError: the picture cannot be read, or is smaller than the scale.
    """
    scale = enlarger.scale
    image = read_image(path)
    if min(image.shape[:2]) < scale:
        raise ImageFileError(
            f"{path} has {image.shape[1]} x {image.shape[0]} pixels, too few to be shrunk by "
            f"{scale}; leave it out."
        )
    pair = degrade(image, scale)
    hr_y, bicubic_y = pair.hr_y[..., 0], pair.bicubic_y[..., 0]
    network_y = enlarger.sharpen(bicubic_y)
    if image.ndim == 2:
        chroma = None
    else:
        chroma = rgb_to_ycbcr(pair.hr / 255.0)[..., 1:]
        chroma = imresize(imresize(chroma, 1 / scale), scale)
    return Restored(
        pair.hr if image.ndim == 3 else pair.hr_y,
        _picture(bicubic_y, chroma),
        _picture(network_y, chroma),
        score(bicubic_y, hr_y, scale),
        score(network_y, hr_y, scale),
    )


def _picture(luminance: np.ndarray, chroma: np.ndarray | None) -> np.ndarray:
    """Joins Y and (Cb, Cr), floats with 1.0 = 255, to uint8 RGB; without chroma to gray."""
    planes = luminance[..., None].astype(np.float64)
    if chroma is not None:
        planes = ycbcr_to_rgb(np.concatenate([planes, chroma], axis=2))
    return quantize(planes, np.uint8)
