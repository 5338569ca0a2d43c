"""Curves of several runs in one picture: loss, and quality on held-out pictures."""

import os
from collections.abc import Mapping, Sequence

from srcnn_tf.plotting import style
from srcnn_tf.plotting.curves import points


def draw_curves(runs: Mapping[str, Sequence[dict]], path: str | os.PathLike) -> None:
    """Writes a PNG: the losses on a log scale, and validation PSNR beside bicubic's.

    Bicubic's line is drawn once for each level that it has: runs that held out the same pictures at
    one scale share it. Runs without held-out pictures have their loss only.

    Args:
      runs: lines of `metrics.jsonl` by what a run is called.
      path: of the PNG.

    Raises:
      style.MissingPackageError: matplotlib is not installed.
    """
    qualities = {name: points(lines, "validation", "psnr") for name, lines in runs.items()}
    panels = 2 if any(steps for steps, _ in qualities.values()) else 1
    with style.drawing(path, 5.6 * panels, 3.8) as figure:
        axes = figure.subplots(1, panels, squeeze=False)[0]
        colors = [f"C{number}" for number in range(len(runs) + 1) if f"C{number}" != style.BICUBIC]
        # More runs than the style has colors: Matplotlib's own.
        palette = colors if len(runs) <= 2 else [f"tab:{name}" for name in _NAMES]
        levels: dict[float, None] = {}
        for number, (name, lines) in enumerate(runs.items()):
            color = palette[number % len(palette)]
            axes[0].plot(*points(lines, "train", "loss"), color=color, label=name)
            steps, values = qualities[name]
            if steps:
                label = f"{name}, {values[-1]:.2f} dB"
                axes[1].plot(steps, values, color=color, label=label)
                level = points(lines, "validation", "bicubic_psnr")[1]
                levels |= dict.fromkeys(round(each, 3) for each in level[-1:])
        for level in levels:
            axes[1].axhline(
                level, color="#8A8A8A", linestyle="--", label=f"bicubic, {level:.2f} dB"
            )
        axes[0].set(title="Training loss", yscale="log")
        if panels == 2:
            axes[1].set(title="PSNR on held-out pictures, dB")
        for each in axes:
            each.set(xlabel="step", xlim=(0, None))
            each.xaxis.set_major_formatter(lambda step, _: f"{step:,.0f}")
            each.legend(loc="best")


_NAMES = ("blue", "orange", "green", "red", "purple", "brown", "pink", "olive", "cyan")
