"""The window that is chosen is the one that a search of all would choose."""

import numpy as np
import pytest

from srcnn_tf.imaging.windows import Window, window_with_max_sum


@pytest.mark.parametrize("border", [0, 3])
def test_finds_the_best_of_all_windows(border):
    plane = np.random.default_rng(border).normal(size=(20, 26))
    found = window_with_max_sum(plane, 7, 5, border)
    tried = {
        plane[y : y + 5, x : x + 7].sum(): Window(x, y, 7, 5)
        for y in range(border, 20 - 5 - border + 1)
        for x in range(border, 26 - 7 - border + 1)
    }
    assert found == tried[max(tried)]
    assert found.cut(plane).sum() == max(tried)


def test_window_is_clipped_to_the_plane():
    assert window_with_max_sum(np.ones((4, 6)), 100, 100, border=2) == Window(0, 0, 6, 4)
