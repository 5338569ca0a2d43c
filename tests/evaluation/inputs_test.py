"""Each network is given the plane of its grid."""

import numpy as np
import pytest

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.evaluation.inputs import network_input
from srcnn_tf.imaging.degradation import degrade


class _Runner:
    def __init__(self, grid):
        self.grid = grid


@pytest.fixture
def pair(photo):
    return degrade(photo, 3)


def test_the_grid_says_which_plane(pair):
    planes = [np.squeeze(plane, -1) for plane in (pair.hr_y, pair.bicubic_y, pair.lr_y)]
    for picture in (pair, EvaluationPicture("a.png", *planes)):
        for runner in (_Runner("bicubic"), lambda plane: plane):  # Without a grid: bicubic.
            np.testing.assert_array_equal(network_input(runner, picture), planes[1])
        np.testing.assert_array_equal(network_input(_Runner("low"), picture), planes[2])


def test_a_missing_plane_or_grid_is_an_error(pair):
    picture = EvaluationPicture("a.png", pair.hr_y[..., 0], pair.bicubic_y[..., 0])
    with pytest.raises(ValueError, match="on the low grid, and the picture has no lr_y"):
        network_input(_Runner("low"), picture)
    with pytest.raises(ValueError, match="bicubic or low, not 'high'"):
        network_input(_Runner("high"), picture)
