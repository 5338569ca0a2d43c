"""Quality against cost: a point a network, its name beside it, and the line of the best."""

import itertools
import math
import os
from collections.abc import Sequence
from typing import Any, NamedTuple

from srcnn_tf.plotting import style

_WIDTH, _HEIGHT = 7.6, 4.6  # Inches, of one panel.
_FONT_SIZE = 7.5
_COLORS = 128
_MARKER = 36  # Square points.
# Where a name may stand, as multiples of a step from its point: beside it first, then ever further.
_STEP = 9  # Points.
_PLACES = [
    (reach * x, reach * y)
    for reach in (1, 1.7, 2.6, 3.6, 4.8, 6.2, 8)
    for x, y in ((1, 0), (1, 0.7), (1, -0.7), (-1, 0), (-1, 0.7), (-1, -0.7), (0, 1.1), (0, -1.1))
]


class Point(NamedTuple):
    """A network.

    Attributes:
      name: what stands beside it.
      cost: positive.
      quality: in dB.
      ours: whether it is one of the package.
    """

    name: str
    cost: float
    quality: float
    ours: bool


class Panel(NamedTuple):
    """Networks by one measure of cost.

    Attributes:
      points: at least one.
      cost_label: what stands below; the axis is logarithmic.
      quality_label: what stands at the left.
    """

    points: Sequence[Point]
    cost_label: str
    quality_label: str


def draw_frontier(
    panels: Sequence[Panel],
    path: str | os.PathLike,
    title: str = "",
    notes: str = "",
    dark: bool = False,
) -> list[list[tuple[float, float, float, float]]]:
    """Writes a picture with a panel below the other.

    Args:
      panels: at least one.
      path: of the PNG or JPEG.
      title: what stands above.
      notes: what stands below.
      dark: whether it is for a dark page.

    Returns:
      For each panel the boxes of the names, in pixels (left, bottom, right, top).

    Raises:
      style.MissingPackageError: matplotlib is not installed.
    """
    with style.drawing(path, _WIDTH, _HEIGHT * len(panels), dark, _COLORS) as figure:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        if notes:
            figure.supxlabel(notes, x=0.01, ha="left", fontsize=7)
        grid = figure.subplots(len(panels), squeeze=False)[:, 0]
        for axes, panel in zip(grid, panels, strict=True):
            _draw(axes, panel)
        # Places of names are known when everything else has its own.
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        return [_name(axes, panel.points) for axes, panel in zip(grid, panels, strict=True)]


def frontier(points: Sequence[Point]) -> list[Point]:
    """Returns the points that none is both cheaper and better than, from cheap to dear."""
    best: list[Point] = []
    for point in sorted(points, key=lambda each: (each.cost, -each.quality)):
        if not best or point.quality > best[-1].quality:
            best.append(point)
    return best


def _draw(axes: Any, panel: Panel) -> None:
    axes.set_xscale("log")
    axes.set(xlabel=panel.cost_label, ylabel=panel.quality_label)
    axes.xaxis.set_major_formatter(_number)
    axes.margins(x=0.12, y=0.12)
    # Both shape and fill tell the two apart, in gray print, too.
    for ours, color, marker, label in (
        (True, style.NETWORK, "o", "srcnn_tf"),
        (False, style.PAPER, "s", "published by others"),
    ):
        points = [point for point in panel.points if point.ours == ours]
        if not points:
            continue
        line = frontier(points)
        axes.plot(
            [point.cost for point in line],
            [point.quality for point in line],
            color=color,
            linewidth=1.2 if ours else 0.9,
            linestyle="-" if ours else "--",
            alpha=0.6,
        )
        axes.scatter(
            [point.cost for point in points],
            [point.quality for point in points],
            s=_MARKER,
            marker=marker,
            facecolor=color if ours else "none",
            edgecolor=color,
            label=label,
            zorder=3,
        )
    if len({point.ours for point in panel.points}) > 1:
        axes.legend(loc="lower right")


def _number(value: float, position: int | None = None) -> str:
    """Writes a mark of the axis: 0.5, 20, 3 k, 1 M."""
    for unit, letter in ((1e6, " M"), (1e3, " k")):
        if value >= unit:
            return f"{value / unit:g}{letter}"
    return f"{value:g}"


def _name(axes: Any, points: Sequence[Point]) -> list[tuple[float, float, float, float]]:
    """Writes the names where they hide neither each other nor a point, and returns their boxes."""
    pixels = axes.figure.dpi / 72
    centers = axes.transData.transform([(point.cost, point.quality) for point in points])
    radius = pixels * (_MARKER**0.5 / 2 + 1)
    taken = [(x - radius, y - radius, x + radius, y + radius) for x, y in centers]
    if axes.get_legend():
        taken.append(axes.get_legend().get_window_extent().extents)
    for ours in (True, False):
        taken += _beads(axes, frontier([point for point in points if point.ours == ours]), pixels)
    frame = axes.get_window_extent()
    boxes = []
    # Ours first, since they are most looked for; those at the rim have the fewest places.
    order = sorted(zip(points, centers, strict=True), key=lambda each: (not each[0].ours, *each[1]))
    for point, (x, y) in order:
        text = axes.annotate(
            point.name,
            (point.cost, point.quality),
            (0, 0),
            textcoords="offset points",
            fontsize=_FONT_SIZE,
            fontweight="bold" if point.ours else "normal",
            ha="center",
            va="center",
        )
        extent = text.get_window_extent()
        width, height = extent.width + 2, extent.height + 2
        others = [center for center in centers if tuple(center) != (x, y)]
        box, offset = _place((x, y), (width, height), pixels, taken, frame, others)
        text.set_position(offset)
        _lead(axes, (x, y), box, pixels)
        taken.append(box)
        boxes.append(box)
    return boxes


def _beads(axes, line: Sequence[Point], pixels: float):
    """Small boxes along a line, which names should not hide."""
    corners = axes.transData.transform([(point.cost, point.quality) for point in line])
    beads = []
    for (x0, y0), (x1, y1) in itertools.pairwise(corners):
        count = max(1, round(max(abs(x1 - x0), abs(y1 - y0)) / (3 * pixels)))
        for number in range(count):
            x = x0 + (x1 - x0) * number / count
            y = y0 + (y1 - y0) * number / count
            beads.append((x - pixels, y - pixels, x + pixels, y + pixels))
    return beads


def _place(center, size, pixels, taken, frame, others):
    """Returns the first place that is free and nearest to its own point: a box, and an offset."""
    best = None
    (x, y), (width, height) = center, size
    for across, up in _PLACES:
        left = x + across * _STEP * pixels - width * (0.5 - 0.5 * _sign(across))
        bottom = y + up * _STEP * pixels - height / 2
        box = (left, bottom, left + width, bottom + height)
        inside = frame.x0 <= box[0] and box[2] <= frame.x1 and frame.y0 <= box[1]
        badness = sum(_overlap(box, other) for other in taken)
        if not inside or box[3] > frame.y1:
            badness += width * height
        if any(_distance(other, box) < _distance(center, box) for other in others):
            badness += width * height / 20
        if any(_crosses(center, box, other) for other in taken):
            badness += width * height / 20
        offset = ((left + width / 2 - x) / pixels, (bottom + height / 2 - y) / pixels)
        if best is None or badness < best[0]:
            best = badness, box, offset
        if best[0] == 0:
            break
    return best[1:]


def _lead(axes, center, box, pixels):
    """Draws a thin line from a point to its name, if that stands apart."""
    nearest, apart = _nearest(center, box), _distance(center, box)
    if apart < 1.3 * _STEP * pixels:
        return
    edge = _MARKER**0.5 / 2 * pixels / apart
    start = [c + (n - c) * edge for c, n in zip(center, nearest, strict=True)]
    ends = axes.transData.inverted().transform([start, nearest])
    limits = axes.get_xlim(), axes.get_ylim()
    axes.plot(*ends.T, color=style.BICUBIC, linewidth=0.6, zorder=2)
    axes.set(xlim=limits[0], ylim=limits[1])


def _nearest(center, box):
    """The place in a box that is nearest to a point."""
    return min(max(center[0], box[0]), box[2]), min(max(center[1], box[1]), box[3])


def _crosses(center, box, other) -> bool:
    """Whether the line from a point to its name passes through another box."""
    end = _nearest(center, box)
    line = [
        [c + (e - c) * part / 12 for c, e in zip(center, end, strict=True)] for part in range(13)
    ]
    return not _holds(other, center) and any(_holds(other, place) for place in line)


def _holds(box, place) -> bool:
    return box[0] <= place[0] <= box[2] and box[1] <= place[1] <= box[3]


def _distance(center, box) -> float:
    return math.dist(center, _nearest(center, box))


def _sign(value):
    return (value > 0) - (value < 0)


def _overlap(one, other) -> float:
    """Area that two boxes share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0) * max(height, 0)
