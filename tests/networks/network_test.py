"""A network is a value: immutable, equal to its file, and other processes can have it."""

import multiprocessing
import pickle

import numpy as np
import pytest
from drawn_networks import EVERYTHING, drawn

from srcnn_tf.engines.runners import runner
from srcnn_tf.networks.network import Network, initial_network
from srcnn_tf.networks.weight_files import read_network, write_network
from srcnn_tf.networks.weights_info import WeightsInfo

_EACH = pytest.mark.parametrize("architecture", EVERYTHING, ids=lambda each: each.name)


def _described(architecture, seed=0):
    scale = max(architecture.upscale, 2)
    return drawn(architecture, seed).replace(
        info=WeightsInfo(architecture.name, scale, "drawn", 7, scores={"set5": {"psnr": 30.5}})
    )


@_EACH
def test_a_network_equals_its_file_and_its_pickle(architecture, tmp_path):
    network = _described(architecture)
    write_network(tmp_path / "a.safetensors", network)
    # No family of such networks is registered: the file says what it is made of.
    assert read_network(tmp_path / "a.safetensors") == network
    assert pickle.loads(pickle.dumps(network)) == network
    assert network != _described(architecture, seed=1)


def test_arrays_cannot_be_changed():
    arrays = dict(drawn(EVERYTHING[0]).arrays)
    arrays = {name: array.copy() for name, array in arrays.items()}
    network = Network(EVERYTHING[0], arrays)
    arrays["conv1/bias"][:] = 7
    assert not np.any(network.arrays["conv1/bias"] == 7)
    with pytest.raises(ValueError, match="read-only"):
        network.arrays["conv1/bias"][:] = 0
    with pytest.raises(TypeError):
        network.arrays["conv1/bias"] = 0
    with pytest.raises(AttributeError):
        network.architecture = None


def test_arrays_that_do_not_fit_are_named():
    arrays = dict(drawn(EVERYTHING[1]).arrays)
    missing = {name: array for name, array in arrays.items() if name != "conv2/slope"}
    with pytest.raises(ValueError, match=r"conv2/slope .* must be \(6,\), and is absent"):
        Network(EVERYTHING[1], missing)
    with pytest.raises(ValueError, match=r"conv9/kernel .* must be absent"):
        Network(EVERYTHING[1], arrays | {"conv9/kernel": np.zeros(3)})
    with pytest.raises(ValueError, match=r"conv1/bias .* and is \(7,\)"):
        Network(EVERYTHING[1], arrays | {"conv1/bias": np.zeros(7)})


def _restore(network, plane):
    return runner(network, "numpy")(plane)


@pytest.mark.slow
def test_other_processes_can_have_it():
    network = drawn(EVERYTHING[1])
    plane = np.random.default_rng(0).random((9, 8), np.float32)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        there = pool.apply(_restore, (network, plane))
    np.testing.assert_array_equal(there, _restore(network, plane))


def test_files_of_another_name_or_scale_are_refused(tmp_path):
    network = drawn(EVERYTHING[1])
    with pytest.raises(ValueError, match="no info"):
        write_network(tmp_path / "a.safetensors", network)
    info = WeightsInfo("another", 2, "drawn", 7)
    with pytest.raises(ValueError, match="another name"):
        write_network(tmp_path / "a.safetensors", network.replace(info=info))


def test_networks_that_depend_on_the_scale_ask_for_it():
    assert initial_network("srcnn-9-1-5").scale is None
    with pytest.raises(ValueError, match="no network 'srcnn-9-9-8'"):
        initial_network("srcnn-9-9-8", 2)
