"""Pictures are enlarged by networks in color: all three planes by the network, alpha by bicubic."""

import numpy as np
import pytest
from drawn_networks import drawn

from srcnn_tf.engines.runners import runner
from srcnn_tf.engines.strength import with_strength
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.imaging.tiling import Tiler
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.upscaling.enlarging import Enlarger

_EACH = pytest.mark.parametrize(
    "name", ["srcnn-9-1-5-rgb", "srcnn-9-1-5-ycbcr", "slim-2x8-rgb", "slim-2x8-ycbcr"]
)


def _enlarger(name, side=512):
    return Enlarger(3, Tiler(side), runner(drawn(find_architecture(name, 3)), "numpy"))


def _picture(*shape):
    return np.random.default_rng(0).random(shape, np.float32)


@_EACH
def test_colors_are_the_networks(name):
    picture, enlarger = _picture(13, 10, 3), _enlarger(name)
    mode = enlarger.color_mode
    planes = mode.planes_of(picture)
    seen = planes if enlarger.grid == "low" else imresize(planes, 3)
    expected = mode.picture_of(enlarger.run(seen), gray=False)
    np.testing.assert_allclose(enlarger.enlarge(picture), expected, rtol=0, atol=1e-5)


@_EACH
def test_gray_is_gray_of_what_a_gray_color_becomes(name):
    gray, enlarger = _picture(9, 8), _enlarger(name)
    colored = enlarger.enlarge(np.repeat(gray[..., None], 3, axis=2))
    weights = np.array([65.481, 128.553, 24.966]) / 219
    np.testing.assert_allclose(enlarger.enlarge(gray), colored @ weights, rtol=0, atol=1e-5)


@_EACH
@pytest.mark.parametrize("side", [3, 16])
def test_pictures_in_tiles_equal_the_whole(name, side):
    for shape in ((1, 1, 3), (13, 1, 1), (17, 13, 4), (6, 5, 2)):
        picture = _picture(*shape)
        if shape == (17, 13, 4):
            picture[:, 6:12, 3] = 0
        whole = _enlarger(name).enlarge(picture)
        tiled = _enlarger(name, side).enlarge(picture)
        assert whole.shape == (shape[0] * 3, shape[1] * 3, shape[2])
        np.testing.assert_allclose(tiled, whole, rtol=0, atol=3e-5)
        if shape[2] in (2, 4):
            alpha = np.clip(imresize(picture[..., -1], 3), 0, 1)
            np.testing.assert_allclose(whole[..., -1], alpha, rtol=0, atol=1e-6)


@_EACH
def test_without_strength_it_is_bicubic(name):
    picture, enlarger = _picture(7, 6, 3), _enlarger(name)
    idle = Enlarger(3, Tiler(512), with_strength(enlarger._runner, 0.0))
    expected = enlarger.bicubic().enlarge(picture)
    np.testing.assert_allclose(idle.enlarge(picture), expected, rtol=0, atol=1e-5)
