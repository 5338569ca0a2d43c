"""The curve of a training run: its loss and the quality on held-out pictures, over its steps."""

import math
import os
from collections.abc import Sequence

from srcnn_tf.plotting import style

# Up to this many points are marked, so that a run's first evaluation can be seen.
_FEW = 30
# A start from noise lies far below bicubic, and would squeeze what matters into a line.
_SHOWN_BELOW_BICUBIC = 3.0


def draw_curve(
    metrics: Sequence[dict],
    path: str | os.PathLike,
    *,
    title: str = "",
    published_gain: float | None = None,
    dark: bool = False,
) -> None:
    """Writes a PNG: the loss on a log scale, and validation PSNR beside bicubic's.

    A dotted line stands as far above bicubic as the paper's network does on Set5: bicubic's PSNR
    differs from picture to picture far more than a network's gain over it. A run that holds no
    pictures out has the loss only.

    Args:
      metrics: lines of `metrics.jsonl`, one dictionary a line.
      path: of the PNG.
      title: what stands above.
      published_gain: of the paper's network over bicubic on Set5, in dB; None leaves it out.
      dark: whether it is for a dark page.

    Raises:
      style.MissingPackageError: matplotlib is not installed.
    """
    losses = points(metrics, "train", "loss")
    network = points(metrics, "validation", "psnr")
    bicubic = points(metrics, "validation", "bicubic_psnr")
    panels = 2 if network[0] and bicubic[0] else 1
    with style.drawing(path, 5.2 * panels, 3.4, dark) as figure:
        axes = figure.subplots(1, panels, squeeze=False)[0]
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        _line(axes[0], losses, style.NETWORK, None)
        axes[0].set(title="Training loss", xlabel="step", yscale="log")
        axes[0].grid(which="both")
        if panels == 2:
            _draw_quality(axes[1], network, bicubic, published_gain)
        for each in axes:
            each.xaxis.set_major_formatter(lambda step, _: f"{step:,.0f}")
            each.set_xlim(left=0)


def _draw_quality(axes, network, bicubic, gain):
    _line(axes, network, style.NETWORK, f"network, {network[1][-1]:.2f} dB")
    level = bicubic[1][-1]
    axes.axhline(level, color=style.BICUBIC, label=f"bicubic, {level:.2f} dB")
    if gain is not None:
        axes.axhline(
            level + gain,
            color=style.PAPER,
            linestyle=":",
            label=f"bicubic {gain:+.2f} dB, as the paper's network on Set5",
        )
    axes.set(title="PSNR on held-out pictures, dB", xlabel="step")
    lowest = max(min([*network[1], level]), level - _SHOWN_BELOW_BICUBIC)
    highest = max([*network[1], level + (gain or 0)])
    margin = 0.08 * max(highest - lowest, 0.1)
    # Room below for the legend, which else lies on the curve.
    axes.set_ylim(lowest - 5.5 * margin, highest + margin)
    axes.legend(loc="lower right")


def points(metrics, kind, name):
    """Returns steps and values; lines that lack the value, or have no number, are left out."""
    pairs = [
        (line["step"], line[name]) for line in metrics if line["kind"] == kind and name in line
    ]
    pairs = [(step, value) for step, value in pairs if value is not None and math.isfinite(value)]
    return [step for step, _ in pairs], [value for _, value in pairs]


def _line(axes, points, color, label):
    marker = "o" if len(points[0]) <= _FEW else None
    axes.plot(*points, color=color, label=label, marker=marker, markersize=3.5)
