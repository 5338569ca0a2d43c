"""Scoring a network on whole pictures under the SRCNN paper's protocol."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from srcnn_tf.engines.runner import Enhance
from srcnn_tf.evaluation.metrics import psnr, ssim
from srcnn_tf.imaging.cropping import shave

if TYPE_CHECKING:
    # Scoring a picture at hand needs no TensorFlow, which the pipeline loads.
    from srcnn_tf.data.pipeline import EvaluationPicture

PROTOCOL = (
    "Y of BT.601 -> modcrop(s) -> single / 255 -> MATLAB bicubic down and up by s -> network -> "
    "x 255, round, clip to uint8 -> shave s pixels -> PSNR, SSIM; mean over pictures"
)


class Quality(NamedTuple):
    """PSNR in dB and SSIM of one picture, or their means over several."""

    psnr: float
    ssim: float


class PictureScore(NamedTuple):
    """Quality of one picture, as bicubic and as the network gives it."""

    filename: str
    bicubic: Quality
    network: Quality | None


def score(plane: np.ndarray, hr_y: np.ndarray, scale: int) -> Quality:
    """Scores a float plane (H, W), 1.0 = 255, against the uint8 original, both shaved by `scale`.

    A picture too small for SSIM's 11 x 11 window has an SSIM of NaN.
    """
    # As the authors' uint8(): halves go away from zero, and rint would take them to even.
    quantize = np.clip(np.floor(plane.astype(np.float64) * 255 + 0.5), 0, 255)
    reference, quantize = shave(hr_y, scale), shave(quantize, scale)
    large = min(reference.shape) >= 11
    return Quality(psnr(reference, quantize), ssim(reference, quantize) if large else np.nan)


def evaluate(
    pictures: Iterable["EvaluationPicture"], scale: int, enhance: Enhance | None = None
) -> list[PictureScore]:
    """Scores bicubic, and the network if given, on every picture.

    Args:
      pictures: from `pipeline.read_pictures`.
      scale: how many pixels are shaved off.
      enhance: the network, as of `inference.plane_enhancer`.
    """
    return [
        PictureScore(
            picture.filename,
            score(picture.bicubic_y, picture.hr_y, scale),
            score(enhance(picture.bicubic_y), picture.hr_y, scale) if enhance else None,
        )
        for picture in pictures
    ]


def mean_quality(qualities: Iterable[Quality]) -> Quality:
    """Averages over pictures, which is how the papers state a dataset's score."""
    values = np.array(list(qualities))
    return Quality(*(float(value) for value in values.mean(axis=0)))
