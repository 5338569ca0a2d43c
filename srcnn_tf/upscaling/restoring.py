"""Shrinking a picture, enlarging it again, and scoring what comes back against the original."""

import os
from typing import NamedTuple

import numpy as np

from srcnn_tf.evaluation.inputs import restored
from srcnn_tf.evaluation.quality import Quality
from srcnn_tf.evaluation.scoring import score
from srcnn_tf.files.image_files import ImageFileError, read_image
from srcnn_tf.files.picture_source import Memory
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.imaging.luma import LumaToRgb
from srcnn_tf.upscaling.enlarging import Enlarger


class Restored(NamedTuple):
    """A picture and what bicubic and the network made of its shrunken copy.

    The pictures are uint8 (H, W, C) with C = 1 gray or 3 RGB, cropped to multiples of the scale.
    """

    original: np.ndarray
    bicubic: np.ndarray
    network: np.ndarray
    bicubic_quality: Quality
    network_quality: Quality


def restore(path: str | os.PathLike | Memory, enlarger: Enlarger) -> Restored:
    """Restores one picture under the paper's protocol, as `bin/benchmark` scores it.

    The luminance is exactly that of the benchmark, from 8-bit pixels and without alpha; the colors
    are those of `LumaToRgb`.

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
    network_y = restored(enlarger, pair, enlarger.run)
    color = LumaToRgb(pair.hr if image.ndim == 3 else hr_y, hr_y, scale)
    pictures = (color.original, color(bicubic_y), color(network_y))
    return Restored(
        *(np.atleast_3d(picture) for picture in pictures),
        score(bicubic_y, hr_y, scale),
        score(network_y, hr_y, scale),
    )
