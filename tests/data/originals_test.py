"""Originals in color are read on request."""

import benchmark_data
import numpy as np

from srcnn_tf.data.pipeline import read_pictures
from srcnn_tf.imaging.color import rgb_to_y


def test_originals_come_with_their_pictures_on_request(tmp_path):
    builder = benchmark_data.prepare("set5", 3, pictures=3, data_dir=tmp_path)
    assert all(picture.hr is None for picture in read_pictures(builder, "test"))
    pictures = read_pictures(builder, "test", color=True)
    assert [picture.filename for picture in pictures] == ["noise0.png", "noise1.png", "noise2.png"]
    for picture in pictures:
        assert picture.hr.shape == (36, 48, 3)
        np.testing.assert_array_equal(rgb_to_y(picture.hr), picture.hr_y)
