"""`ssim_rgb`: SSIM of red, green and blue, averaged."""

import math

from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.metrics.scored_picture import ScoredPicture
from srcnn_tf.evaluation.metrics.ssim import fits_window, ssim


def _compute(picture: ScoredPicture) -> float:
    if not fits_window(picture.hr_y):
        return math.nan
    channels = (ssim(picture.hr[..., each], picture.rgb[..., each]) for each in range(3))
    return sum(channels) / 3


METRIC = Metric(
    name="ssim_rgb",
    title="SSIM of RGB",
    compute=_compute,
    decimals=4,
    needs_color=True,
    description="mean SSIM of R, G and B, with bicubic's chroma for networks on Y",
)
