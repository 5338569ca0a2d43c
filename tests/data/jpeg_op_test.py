"""JPEG's loss by TensorFlow's ops is that of Pillow's codec."""

import numpy as np
import pytest

from srcnn_tf.data.jpeg_op import jpeg_loss
from srcnn_tf.evaluation.metrics.psnr import psnr
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.compression import jpeg_round_trip


def _loss(plane, quality):
    return jpeg_loss(plane[None].astype(np.float32), [quality])[0].numpy()


@pytest.mark.parametrize("quality", [5, 30, 75, 95])
def test_it_is_what_pillow_gives(photo, quality):
    plane = rgb_to_y(photo)[:144]
    ours, pillows = _loss(plane, quality).astype(np.uint8), jpeg_round_trip(plane, quality)
    # A codec computes in integers, so that now and then a coefficient is rounded otherwise.
    assert np.mean(ours == pillows) > 0.75
    assert psnr(pillows, ours) > 48
    assert psnr(plane, ours) == pytest.approx(psnr(plane, pillows), abs=0.03)


def test_each_plane_has_its_own_quality(photo):
    plane = rgb_to_y(photo)[:144]
    both = jpeg_loss(np.stack([plane, plane]).astype(np.float32), [10, 90]).numpy()
    np.testing.assert_array_equal(both[0], _loss(plane, 10))
    np.testing.assert_array_equal(both[1], _loss(plane, 90))


@pytest.mark.parametrize("subsampling", ["4:2:0", "4:4:4"])
@pytest.mark.parametrize("quality", [20, 80])
def test_luminance_of_color_files_does_not_depend_on_their_colors(photo, quality, subsampling):
    """So stretching Y, losing what gray JPEG loses, and shrinking it back stands for color."""
    photo = photo[:144]
    seen = rgb_to_y(jpeg_round_trip(photo, quality, subsampling))
    stretched = np.rint(np.clip((rgb_to_y(photo / 255.0) * 255 - 16) * 255 / 219, 0, 255))
    stood_for = np.rint(_loss(stretched, quality) * 219 / 255 + 16).astype(np.uint8)
    lost, ours = (psnr(rgb_to_y(photo), each) for each in (seen, stood_for))
    assert ours == pytest.approx(lost, abs=0.1)
    assert psnr(seen, stood_for) > lost + 6
