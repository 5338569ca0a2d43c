"""Networks in a chain, and the resize after them: the same as step by step, without seams."""

import numpy as np
import pytest

from srcnn_tf.engines import runners
from srcnn_tf.imaging import exact_resampling
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.imaging.tiling import Tile, Tiler
from srcnn_tf.networks.network import initial_network
from srcnn_tf.upscaling.chain import Chain
from srcnn_tf.upscaling.enlarging import Enlarger


@pytest.mark.parametrize("size", [(90, 131), (31, 40), (7, 100), (40, 53), (1, 1)])
def test_a_tile_of_a_resize_is_that_part_of_it(size):
    picture = np.random.default_rng(0).random((40, 53, 2))
    whole = imresize(picture, size=size)
    rows, columns = size
    for tile in (
        Tile(0, rows, 0, columns),
        Tile(rows // 3, rows // 3 + 1, 0, columns),
        Tile(rows // 2, rows, columns // 4, columns // 2 + 1),
    ):
        part = exact_resampling.resample_tile(
            lambda window: picture[window.slices], (40, 53), size, tile
        )
        np.testing.assert_allclose(part, whole[tile.slices], rtol=0, atol=1e-12)


def _enlarger(name, scale, tile):
    # Random weights of normal size: an untrained identity would hide wrong borders.
    network = initial_network(name, scale, "he", seed=scale)
    return Enlarger(scale, Tiler(tile), runners.runner(network, "numpy"))


def _picture(channels):
    picture = np.random.default_rng(1).random((17, 23, channels), np.float32)
    if channels in (2, 4):
        picture[:, 6:12, -1] = 0
    return picture


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("tile", [10_000, 37])
def test_a_chain_is_one_step_after_the_other(channels, tile):
    picture = _picture(channels)
    first, second = _enlarger("srcnn-9-1-5", 3, 10_000), _enlarger("slim-4x8", 2, 10_000)
    expected = second.enlarge(first.enlarge(picture))

    small = [_enlarger("srcnn-9-1-5", 3, tile), _enlarger("slim-4x8", 2, tile)]
    result = Chain(small, (17 * 6, 23 * 6), Tiler(tile)).enlarge(picture)

    visible = expected[..., -1:] > 0 if channels in (2, 4) else True
    np.testing.assert_allclose(result * visible, expected * visible, rtol=0, atol=2e-4)


@pytest.mark.parametrize("size", [(40, 50), (25, 34), (12, 16)])
def test_a_resize_at_the_end_is_matlabs(size):
    picture = _picture(3)
    enlarger = _enlarger("slim-4x8", 2, 10_000)
    enlargers = [enlarger] if size[0] > 17 else []
    expected = imresize(enlarger.enlarge(picture) if enlargers else picture, size=size)
    for tile in (10_000, 11):
        result = Chain(enlargers, size, Tiler(tile)).enlarge(picture)
        np.testing.assert_allclose(result, expected, rtol=0, atol=1e-4)
    bicubic = Chain(enlargers, size, Tiler(9)).bicubic().enlarge(picture)
    np.testing.assert_allclose(bicubic, imresize(picture, size=size), rtol=0, atol=1e-5)


def test_integers_are_rounded_once_and_hidden_colors_do_not_bleed():
    picture = np.zeros((20, 20, 4), np.uint8)
    picture[:, :10] = (200, 100, 50, 255)  # The right half is hidden, and black underneath.
    identity = Enlarger(2, Tiler(512), runners.runner(initial_network("srcnn-9-1-5"), "cpu"))

    result = Chain([identity], (33, 33), Tiler(512)).enlarge(picture)

    visible = result[..., 3] > 0
    assert visible[:, 17].any()
    np.testing.assert_allclose(result[visible][:, :3].astype(int) - (200, 100, 50), 0, atol=1)
    deep = (picture.astype(np.uint16)) * 257
    assert Chain([identity], (33, 33), Tiler(512)).enlarge(deep).dtype == np.uint16
