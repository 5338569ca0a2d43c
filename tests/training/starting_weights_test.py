"""A run starts from weights of the same network, for another scale too, and by a shipped name."""

import numpy as np
import pytest

from srcnn_tf.engines.runners import runner
from srcnn_tf.networks.network import initial_network
from srcnn_tf.networks.pretrained_weights import pretrained_path
from srcnn_tf.networks.weight_files import read_network, write_network
from srcnn_tf.networks.weights_info import WeightsInfo
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.run_folder import TrainingError
from srcnn_tf.training.starting_weights import starting_arrays


def _file(tmp_path, name, scale):
    network = initial_network(name, scale, "he", seed=3)
    info = WeightsInfo(name, scale, training_data="none", steps=1)
    write_network(tmp_path / "a.safetensors", network.replace(info=info))
    return str(tmp_path / "a.safetensors"), network


@pytest.mark.parametrize("name", ["slim-4x8", "espcn", "fsrcnn", "espcn-rgb"])
def test_each_new_pixel_begins_as_the_nearest_old_one(tmp_path, name):
    path, before = _file(tmp_path, name, 2)
    config = TrainConfig(scale=4, network=name, initial_weights=path, padding="replicate")
    after = initial_network(name, 4).replace(arrays=starting_arrays(config))
    for layer, array in list(before.arrays.items()):
        if not layer.startswith(f"conv{len(before.architecture.layers)}/"):
            np.testing.assert_array_equal(after.arrays[layer], array)
    if name == "fsrcnn":
        return  # Its last layer sees less for x4.
    shape = (9, 7, *before.architecture.color_mode.plane_axes)
    plane = np.random.default_rng(0).random(shape, np.float32)
    twice = runner(before)(plane).repeat(2, axis=0).repeat(2, axis=1)
    np.testing.assert_allclose(runner(after)(plane), twice, atol=1e-5)


def test_a_network_of_the_package_is_named():
    config = TrainConfig(
        scale=3, network="srcnn-9-1-5", equivariant=False, initial_weights="srcnn-9-1-5_x2"
    )
    shipped = read_network(pretrained_path("srcnn-9-1-5", 2))
    np.testing.assert_array_equal(
        starting_arrays(config)["conv2/kernel"], shipped.arrays["conv2/kernel"]
    )


def test_what_is_not_there_is_named():
    with pytest.raises(TrainingError, match="no weight file nothing_x2"):
        starting_arrays(TrainConfig(scale=3, initial_weights="nothing_x2"))
