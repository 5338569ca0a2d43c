"""The vector kernels give what TensorFlow's layers give, at every size, for every network."""

import numpy as np
import pytest
import skimage.data
from drawn_networks import drawn_network

from srcnn_tf.engines import runners
from srcnn_tf.engines.cpu import inference as cpu_inference
from srcnn_tf.engines.cpu.function_builder import register_lanes
from srcnn_tf.engines.cpu.kernels import compile_kernels
from srcnn_tf.engines.cpu.shape import KernelShape
from srcnn_tf.engines.keras_models import create_network, load_pretrained
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.families.srcnn import ARCHITECTURES, chain
from srcnn_tf.networks.initialization import draw_arrays

# Sides below, at and above a tile, a block of tiles, a strip, and a band of rows.
_SIZES = [(1, 1), (2, 1), (1, 9), (5, 7), (8, 8), (13, 92), (30, 97), (129, 50), (260, 200)]


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_every_size_gives_what_tensorflow_gives(name):
    network = drawn_network(name)
    ours = runners.plane_enhancer(network, "vector")
    theirs = runners.plane_enhancer(network, "tensorflow")

    for size in _SIZES:
        plane = np.random.default_rng(1).random(size, np.float32)
        expected = theirs(plane)
        tolerance = 1e-5 * max(1, np.abs(expected).max())
        np.testing.assert_allclose(ours(plane), expected, rtol=0, atol=tolerance, err_msg=size)


@pytest.mark.parametrize("name", ["srcnn-9-1-5", "srcnn-9-5-5"])
def test_photographs_agree_to_a_four_hundredth_of_a_level(name):
    network = load_pretrained(name, scale=3)
    plane = degrade(skimage.data.coffee(), 3).bicubic_y[..., 0]

    ours = runners.plane_enhancer(network, "vector")(plane)
    theirs = runners.plane_enhancer(network, "tensorflow")(plane)

    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("threads", [1, 3, 8])
def test_the_number_of_threads_changes_nothing(threads):
    arrays = drawn_network("srcnn-9-5-5").get_arrays()
    plane = np.random.default_rng(2).random((150, 210), np.float32)
    expected = cpu_inference.fused_runner(find_architecture("srcnn-9-5-5"), arrays, 2)(plane)

    result = cpu_inference.fused_runner(find_architecture("srcnn-9-5-5"), arrays, threads)(plane)

    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("lanes", [4, 8, 16])
def test_code_for_narrower_registers_gives_the_same(lanes, monkeypatch):
    narrow = compile_kernels(KernelShape((9, 5, 5), (64, 32), lanes))
    network = drawn_network("srcnn-9-5-5")
    plane = np.random.default_rng(3).random((40, 60), np.float32)
    expected = runners.plane_enhancer(network, "tensorflow")(plane)

    monkeypatch.setattr(cpu_inference, "_compiled", lambda _: narrow)
    result = cpu_inference.fused_runner(network.architecture, network.get_arrays())(plane)

    tolerance = 1e-5 * np.abs(expected).max()
    np.testing.assert_allclose(result, expected, rtol=0, atol=tolerance)


def test_what_is_not_a_number_stays_visible():
    arrays = draw_arrays(find_architecture("srcnn-9-5-5"), "identity", seed=0)
    plane = np.full((60, 60), 0.5, np.float32)
    plane[30, 30] = np.nan

    result = cpu_inference.fused_runner(find_architecture("srcnn-9-5-5"), arrays)(plane)

    assert np.isnan(result[30, 30])
    assert np.isfinite(result[0, 0])


def test_an_empty_plane_stays_empty():
    arrays = draw_arrays(find_architecture("srcnn-9-1-5"), "identity", seed=0)

    result = cpu_inference.fused_runner(find_architecture("srcnn-9-1-5"), arrays)(
        np.empty((0, 5), np.float32)
    )

    assert result.shape == (0, 5)


def test_networks_of_other_shapes_are_left_to_tensorflow():
    assert all(cpu_inference.supports(known) for known in ARCHITECTURES.values())
    for sizes, filters in (
        ((9, 5), (64, 1)),
        ((9, 7, 5), (64, 32, 1)),
        ((9, 5, 5), (60, 32, 1)),
    ):
        assert not cpu_inference.supports(chain("other", sizes, filters))


def test_half_precision_runs_on_tensorflow(monkeypatch):
    def refuse(*_):
        raise AssertionError("the CPU engine computes in float32")

    monkeypatch.setitem(runners._ENGINES, "cpu", refuse)

    enhance = runners.plane_enhancer(create_network("srcnn-9-1-5", "mixed_bfloat16"))

    assert np.isfinite(enhance(np.zeros((9, 9), np.float32))).all()


def test_an_unknown_engine_is_refused():
    with pytest.raises(ValueError, match="one of auto, cpu, tensorflow, numpy, not 'gpu'"):
        runners.plane_enhancer(create_network("srcnn-9-1-5"), "gpu")


def test_registers_are_of_a_known_width():
    assert register_lanes() in (4, 8, 16)
