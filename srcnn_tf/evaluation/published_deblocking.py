"""What others have published on compressed pictures of scale 1, with sources: plain data.

Gray JPEGs of the luminance of LIVE1 and Classic5, not shaved: the protocol `compressed` at scale 1.
Means by the quality of the JPEG. Nothing here was measured by this project.
"""

from typing import NamedTuple

from srcnn_tf.evaluation.quality import Quality


class Method(NamedTuple):
    """What was measured, and where its figures were published."""

    title: str
    source: str


JPEG = "jpeg"
AR_CNN = "ar-cnn"
DNCNN_3 = "dncnn-3"

# SwinIR's table of JPEG artifacts, PSNR / SSIM / PSNR-B: all figures of both methods were compared.
_TABULATED = "as tabulated in arXiv:2108.10257"
METHODS = {
    JPEG: Method("JPEG", "the compressed picture itself; PSNR arXiv:1504.06993, arXiv:1608.03981"),
    AR_CNN: Method("AR-CNN", f"106 K parameters, arXiv:1504.06993; {_TABULATED}"),
    DNCNN_3: Method("DnCNN-3", f"666 K parameters, arXiv:1608.03981; {_TABULATED}"),
}
COLUMNS = (AR_CNN, DNCNN_3)


def _quality(psnr, ssim, psnr_b):
    return Quality(psnr=psnr, ssim=ssim, psnr_b=psnr_b)


SCORES = {
    JPEG: {
        "live1": {
            quality: Quality(psnr=psnr)
            for quality, psnr in {10: 27.77, 20: 30.07, 30: 31.41, 40: 32.35}.items()
        },
        "classic5": {
            quality: Quality(psnr=psnr)
            for quality, psnr in {10: 27.82, 20: 30.12, 30: 31.48, 40: 32.43}.items()
        },
    },
    AR_CNN: {
        "live1": {
            10: _quality(28.96, 0.8076, 28.77),
            20: _quality(31.29, 0.8733, 30.79),
            30: _quality(32.67, 0.9043, 32.22),
            40: _quality(33.63, 0.9198, 33.14),
        },
        "classic5": {
            10: _quality(29.03, 0.7929, 28.76),
            20: _quality(31.15, 0.8517, 30.59),
            30: _quality(32.51, 0.8806, 31.98),
            40: _quality(33.32, 0.8953, 32.79),
        },
    },
    DNCNN_3: {
        "live1": {
            10: _quality(29.19, 0.8123, 28.90),
            20: _quality(31.59, 0.8802, 31.07),
            30: _quality(32.98, 0.9090, 32.34),
            40: _quality(33.96, 0.9247, 33.28),
        },
        "classic5": {
            10: _quality(29.40, 0.8026, 29.13),
            20: _quality(31.63, 0.8610, 31.19),
            30: _quality(32.91, 0.8861, 32.38),
            40: _quality(33.77, 0.9003, 33.20),
        },
    },
}
