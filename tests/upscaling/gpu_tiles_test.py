"""On a GPU tiles follow from its memory, one is on it at a time, and files are read meanwhile."""

import threading

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from srcnn_tf.engines import runners
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.network import initial_network
from srcnn_tf.upscaling import batch, enlargers, gpu_tiles, one_picture
from srcnn_tf.upscaling.enlargers import make_enlarger
from srcnn_tf.upscaling.plan import Job

_GIB = 1 << 30


@pytest.mark.parametrize(
    ("name", "free", "side"),
    [
        ("srcnn-9-5-5", 80 * _GIB, 2048),
        # 224 floats a pixel: 2 x 64 that are read, 3 x 32 that are made.
        ("srcnn-9-5-5", 14 * _GIB, 2048),
        ("srcnn-9-5-5", 4 * _GIB, 1088),
        ("srcnn-9-5-5", 100 << 20, 512),
        ("srcnn-9-5-5", None, 512),
        ("slim-10x16", 1 * _GIB, 2048),
    ],
)
def test_tiles_fit_into_the_memory_that_is_free(name, free, side):
    network = find_architecture(name, 4)
    assert gpu_tiles.tile_side(network, free) == side
    if free and side > gpu_tiles.AUTO_TILE:
        assert side**2 * gpu_tiles.bytes_per_pixel(network) <= free / 4


def test_only_tensorflow_on_a_gpu_has_other_tiles(monkeypatch):
    network = initial_network("srcnn-9-1-5", None, "he", 0)
    monkeypatch.setattr(gpu_tiles, "free_gpu_memory", lambda: 80 * _GIB)
    assert make_enlarger(network, 2).tiler.side == gpu_tiles.AUTO_TILE
    monkeypatch.setattr(gpu_tiles, "on_gpu", lambda: True)
    assert make_enlarger(network, 2).tiler.side == gpu_tiles.AUTO_TILE
    monkeypatch.setattr(enlargers.runners, "_has_gpu", lambda: True)
    assert make_enlarger(network, 2).tiler.side == gpu_tiles.LARGEST_TILE
    assert make_enlarger(network, 2, tile=100).tiler.side == 100


def test_exhausted_memory_halves_a_gpus_tiles(monkeypatch):
    network = initial_network("srcnn-9-1-5", None, "he", 0)
    plane = np.random.default_rng(0).random((500, 70), np.float32)
    expected = runners.runner(network, "tensorflow")(plane)
    monkeypatch.setattr(gpu_tiles, "on_gpu", lambda: True)
    monkeypatch.setattr(gpu_tiles, "free_gpu_memory", lambda: None)
    monkeypatch.setattr(enlargers.runners, "_has_gpu", lambda: True)
    enlarger = make_enlarger(network, 2)
    run, seen = enlarger._runner._run, []

    def poor(plane):
        seen.append(plane.shape)
        if max(plane.shape) > 300:
            raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
        return run(plane)

    monkeypatch.setattr(enlarger._runner, "_run", poor)
    np.testing.assert_allclose(enlarger.run(plane), expected, atol=1e-6)
    assert seen[0] == (500, 70) and enlarger.tiler.side == 250


def test_one_plane_at_a_time_is_on_the_gpu(monkeypatch):
    monkeypatch.setattr(runners, "_has_gpu", lambda: True)
    run = runners.runner(initial_network("srcnn-9-1-5", None, "he", 0), "tensorflow")
    done = threading.Event()

    def work():
        run(np.zeros((9, 9), np.float32))
        done.set()

    with runners._GPU:
        threading.Thread(target=work, daemon=True).start()
        assert not done.wait(0.3)
    assert done.wait(30)


def test_a_picture_is_read_while_another_is_written(tmp_path, monkeypatch):
    for name in "ab":
        Image.new("L", (8, 8), 90).save(tmp_path / f"{name}.png")
    both_read = threading.Barrier(2, timeout=30)
    write = one_picture.write_picture

    def write_later(*given):
        both_read.wait()
        return write(*given)

    monkeypatch.setattr(one_picture, "write_picture", write_later)
    network = initial_network("srcnn-9-1-5", None, "he", 0)
    jobs = [Job(tmp_path / f"{name}.png", tmp_path / f"{name}_x2.png") for name in "ab"]
    done = batch.run(jobs, make_enlarger(network, 2), batch.BatchOptions(jobs=3))
    assert (done.done, done.failed) == (2, 0)
