"""Pictures become a network's planes, and planes pictures again."""

import numpy as np
import pytest
import skimage.color
from PIL import Image

from srcnn_tf.imaging.color import rgb_to_gray, rgb_to_y, rgb_to_ycbcr
from srcnn_tf.imaging.color_modes import COLOR_MODES, LUMINANCE, RGB, YCBCR
from srcnn_tf.imaging.resize import imresize

_EACH = pytest.mark.parametrize("mode", COLOR_MODES.values(), ids=lambda mode: mode.name)


@pytest.fixture(scope="module")
def colors():
    return np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)


@_EACH
@pytest.mark.parametrize("gray", [False, True])
def test_there_and_back(mode, gray, colors):
    picture = (colors[..., :1] if gray else colors) / 255
    planes = mode.planes_of(picture)
    assert planes.shape == (40, 50, 1 if gray and mode is LUMINANCE else 3)
    back = mode.picture_of(planes, gray)
    assert back.shape == picture.shape
    np.testing.assert_allclose(back, picture, rtol=0, atol=1e-12)


def test_planes_are_y_ycbcr_and_rgb(colors):
    np.testing.assert_array_equal(LUMINANCE.planes_of(colors)[..., 0], rgb_to_y(colors))
    np.testing.assert_array_equal(YCBCR.planes_of(colors), rgb_to_ycbcr(colors))
    expected = skimage.color.rgb2ycbcr(colors / 255) / 255
    np.testing.assert_allclose(YCBCR.planes_of(colors / 255), expected, rtol=0, atol=1e-12)
    assert RGB.planes_of(colors) is colors


def test_gray_is_its_own_luminance_and_a_color_to_the_others(colors):
    gray = colors[..., :1]
    assert LUMINANCE.planes_of(gray) is gray
    np.testing.assert_array_equal(RGB.planes_of(gray), np.repeat(gray, 3, axis=2))
    planes = YCBCR.planes_of(gray)
    assert (planes[..., 1:] == 128).all() and planes[..., 0].min() >= 16
    np.testing.assert_array_equal(RGB.picture_of(np.repeat(gray, 3, axis=2), gray=True), gray)
    # ITU-R BT.601's own weights.
    weights = np.array([0.299, 0.587, 0.114])
    np.testing.assert_allclose(rgb_to_gray(colors / 255), colors / 255 @ weights, atol=1e-4)


def test_shapes_of_planes():
    assert [mode.channels for mode in COLOR_MODES.values()] == [1, 3, 3]
    assert [mode.plane_axes for mode in COLOR_MODES.values()] == [(), (3,), (3,)]


def test_color_is_shrunk_as_matlab_shrinks_it(shared_data):
    image = np.asarray(Image.open(shared_data / "matlab/rgb_512x512.png"))
    expected = np.asarray(Image.open(shared_data / "matlab/rgb_512x512_to_123x234_uint8.png"))
    small = imresize(RGB.planes_of(image / 255), size=(123, 234))
    # MATLAB rounds 8-bit pictures between the passes and at the end, planes of networks are not.
    assert np.abs(255 * np.clip(small, 0, 1) - expected).max() < 1.5
