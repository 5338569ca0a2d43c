"""Compression there and back: the tables are libjpeg's, and what is lost falls with quality."""

import io

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.evaluation.metrics.psnr import psnr
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.compression import jpeg_round_trip, luminance_table, webp_round_trip


def test_tables_are_those_that_pillow_writes():
    gray = Image.new("L", (8, 8))
    for quality in range(1, 101):
        file = io.BytesIO()
        gray.save(file, "JPEG", quality=quality)
        written = np.reshape(Image.open(file).quantization[0], (8, 8))
        np.testing.assert_array_equal(luminance_table(quality), written)


@pytest.mark.parametrize("quality", [0, 101])
def test_other_qualities_are_refused(quality):
    with pytest.raises(ValueError, match="from 1 to 100"):
        luminance_table(quality)


@pytest.mark.parametrize("round_trip", [jpeg_round_trip, webp_round_trip])
def test_higher_quality_loses_less(photo, round_trip):
    plane = rgb_to_y(photo)
    results = [round_trip(plane, quality) for quality in (10, 50, 95)]
    assert all(each.shape == plane.shape and each.dtype == np.uint8 for each in results)
    scores = [psnr(plane, each) for each in results]
    assert scores == sorted(scores)
    assert scores[0] < 35 and scores[2] > 38


def test_webp_keeps_the_range_of_y():
    flat = np.full((32, 48), 120, np.uint8)
    flat[:, 24:] = 200
    assert np.abs(webp_round_trip(flat, 95).astype(int) - flat)[:, :16].max() <= 1
