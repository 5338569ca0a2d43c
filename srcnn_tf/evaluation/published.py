"""Figures that others have published for the test sets, with their sources: plain data.

All are means of Y-PSNR in dB, and of SSIM where it was published, under the protocol of
`srcnn_tf.evaluation.scoring.PROTOCOL`. Nothing here was measured by this project.
"""

from typing import NamedTuple


class PublishedScore(NamedTuple):
    """A published mean over one dataset; `ssim` is None where only PSNR was published."""

    psnr: float
    ssim: float | None = None


class Method(NamedTuple):
    """What was measured, and where its figures were published."""

    title: str
    source: str


class BenchmarkSet(NamedTuple):
    """How a dataset is written in tables, and of how many pictures its published means are."""

    title: str
    pictures: int


BICUBIC = "bicubic"
SRCNN_PAPER = "srcnn-9-5-5-imagenet"
SRCNN_91_IMAGES = "srcnn-9-1-5-91-images"
SRCNN_KERAS = "srcnn-keras"

_SSIM_SOURCE = "SSIM as tabulated in arXiv:1511.04587"
METHODS = {
    BICUBIC: Method("Bicubic", f"MATLAB's imresize; PSNR arXiv:1501.00092, {_SSIM_SOURCE}"),
    SRCNN_PAPER: Method(
        "Paper's SRCNN", f"9-5-5 trained on ImageNet; PSNR arXiv:1501.00092, {_SSIM_SOURCE}"
    ),
    SRCNN_91_IMAGES: Method(
        "Authors' 9-1-5", "9-1-5 trained on 91 images; Dong et al., ECCV 2014, arXiv:1501.00092"
    ),
    SRCNN_KERAS: Method(
        "SRCNN-keras", "9-5-5 trained on 91 images; the README of SRCNN-keras, PSNR only"
    ),
}

BENCHMARK_SETS = {
    "set5": BenchmarkSet("Set5", 5),
    "set14": BenchmarkSet("Set14", 14),
    "bsd200": BenchmarkSet("BSD200", 200),
}

# The source of the SSIM evaluated Set14 a little otherwise (its PSNR differ by 0.01 to 0.03 dB), so
# there a network that equals the paper's differs from these by up to 0.001.
SCORES = {
    BICUBIC: {
        "set5": {
            2: PublishedScore(33.66, 0.9299),
            3: PublishedScore(30.39, 0.8682),
            4: PublishedScore(28.42, 0.8104),
        },
        "set14": {
            2: PublishedScore(30.23, 0.8688),
            3: PublishedScore(27.54, 0.7742),
            4: PublishedScore(26.00, 0.7027),
        },
    },
    SRCNN_PAPER: {
        "set5": {
            2: PublishedScore(36.66, 0.9542),
            3: PublishedScore(32.75, 0.9090),
            4: PublishedScore(30.49, 0.8628),
        },
        "set14": {
            2: PublishedScore(32.45, 0.9063),
            3: PublishedScore(29.30, 0.8209),
            4: PublishedScore(27.50, 0.7503),
        },
    },
    SRCNN_91_IMAGES: {
        "set5": {2: PublishedScore(36.34), 3: PublishedScore(32.39), 4: PublishedScore(30.08)},
        "set14": {2: PublishedScore(32.18), 3: PublishedScore(29.00), 4: PublishedScore(27.20)},
    },
    SRCNN_KERAS: {
        "set5": {2: PublishedScore(36.36)},
        "set14": {2: PublishedScore(32.27)},
    },
}


def published_score(method: str, dataset: str, scale: int) -> PublishedScore | None:
    """Looks up one published mean; None where there is none.

    Args:
      method: a key of `METHODS`; KeyError for another.
      dataset: a dataset's name in lower case, such as `set5`; unknown names have no figures.
      scale: the enlargement.
    """
    return SCORES[method].get(dataset, {}).get(scale)


def title(dataset: str) -> str:
    """Writes a dataset's name as tables do, `Set5` for `set5`; others keep their name."""
    return BENCHMARK_SETS[dataset].title if dataset in BENCHMARK_SETS else dataset
