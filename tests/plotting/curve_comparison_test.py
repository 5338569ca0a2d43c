"""Several runs in one picture, and a network's filters, are drawn of plain numbers."""

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.plotting.curve_comparison import draw_curves
from srcnn_tf.plotting.filter_figure import distinct_maps, draw_filters, draw_maps


def _run(level, validated=True):
    lines = [{"kind": "train", "step": step, "loss": level / step} for step in range(1, 50, 4)]
    psnrs = [
        {"kind": "validation", "step": s, "psnr": 30 + s / 50, "bicubic_psnr": 29.5}
        for s in (9, 49)
    ]
    return lines + (psnrs if validated else [])


def _size(path):
    with Image.open(path) as picture:
        assert np.asarray(picture).std() > 10
        return picture.size


@pytest.mark.slow
def test_runs_share_a_picture(tmp_path):
    draw_curves({"a": _run(1), "b": _run(2)}, tmp_path / "two.png")
    draw_curves({str(number): _run(number + 1) for number in range(11)}, tmp_path / "many.png")
    draw_curves({"a": _run(1, False), "b": _run(2, False)}, tmp_path / "losses.png")
    width, narrow = (_size(tmp_path / name)[0] for name in ("two.png", "losses.png"))
    assert _size(tmp_path / "many.png")[0] == pytest.approx(width, rel=0.05)
    assert narrow < 0.6 * width


@pytest.mark.slow
def test_filters_are_drawn_strongest_first_with_zero_gray(tmp_path):
    kernel = np.zeros((9, 9, 1, 4), np.float32)
    kernel[:, :, 0, 2] = np.where(np.indices((9, 9)).sum(0) % 2, 1, -1)
    draw_filters(kernel, tmp_path / "filters.png")
    with Image.open(tmp_path / "filters.png") as picture:
        pixels = np.asarray(picture.convert("L"))
    rows, columns = (side // 2 for side in pixels.shape)
    assert pixels[:rows, :columns].std() > 90  # black and white
    assert pixels[3 * rows // 2, 3 * columns // 2] in (127, 128)


@pytest.mark.slow
def test_maps_have_a_row_for_each_layer(tmp_path):
    noise = np.random.default_rng(0).normal(size=(40, 60, 8)).astype(np.float32)
    draw_maps({"layer 1": noise}, tmp_path / "one.png")
    draw_maps({f"layer {n}": noise for n in range(3)}, tmp_path / "three.png")
    assert _size(tmp_path / "three.png")[1] > 2 * _size(tmp_path / "one.png")[1]


def test_maps_are_chosen_by_what_those_before_do_not_show():
    rows, columns = np.mgrid[:20, :30] / 10.0
    copies = [7 * rows + 3, 6.9 * rows, -6.8 * rows]
    maps = np.stack([*copies, np.sin(9 * columns), 2 * rows * columns, np.ones((20, 30))], axis=-1)
    assert distinct_maps(maps, 6) == [0, 4, 3]
    assert distinct_maps(maps, 2) == [0, 4]
