"""`modcrop` and `shave` keep the pixels they should, and say so when none would be left."""

import numpy as np
import pytest

from srcnn_tf.imaging.cropping import modcrop, shave


@pytest.mark.parametrize("shape", [(17, 10), (17, 10, 3)])
@pytest.mark.parametrize(
    ("scale", "size"), [(1, (17, 10)), (2, (16, 10)), (3, (15, 9)), (4, (16, 8)), (10, (10, 10))]
)
def test_modcrop_keeps_the_top_left_multiple(shape, scale, size):
    image = np.arange(np.prod(shape)).reshape(shape)

    np.testing.assert_array_equal(modcrop(image, scale), image[: size[0], : size[1]])


def test_modcrop_refuses_an_empty_result():
    with pytest.raises(ValueError, match=r"7 x 2 pixels .* scale 3"):
        modcrop(np.zeros((2, 7)), 3)
    with pytest.raises(ValueError, match=r"2 x 7 pixels .* scale 3"):
        modcrop(np.zeros((7, 2, 3)), 3)


def test_shave_cuts_all_four_sides():
    image = np.arange(7 * 9 * 3).reshape(7, 9, 3)

    np.testing.assert_array_equal(shave(image, 3), image[3:4, 3:6])
    np.testing.assert_array_equal(shave(image[..., 0], 1), image[1:6, 1:8, 0])
    np.testing.assert_array_equal(shave(image, 0), image)


@pytest.mark.parametrize(("shape", "border"), [((6, 9), 3), ((9, 6, 3), 3), ((5, 5), 9)])
def test_shave_refuses_an_empty_result(shape, border):
    with pytest.raises(ValueError, match=f"shave {border} pixels"):
        shave(np.zeros(shape), border)


def test_shave_refuses_a_negative_border():
    with pytest.raises(ValueError, match="-1 pixels"):
        shave(np.zeros((5, 5)), -1)


def test_a_scale_of_nothing_is_refused():
    for scale in (0, -2):
        with pytest.raises(ValueError, match="scale must be a positive integer"):
            modcrop(np.zeros((8, 8)), scale)
