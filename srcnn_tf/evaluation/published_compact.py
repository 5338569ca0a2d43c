"""Compact networks of other papers: published figures, and cost that follows from their layers.

PSNR of Y in dB, as published; nothing here was measured by this project. What they cost is not
published in one unit, so that it is derived: the multiply-adds of their convolutions, per output
pixel, from the shapes of their layers as they run (branches that are merged after training are
merged). The number of weights that follows from the same shapes is that of the papers.
"""

from typing import NamedTuple

from srcnn_tf.evaluation import published

Scores = dict[str, dict[int, float]]
_Shape = tuple[int, int, int] | tuple[int, int, int, int]


class Convolution(NamedTuple):
    """Equal convolutions that follow each other.

    Attributes:
      side: of the square filters.
      inputs: channels in.
      filters: channels out; `PIXELS` times n stands for n channels a new pixel, scale x scale n.
      times: how many.
      enlarged: whether they see the enlarged picture, not the small one.
    """

    side: int
    inputs: int
    filters: int
    times: int = 1
    enlarged: bool = False

    def weights(self, scale: int) -> int:
        """Number of weights for a scale."""
        filters = self.filters if self.filters > 0 else -self.filters * scale**2
        return self.side**2 * self.inputs * filters * self.times


PIXELS = -1


class CompactNetwork(NamedTuple):
    """A network of another paper.

    Attributes:
      title: what it is called.
      training_data: what it was trained on.
      source: where its figures were published.
      layers: its convolutions.
      scores: PSNR by dataset and scale.
    """

    title: str
    training_data: str
    source: str
    layers: tuple[Convolution, ...]
    scores: Scores

    def weights(self, scale: int) -> int:
        """Number of weights for a scale, without biases and slopes."""
        return sum(layer.weights(scale) for layer in self.layers)

    def multiply_adds(self, scale: int) -> float:
        """Multiply-adds of the convolutions per output pixel: derived."""
        return sum(
            layer.weights(scale) / (1 if layer.enlarged else scale**2) for layer in self.layers
        )


def _enlarged(*layers: _Shape) -> tuple[Convolution, ...]:
    return tuple(Convolution(*layer)._replace(enlarged=True) for layer in layers)


def _low(*layers: _Shape) -> tuple[Convolution, ...]:
    return tuple(Convolution(*layer) for layer in layers)


def _by_scale(*rows: tuple[float | None, ...]) -> Scores:
    """Makes scores of rows for Set5, Set14 and BSD100, each for x2, x3, x4; None where unknown."""
    return {
        dataset: {scale: psnr for scale, psnr in zip((2, 3, 4), row, strict=True) if psnr}
        for dataset, row in zip(("set5", "set14", "bsd100"), rows, strict=False)
    }


def _of(method: str) -> Scores:
    return {
        dataset: {scale: quality["psnr"] for scale, quality in by_scale.items()}
        for dataset, by_scale in published.SCORES[method].items()
    }


_TWENTY_LAYERS = _enlarged((3, 1, 64), (3, 64, 64, 18), (3, 64, 1))
_91_AND_100 = "91 images and General-100"

NETWORKS = (
    CompactNetwork(
        "SRCNN 9-1-5", "91 images", "arXiv:1501.00092",
        _enlarged((9, 1, 64), (1, 64, 32), (5, 32, 1)), _of(published.SRCNN_91_IMAGES),
    ),
    CompactNetwork(
        "SRCNN 9-5-5", "ImageNet", "arXiv:1501.00092",
        _enlarged((9, 1, 64), (5, 64, 32), (5, 32, 1)), _of(published.SRCNN_PAPER),
    ),
    CompactNetwork(
        "FSRCNN", _91_AND_100, "arXiv:1608.00367",
        _low((5, 1, 56), (1, 56, 12), (3, 12, 12, 4), (1, 12, 56), (9, 56, 1)),
        _by_scale((37.00, 33.16, 30.72), (32.63, 29.43, 27.61), (31.53, None, 26.98)),
    ),
    CompactNetwork(
        "ESPCN", "ImageNet", "arXiv:1609.05158",
        _low((5, 1, 64), (3, 64, 32), (3, 32, PIXELS)),
        _by_scale((36.83, 33.13, 30.90), (None, 29.49, 27.73)),
    ),
    CompactNetwork(
        "VDSR", "291 images", "arXiv:1511.04587", _TWENTY_LAYERS,
        _by_scale((37.53, 33.66, 31.35), (33.03, 29.77, 28.01), (31.90, 28.82, 27.29)),
    ),
    CompactNetwork(
        "DnCNN-3", "291 images", "arXiv:1608.03981", _TWENTY_LAYERS,
        _by_scale((37.58, 33.75, 31.40), (33.03, 29.81, 28.04), (31.90, 28.85, 27.29)),
    ),
    CompactNetwork(
        "c-DCSCN", "291 images", "arXiv:1707.05425",
        _low(
            (3, 1, 32), (3, 32, 26), (3, 26, 22), (3, 22, 18), (3, 18, 14), (3, 14, 11), (3, 11, 8),
            (1, 131, 24), (1, 131, 8), (3, 8, 8), (3, 32, PIXELS),
        ),
        _by_scale((37.13, None, None), (32.71, None, None), (31.59, None, None)),
    ),
    CompactNetwork(
        "ECBSR-M4C8", "DIV2K", "doi:10.1145/3474085.3475291",
        _low((3, 1, 8), (3, 8, 8, 4), (3, 8, PIXELS)),
        _by_scale((36.93, None, None), (32.51, None, None), (31.44, None, None)),
    ),
    CompactNetwork(
        "ECBSR-M4C16", "DIV2K", "doi:10.1145/3474085.3475291",
        _low((3, 1, 16), (3, 16, 16, 4), (3, 16, PIXELS)),
        _by_scale((37.33, None, 31.04), (32.81, None, 27.78), (31.66, None, 27.09)),
    ),
    CompactNetwork(
        "SESR-M3", "DIV2K", "arXiv:2103.09404",
        _low((5, 1, 16), (3, 16, 16, 3), (5, 16, PIXELS)),
        _by_scale((37.21, None, 30.75), (32.70, None, 27.62), (31.56, None, None)),
    ),
    CompactNetwork(
        "SESR-M11", "DIV2K", "arXiv:2103.09404",
        _low((5, 1, 16), (3, 16, 16, 11), (5, 16, PIXELS)),
        _by_scale((37.58, None, 31.27), (33.03, None, 27.94), (31.85, None, 27.20)),
    ),
    CompactNetwork(
        "LAPAR-C", "DF2K", "arXiv:2105.10422",
        (
            *_low((3, 3, 16), (3, 16, 16, 16), (3, 64, 16, 2), (3, 16, 16 * PIXELS)),
            *_enlarged((3, 16, 16, 2), (5, 16, 16), (3, 16, 72)),
        ),
        _by_scale((37.65, 33.91, 31.72), (33.20, 30.02, 28.31), (31.95, 28.90, 27.40)),
    ),
    CompactNetwork(
        "NinaSR-B0", "DIV2K", "github.com/Coloquinte/torchSR",
        _low((3, 3, 16), (3, 16, 32, 10), (3, 32, 16, 10), (3, 16, 3 * PIXELS)),
        _by_scale((37.72, 33.96, 31.77), (33.24, 30.02, 28.28), (31.97, 28.90, 27.36)),
    ),
)  # fmt: skip
