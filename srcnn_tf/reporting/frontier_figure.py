"""The networks of the package and published ones, quality against cost, as a figure."""

import os
import pathlib
import textwrap
from collections.abc import Mapping, Sequence

from srcnn_tf.evaluation import published_compact
from srcnn_tf.evaluation.published import title
from srcnn_tf.networks.pretrained_list import PretrainedNetwork
from srcnn_tf.plotting.frontier import Panel, Point, draw_frontier

# What quality can be read from: a published figure is known for most networks.
DATASETS = ("set5", "set14", "bsd100")
# Characters of a line of notes.
_LINE = 135


def draw_frontier_figures(
    networks: Sequence[PretrainedNetwork],
    scale: int,
    dataset: str,
    path: str | os.PathLike,
    milliseconds: Mapping[str, float] | None = None,
    machine: str = "",
) -> list[pathlib.Path]:
    """Writes two pictures, for a light page and for a dark one.

    Args:
      networks: of the package, of that scale; those without a score on the dataset are left out.
      scale: the enlargement.
      dataset: whose PSNR it is, one of `DATASETS`.
      path: of the first; the second has `_dark` at the end of its name.
      milliseconds: what each network takes, by name, for a second panel.
      machine: what they were measured on and with what, in words.

    Returns:
      Both paths.

    Raises:
      style.MissingPackageError: matplotlib is not installed.
      ValueError: no network has a score.
    """
    quality = f"PSNR of Y on {title(dataset)}, dB"
    ours = {
        each.name: (each.multiply_adds, each.scores[dataset]["psnr"])
        for each in networks
        if dataset in each.scores and not each.for_photos
    }
    if not ours:
        raise ValueError(f"No network for x{scale} has a score on {title(dataset)}.")
    others = [
        each for each in published_compact.NETWORKS if each.scores.get(dataset, {}).get(scale)
    ]
    points = [Point(name, cost, psnr, True) for name, (cost, psnr) in ours.items()]
    points += [
        Point(each.title, each.multiply_adds(scale), each.scores[dataset][scale], False)
        for each in others
    ]
    panels = [Panel(points, "multiply-adds per output pixel", quality)]
    if milliseconds is not None:
        timed = [Point(name, milliseconds[name], ours[name][1], True) for name in ours]
        panels.append(Panel(timed, f"milliseconds {machine}", quality))
    path = pathlib.Path(path)
    written = [path, path.with_name(f"{path.stem}_dark{path.suffix}")]
    for each, dark in zip(written, (False, True), strict=True):
        draw_frontier(panels, each, f"Quality against cost, x{scale}", _notes(others), dark)
    return written


def _notes(others) -> str:
    """Says what the figures of others are of."""
    by_data: dict[str, list[str]] = {}
    for each in others:
        by_data.setdefault(each.training_data, []).append(each.title)
    trained = "; ".join(f"{', '.join(names)} on {data}" for data, names in by_data.items())
    lines = [
        "srcnn_tf: measured by bin/benchmark. Others: PSNR as published, multiply-adds derived "
        "from the shapes of their layers.",
        f"Trained: {trained}.",
    ]
    return "\n".join(textwrap.fill(line, _LINE) for line in lines)
