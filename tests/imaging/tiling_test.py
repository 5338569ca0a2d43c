"""Tiles have no seams whatever their size, and become smaller when memory runs out."""

import time

import numpy as np
import pytest

from srcnn_tf.engines.keras_models import create_network
from srcnn_tf.engines.runners import runner, self_ensemble
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.imaging.tiling import Tile, Tiler
from srcnn_tf.upscaling.enlarging import Enlarger


@pytest.fixture(scope="module")
def network():
    # Random weights of normal size: an untrained identity would hide wrong borders.
    return create_network("srcnn-9-3-5", initialization="he", seed=3)


@pytest.fixture(scope="module")
def run(network):
    return runner(network)


def _picture(*shape):
    return np.random.default_rng(sum(shape)).random(shape, np.float32)


def test_tiles_cover_every_pixel_once():
    for height, width, side in ((1, 1, 5), (7, 9, 3), (8, 8, 8), (1, 20, 6), (5, 4, 1)):
        covered = np.zeros((height, width), int)
        for tile, size in Tiler(side).map(height, width, lambda tile: tile.slices):
            covered[tile.slices] += 1
            assert size == tile.slices
            assert tile.bottom - tile.top <= side and tile.right - tile.left <= side
        assert (covered == 1).all()


@pytest.mark.parametrize("side", [1, 2, 5, 8, 16, 17, 31, 64])
def test_tiled_plane_equals_the_whole(network, run, side):
    for shape in ((1, 1), (1, 19), (19, 1), (33, 20) if side > 1 else (6, 7)):
        plane = _picture(*shape)

        tiled = Tiler(side).run(plane, run, network.architecture.halo)

        np.testing.assert_allclose(tiled, run(plane), rtol=0, atol=1e-5)


@pytest.mark.parametrize("scale", [2, 3, 4])
@pytest.mark.parametrize(
    "side", [7, 33, *(pytest.param(n, marks=pytest.mark.slow) for n in (3, 16, 50))]
)
def test_tiled_enlargement_equals_the_whole(run, scale, side):
    for shape in ((1, 1, 3), (1, 9, 3), (13, 1, 1), (23, 17, 4)):
        picture = _picture(*shape)
        if shape[2] == 4:
            picture[:, 6:12, 3] = 0  # Hidden pixels, whose color is made up from neighbors.
        whole = Enlarger(scale, Tiler(10_000), run).enlarge(picture)

        tiled = Enlarger(scale, Tiler(side), run).enlarge(picture)

        assert whole.shape == (shape[0] * scale, shape[1] * scale, shape[2])
        np.testing.assert_allclose(tiled, whole, rtol=0, atol=1e-5)


def test_smaller_overlap_would_show(network, run):
    plane = _picture(40, 40)

    tiled = Tiler(16).run(plane, run, network.architecture.halo - 1)

    assert np.abs(tiled - run(plane)).max() > 1e-3


def test_self_ensemble_in_tiles_has_no_seams(network, run):
    plane = _picture(30, 21)
    ensemble = self_ensemble(run)

    tiled = Tiler(11).run(plane, ensemble, network.architecture.halo)

    np.testing.assert_allclose(tiled, ensemble(plane), rtol=0, atol=1e-5)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_bicubic_in_tiles_is_imresize(scale):
    picture = _picture(25, 31)

    tiled = Enlarger(scale, Tiler(13)).enlarge(picture)

    expected = imresize(picture.astype(np.float64), scale)
    np.testing.assert_allclose(tiled, expected, rtol=0, atol=1e-6)


def _failing_above(pixels, calls):
    def work(plane):
        calls.append(plane.size)
        if plane.size > pixels:
            raise MemoryError
        return 2 * plane

    return work


def test_tiles_are_halved_when_memory_runs_out(caplog):
    plane = _picture(300, 200)
    calls = []
    tiler = Tiler(1000)

    with caplog.at_level("WARNING", "srcnn_tf"):
        result = tiler.run(plane, _failing_above(90 * 90, calls), halo=0)

    np.testing.assert_array_equal(result, 2 * plane)
    assert tiler.side == 75
    assert len(calls) == 2 + 4 * 3  # 300 and 150 fail; 75 is used from then on.
    assert [record.getMessage() for record in caplog.records] == [
        "memory ran out; going on in tiles of 150 pixels",
        "memory ran out; going on in tiles of 75 pixels",
    ]


@pytest.mark.parametrize("at_once", [2, 5])
def test_several_at_once_give_the_tiles_of_one_after_the_other(at_once):
    finished = []

    def work(tile):
        time.sleep(0.001 * (tile.left == 0))  # Later tiles would overtake it.
        finished.append(tile)
        if max(tile.bottom - tile.top, tile.right - tile.left) > 40:
            raise MemoryError
        return tile.pixels

    tiles = dict(Tiler(64, at_once=at_once).map(100, 150, work))

    assert tiles == {tile: tile.pixels for tile in tiles}
    assert max(tile.right - tile.left for tile in tiles) == 32
    covered = np.zeros((100, 150), int)
    for tile in tiles:
        covered[tile.slices] += 1
    assert (covered == 1).all()
    assert sorted(tiles) == sorted(tile for tile, _ in Tiler(64).map(100, 150, work))


def test_finished_tiles_are_not_repeated():
    calls = []

    def work(tile):
        calls.append(tile)
        if tile == Tile(0, 64, 64, 128):
            raise MemoryError
        return None

    done = [tile for tile, _ in Tiler(64).map(64, 192, work)]

    assert done[0] == Tile(0, 64, 0, 64)
    assert sorted((t.bottom - t.top) * (t.right - t.left) for t in done) == [1024] * 8 + [4096]
    assert calls.count(Tile(0, 64, 0, 64)) == 1


def test_other_errors_are_raised():
    with pytest.raises(MemoryError):
        Tiler(1000).run(_picture(100, 100), _failing_above(10, []), halo=0)
    with pytest.raises(ZeroDivisionError):
        Tiler(1000).run(_picture(9, 9), lambda plane: 1 / 0, halo=0)
    with pytest.raises(ValueError, match="at least 1"):
        Tiler(0)
