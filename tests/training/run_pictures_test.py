"""The picture by which a run is watched is cut alike from all planes."""

import numpy as np
import pytest

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.training import run_pictures


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_the_crop_lies_on_the_low_grid(photo, scale):
    pair = degrade(photo, scale)
    planes = [plane[..., 0] for plane in (pair.hr_y, pair.bicubic_y, pair.lr_y)]
    crop = run_pictures.sample([EvaluationPicture("a.png", *planes)], scale)
    height, width = crop.hr_y.shape
    assert 100 < height <= 112 and crop.bicubic_y.shape == (height, width)
    assert crop.lr_y.shape == (height // scale, width // scale)
    windows = np.lib.stride_tricks.sliding_window_view(planes[0], crop.hr_y.shape)
    (top, left), *_ = np.argwhere((windows == crop.hr_y).all((2, 3)))
    low = planes[2][top // scale :, left // scale :][: height // scale, : width // scale]
    assert top % scale == left % scale == 0
    np.testing.assert_array_equal(crop.lr_y, low)


def test_a_network_on_the_low_grid_is_shown_beside_bicubic(photo):
    pair = degrade(photo, 2)
    planes = [plane[..., 0] for plane in (pair.hr_y, pair.bicubic_y, pair.lr_y)]
    crop = run_pictures.sample([EvaluationPicture("a.png", *planes)], 2)

    class Repeat:
        grid = "low"

        def __call__(self, plane):
            return plane.repeat(2, axis=0).repeat(2, axis=1)

    strip = run_pictures.side_by_side(crop, Repeat())
    side = crop.hr_y.shape[0] - 16
    assert strip.shape == (side, 3 * side + 8) and strip.dtype == np.uint8
    np.testing.assert_array_equal(strip[:, -side:], crop.hr_y[8:-8, 8:-8])
