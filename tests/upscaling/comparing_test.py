"""Results beside each other: split and labeled in one picture, or on a page of its own."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.files.picture_writing import Canvas
from srcnn_tf.imaging.tiling import Tile
from srcnn_tf.upscaling import comparing


def _results(*pictures, labels=("bicubic", "network", "third")):
    return [
        comparing.Compared(label, comparing.tiles_of(pixels))
        for label, pixels in zip(labels, pictures, strict=False)
    ]


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype, white", [(np.uint8, 255), (np.uint16, 65535)])
def test_a_split_has_each_result_in_its_part_and_labels(channels, dtype, white):
    left = np.full((90, 300, channels), white // 4, dtype)
    right = np.full((90, 300, channels), white // 2, dtype)
    counted = []

    canvas = comparing.split(_results(left, right), (300, 90), channels, dtype, counted.append)

    result = canvas.array()
    assert result.dtype == dtype and result.shape == (90, 300, channels)
    assert (result[40:, :150] == white // 4).all() and (result[40:, 152:] == white // 2).all()
    assert result[60, 150, 0] == 0 and result[60, 151, 0] == white
    for part in (result[:30, :100, 0], result[:30, 200:, 0]):  # White letters on black.
        assert (part == 0).sum() > 100 and (part > 0.6 * white).sum() > 20
    if channels in (2, 4):
        assert (result[:10, :10, -1] == white).all()
    assert sum(counted) == 300 * 90


def test_labels_that_do_not_fit_are_left_out():
    pixels = np.full((5, 7, 3), 99, np.uint8)
    canvas = comparing.split(_results(pixels, pixels, pixels), (7, 5), 3, np.uint8, lambda _: None)
    assert canvas.size == (7, 5)
    assert (canvas.array()[:, 0] == 99).all()


def _canvas(pixels):
    canvas = Canvas(*pixels.shape, pixels.dtype)
    canvas.put(Tile(0, pixels.shape[0], 0, pixels.shape[1]), pixels)
    return canvas


def test_a_page_holds_its_pictures_and_needs_nothing_else():
    random = np.random.default_rng(0)
    pictures = [random.integers(0, 256, (9, 12, 3), np.uint8) for _ in range(3)]
    labels = ("original", "bicubic", "<network>")
    canvases = [(name, _canvas(each)) for name, each in zip(labels, pictures, strict=True)]

    page = comparing.page("a<b>&\udcff.png", canvases, b"profile")

    assert "<title>a&lt;b&gt;&amp;?.png: bicubic and &lt;network&gt;</title>" in page
    assert not re.search(r"\$\w|https?://|<link|<script src", page)
    found = re.findall(r'<img class="(\w+)" alt="[^"]*" src="data:image/png;base64,([^"]+)"', page)
    assert [name for name, _ in found] == ["left", "right", "original"]
    by_name = dict(found)
    for name, expected in zip(("original", "left", "right"), pictures, strict=True):
        with Image.open(io.BytesIO(base64.b64decode(by_name[name]))) as image:
            np.testing.assert_array_equal(np.asarray(image), expected)
            assert image.info["icc_profile"] == b"profile"


def test_large_pictures_are_stored_as_jpeg_which_is_said(monkeypatch):
    monkeypatch.setattr(comparing, "_MOST_PNG_PIXELS", 10)
    opaque = _canvas(np.full((9, 12, 3), 99, np.uint8))
    page = comparing.page("a.png", [("one", opaque), ("two", opaque)], None)
    assert "data:image/jpeg" in page and "stored here as JPEGs of quality 95" in page
    clear = _canvas(np.zeros((9, 12, 4), np.uint8))
    page = comparing.page("a.png", [("one", clear), ("two", clear)], None)
    assert "data:image/png" in page and "stored here" not in page
