"""Figures that others have published for the test sets, with their sources: plain data.

All are means of Y-PSNR in dB, and of other metrics where they were published, by the protocol
`srcnn`; those by `compressed` are in `published_deblocking`. Nothing here was measured by this
project.
"""

from collections.abc import Iterable
from typing import NamedTuple

from srcnn_tf.data.catalog import DATASETS
from srcnn_tf.evaluation import published_deblocking as deblocking
from srcnn_tf.evaluation.protocols.compressed import Compressed
from srcnn_tf.evaluation.protocols.protocol import Protocol
from srcnn_tf.evaluation.published_deblocking import Method
from srcnn_tf.evaluation.quality import Quality


class BenchmarkSet(NamedTuple):
    """How a dataset is written in tables, and of how many pictures its published means are.

    `source` says where its figures stand, if that is not where the methods were published.
    """

    title: str
    pictures: int
    source: str | None = None


BICUBIC = "bicubic"
SRCNN_PAPER = "srcnn-9-5-5-imagenet"
SRCNN_91_IMAGES = "srcnn-9-1-5-91-images"
SRCNN_KERAS = "srcnn-keras"

_SSIM_SOURCE = "SSIM as tabulated in arXiv:1511.04587"
METHODS = {
    BICUBIC: Method("Bicubic", f"MATLAB's imresize; arXiv:1501.00092, {_SSIM_SOURCE}"),
    SRCNN_PAPER: Method(
        "Paper's SRCNN", f"9-5-5 trained on ImageNet; arXiv:1501.00092, {_SSIM_SOURCE}"
    ),
    SRCNN_91_IMAGES: Method(
        "Authors' 9-1-5", "9-1-5 trained on 91 images; Dong et al., ECCV 2014, arXiv:1501.00092"
    ),
    SRCNN_KERAS: Method(
        "SRCNN-keras", "9-5-5 trained on 91 images; the README of SRCNN-keras, PSNR only"
    ),
    **deblocking.METHODS,
}
# Those that stand in tables beside ours, where they have figures.
ENLARGING, DEBLOCKING = (SRCNN_PAPER, SRCNN_KERAS), deblocking.COLUMNS

BENCHMARK_SETS = {
    "set5": BenchmarkSet("Set5", 5),
    "set14": BenchmarkSet("Set14", 14),
    "bsd100": BenchmarkSet("BSD100", 100, "PSNR as tabulated in arXiv:1511.04587"),
    "bsd200": BenchmarkSet("BSD200", 200),
    "live1": BenchmarkSet("LIVE1", 29),
    "classic5": BenchmarkSet("Classic5", 5),
}

# The source of the SSIM evaluated Set14 a little otherwise (its PSNR differ by 0.01 to 0.03 dB), so
# there a network that equals the paper's differs from these by up to 0.001.
SCORES = {
    BICUBIC: {
        "set5": {
            2: Quality(psnr=33.66, ssim=0.9299, ifc=6.10, nqm=36.73, wpsnr=50.06),
            3: Quality(psnr=30.39, ssim=0.8682, ifc=3.52, nqm=27.54, wpsnr=41.65),
            4: Quality(psnr=28.42, ssim=0.8104, ifc=2.35, nqm=21.42, wpsnr=37.21),
        },
        "set14": {
            2: Quality(psnr=30.23, ssim=0.8688),
            3: Quality(psnr=27.54, ssim=0.7742),
            4: Quality(psnr=26.00, ssim=0.7027),
        },
        "bsd100": {
            2: Quality(psnr=29.56),
            3: Quality(psnr=27.21),
            4: Quality(psnr=25.96),
        },
    },
    SRCNN_PAPER: {
        "set5": {
            2: Quality(psnr=36.66, ssim=0.9542, ifc=8.05, nqm=41.13, wpsnr=59.49),
            3: Quality(psnr=32.75, ssim=0.9090, ifc=4.58, nqm=33.21, wpsnr=47.10),
            4: Quality(psnr=30.49, ssim=0.8628, ifc=3.01, nqm=25.96, wpsnr=41.13),
        },
        "set14": {
            2: Quality(psnr=32.45, ssim=0.9063),
            3: Quality(psnr=29.30, ssim=0.8209),
            4: Quality(psnr=27.50, ssim=0.7503),
        },
        "bsd100": {
            2: Quality(psnr=31.36),
            3: Quality(psnr=28.41),
            4: Quality(psnr=26.90),
        },
    },
    SRCNN_91_IMAGES: {
        "set5": {2: Quality(psnr=36.34), 3: Quality(psnr=32.39), 4: Quality(psnr=30.08)},
        "set14": {2: Quality(psnr=32.18), 3: Quality(psnr=29.00), 4: Quality(psnr=27.20)},
    },
    SRCNN_KERAS: {
        "set5": {2: Quality(psnr=36.36)},
        "set14": {2: Quality(psnr=32.27)},
    },
}


def published_score(method: str, dataset: str, scale: int) -> Quality | None:
    """Looks up one published mean, by the metrics that were published; None where there is none.

    Args:
      method: a key of `METHODS`; KeyError for another.
      dataset: a dataset's name in lower case, such as `set5`; unknown names have no figures.
      scale: the enlargement.
    """
    return SCORES[method].get(dataset, {}).get(scale)


def score_by(method: str, protocol: Protocol, dataset: str, scale: int) -> Quality | None:
    """Looks up one published mean by a protocol; None where there is none.

    Args:
      method: a key of `METHODS`; KeyError for another.
      protocol: shaved otherwise than usual, it has no figures.
      dataset: a dataset's name in lower case.
      scale: the enlargement.
    """
    if not protocol.is_standard(scale):
        return None
    if isinstance(protocol, Compressed):
        if scale > 1:
            return None
        return deblocking.SCORES.get(method, {}).get(dataset, {}).get(protocol.quality)
    return SCORES.get(method, {}).get(dataset, {}).get(scale)


def baseline_score(protocol: Protocol, dataset: str, scale: int) -> Quality | None:
    """Looks up what pictures score without a network: bicubic, or the JPEG; None likewise."""
    method = deblocking.JPEG if protocol.baseline(scale) == "JPEG" else BICUBIC
    return score_by(method, protocol, dataset, scale)


def columns(protocols: Iterable[tuple[Protocol, int]]) -> tuple[str, ...]:
    """Returns the methods that stand beside ours in a table of these protocols and scales."""
    kinds = {
        ENLARGING if scale > 1 else DEBLOCKING
        for protocol, scale in protocols
        if protocol.is_standard(scale) and not (isinstance(protocol, Compressed) and scale > 1)
    }
    return tuple(method for kind in (ENLARGING, DEBLOCKING) if kind in kinds for method in kind)


def gain_over_bicubic(method: str, dataset: str, scale: int) -> float | None:
    """Returns how far a published PSNR is above bicubic's, in dB; None if one is not known."""
    ours, bicubic = (published_score(each, dataset, scale) for each in (method, BICUBIC))
    return ours.psnr - bicubic.psnr if ours and bicubic else None


def title(dataset: str) -> str:
    """Writes a dataset's name as tables do, `Set5` for `set5`; others keep their name."""
    return DATASETS[dataset].title if dataset in DATASETS else dataset


def set_sources(datasets: Iterable[str]) -> dict[str, str]:
    """Says where figures of these datasets stand, by title, where the methods' sources do not."""
    known = [BENCHMARK_SETS[name] for name in dict.fromkeys(datasets) if name in BENCHMARK_SETS]
    return {each.title: each.source for each in known if each.source}
