"""Names in the drawing of quality against cost hide neither each other nor the points' order."""

import itertools
import math

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.plotting.frontier import Panel, Point, draw_frontier, frontier


def _points(count):
    random = np.random.default_rng(0)
    cost = 10 ** random.uniform(2, 5.8, count)
    quality = 30 + 0.3 * np.log(cost) + random.normal(0, 0.3, count)
    names = (f"network-{number}x16" for number in range(count))
    return [
        Point(name, float(x), float(y), index % 2 == 0)
        for index, (name, x, y) in enumerate(zip(names, cost, quality, strict=True))
    ]


def _overlap(one, other):
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(
        one[1], other[1]
    )


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.slow
def test_names_do_not_overlap(tmp_path, dark):
    panels = [Panel(_points(24), "multiply-adds", "PSNR"), Panel(_points(8)[::2], "ms", "PSNR")]
    boxes = draw_frontier(panels, tmp_path / "a.png", "title", "notes", dark)
    assert [len(each) for each in boxes] == [24, 4]
    for each in boxes:
        assert not any(_overlap(one, other) for one, other in itertools.combinations(each, 2))
    with Image.open(tmp_path / "a.png") as image:
        assert image.width > 1000 and image.height > 1200
        background = image.convert("RGB").getpixel((2, 2))
    assert (sum(background) < 100) == dark
    assert (tmp_path / "a.png").stat().st_size < 150_000


def test_the_frontier_is_what_nothing_is_cheaper_and_better_than():
    points = [
        Point(name, cost, psnr, True)
        for name, cost, psnr in (("d", 9, 33), ("a", 1, 30), ("b", 2, 32), ("c", 3, 31))
    ]
    assert [point.name for point in frontier(points)] == ["a", "b", "d"]
    assert frontier([]) == []
    assert math.isclose(frontier(points)[1].cost, 2)
