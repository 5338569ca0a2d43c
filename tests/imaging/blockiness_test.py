"""JPEG's grid is found in compressed pictures, wherever they were cropped, and nowhere else."""

import numpy as np
import pytest

from srcnn_tf.imaging.blockiness import blockiness
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.compression import jpeg_round_trip


def test_stronger_compression_shows_more(photo):
    plane = rgb_to_y(photo)
    found = [blockiness(jpeg_round_trip(plane, quality) / 255) for quality in (10, 30, 60)]
    assert found == sorted(found, reverse=True)
    assert abs(blockiness(plane / 255)) < 0.1 < found[-1]


def test_it_does_not_depend_on_where_the_picture_was_cropped(photo):
    jpeg = jpeg_round_trip(rgb_to_y(photo), 30) / 255
    whole = blockiness(jpeg)
    for top, left in ((3, 5), (7, 1)):
        assert blockiness(jpeg[top:, left:]) == pytest.approx(whole, abs=0.1)


def test_noise_flat_colors_and_small_pictures_have_none():
    assert abs(blockiness(np.random.default_rng(0).random((200, 300)))) < 0.05
    assert blockiness(np.full((64, 64), 0.5)) == 0
    assert blockiness(np.zeros((20, 500))) == 0
