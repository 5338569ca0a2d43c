"""What is written of scores by the default metrics, to the character: others read it."""

import math

import pytest

from srcnn_tf.evaluation import record, table
from srcnn_tf.evaluation.benchmarking import Scores
from srcnn_tf.evaluation.quality import Quality

_TEXT = """\
Dataset  Scale  Bicubic    Paper's SRCNN (published)  SRCNN-keras (published)  A        B
-------  -----  ---------  -------------------------  -----------------------  -------  --------------
Set5     x2     33.56 / -  36.66 / 0.9542             36.36 / -                inf / -  -
holiday  x3     25.00 / -  -                          -                        -        26.50 / 0.7500

Means over the pictures: PSNR of Y in dB / SSIM; '-' where there is no figure.
Paper's SRCNN (published): 9-5-5 trained on ImageNet; arXiv:1501.00092, SSIM as tabulated in \
arXiv:1511.04587.
SRCNN-keras (published): 9-5-5 trained on 91 images; the README of SRCNN-keras, PSNR only.

Set5, A: x2 +inf dB over bicubic
holiday, B: x3 +1.50 dB over bicubic

Dataset  Scale  Picture  Bicubic         A               B
-------  -----  -------  --------------  --------------  --------------
Set5     x2     a        33.12 / 0.9000  36.00 / 0.9500  -
Set5     x2     b|c      34.00 / -       inf / -         -
holiday  x3     c        25.00 / -       -               26.50 / 0.7500"""  # noqa: E501

_MARKDOWN = """\
| Dataset | Scale | Bicubic | Paper's SRCNN (published) | SRCNN-keras (published) | A | B |
| --- | --- | --- | --- | --- | --- | --- |
| Set5 | x2 | 33.56 / - | 36.66 / 0.9542 | 36.36 / - | inf / - | - |
| holiday | x3 | 25.00 / - | - | - | - | 26.50 / 0.7500 |

Means over the pictures: PSNR of Y in dB / SSIM; '-' where there is no figure.\x20\x20
Paper's SRCNN (published): 9-5-5 trained on ImageNet; arXiv:1501.00092, SSIM as tabulated in \
arXiv:1511.04587.\x20\x20
SRCNN-keras (published): 9-5-5 trained on 91 images; the README of SRCNN-keras, PSNR only.\x20\x20
Protocol: Y of BT.601 -> modcrop(s) -> single / 255 -> MATLAB bicubic down and up by s -> network \
-> x 255, round, clip to uint8 -> shave s pixels -> PSNR, SSIM; mean over pictures.

| Dataset | Scale | Picture | Bicubic | A | B |
| --- | --- | --- | --- | --- | --- |
| Set5 | x2 | a | 33.12 / 0.9000 | 36.00 / 0.9500 | - |
| Set5 | x2 | b\\|c | 34.00 / - | inf / - | - |
| holiday | x3 | c | 25.00 / - | - | 26.50 / 0.7500 |
"""


def _quality(psnr, ssim):
    return Quality(psnr=psnr, ssim=ssim)


@pytest.fixture
def set5():
    bicubic = _quality(33.125, 0.9), _quality(34.0, math.nan)
    network = _quality(36.0, 0.95), _quality(math.inf, math.nan)
    return Scores("set5", 2, ("a", "b|c"), bicubic, {"A": network}, "verified")


@pytest.fixture
def holiday():
    columns = {"B": (_quality(26.5, 0.75),)}
    return Scores("holiday", 3, ("c",), (_quality(25.0, math.nan),), columns, "not verified")


def test_the_text(set5, holiday):
    assert table.text_report([set5, holiday], per_image=True) == _TEXT


def test_the_markdown(set5, holiday):
    assert table.markdown_report([set5, holiday], per_image=True) == _MARKDOWN


def test_the_record_of_results(set5):
    assert record.benchmark_record([set5], [], {}, {})["results"] == [
        {
            "dataset": "set5",
            "scale": 2,
            "pictures": 2,
            "verification": "verified",
            "published": {
                "bicubic": {"psnr": 33.66, "ssim": 0.9299},
                "srcnn-9-5-5-imagenet": {"psnr": 36.66, "ssim": 0.9542},
                "srcnn-9-1-5-91-images": {"psnr": 36.34, "ssim": None},
                "srcnn-keras": {"psnr": 36.36, "ssim": None},
            },
            "mean": {
                "bicubic": {"psnr": 33.5625, "ssim": None},
                "networks": {"A": {"psnr": None, "ssim": None}},
            },
            "per_image": [
                {
                    "filename": "a",
                    "bicubic": {"psnr": 33.125, "ssim": 0.9},
                    "networks": {"A": {"psnr": 36.0, "ssim": 0.95}},
                },
                {
                    "filename": "b|c",
                    "bicubic": {"psnr": 34.0, "ssim": None},
                    "networks": {"A": {"psnr": None, "ssim": None}},
                },
            ],
        }
    ]
