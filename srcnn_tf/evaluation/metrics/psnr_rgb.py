"""`psnr_rgb`: PSNR over the three channels of color."""

from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.metrics.psnr import psnr

# One mean over all pixels and channels, as papers on color networks have it. Every method gets
# bicubic's chroma, so that the figure of a network on Y is bounded by what bicubic does to colors.
METRIC = Metric(
    name="psnr_rgb",
    title="PSNR of RGB",
    compute=lambda picture: psnr(picture.hr, picture.rgb),
    unit="dB",
    needs_color=True,
    description="PSNR of RGB in dB, with bicubic's chroma for networks on Y",
)
