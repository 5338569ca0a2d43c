"""A comparison's scores are the protocol's, its colors the picture's, its window the best one."""

import numpy as np
import pytest

from srcnn_tf.evaluation.scoring import score
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.imaging.windows import Window
from srcnn_tf.reporting.comparison import compare
from srcnn_tf.reporting.library_bicubic import libraries


def _cheat(hr_y, top, left):
    """A "network" that restores the original in one 30 x 30 window and nowhere else."""

    def enhance(plane):
        result = plane.copy()
        window = slice(top, top + 30), slice(left, left + 30)
        result[window] = hr_y[window] / 255
        return result

    return enhance


def test_scores_are_those_of_the_protocol(photo):
    comparison = compare(photo, 3, libraries(tensorflow=False), {"same": lambda plane: plane})
    pair = degrade(photo, 3)
    expected = score(pair.bicubic_y[..., 0], pair.hr_y[..., 0], 3)
    by_title = {view.title: view for view in comparison.views}
    assert by_title["bicubic, MATLAB"].quality == by_title["same"].quality == expected
    assert comparison.views[0].quality is None


def test_looks_where_the_network_gains_most(photo):
    enhance = _cheat(degrade(photo, 3).hr_y[..., 0], 60, 120)
    window = compare(photo, 3, libraries(tensorflow=False), {"cheat": enhance}).window
    assert 120 <= window.x + window.width / 2 <= 150 and 60 <= window.y + window.height / 2 <= 90


def test_pictures_keep_their_colors_and_gray_stays_gray(photo):
    perfect = {"perfect": lambda plane: hr_y / np.float32(255)}
    hr_y = degrade(photo, 3).hr_y[..., 0]
    original, restored = compare(photo, 3, {}, perfect).views
    np.testing.assert_array_equal(original.pixels, photo[:150, :198])
    # Chroma was enlarged, luminance is the original's own.
    assert np.abs(rgb_to_y(restored.pixels).astype(int) - hr_y).mean() < 1
    assert restored.quality.psnr == np.inf

    gray = compare(photo[..., 0], 3, libraries(tensorflow=False), {}).views
    assert all(view.pixels.shape == (150, 198) for view in gray)


@pytest.mark.parametrize("window", [Window(190, 0, 20, 20), Window(0, 140, 20, 20)])
def test_a_window_that_leaves_the_picture_is_refused(photo, window):
    with pytest.raises(ValueError, match="not inside the picture of 198 x 150"):
        compare(photo, 3, {}, {}, window)
