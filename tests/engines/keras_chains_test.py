"""A chain of a user's own Keras layers becomes a network that gives the same."""

import keras
import numpy as np
import pytest
from keras import layers

import srcnn_tf


def _model(*chain):
    return keras.Sequential([keras.Input((None, None, 1)), *chain])


def _randomize(model):
    random = np.random.default_rng(0)
    model.set_weights([random.normal(0, 0.2, each.shape) for each in model.get_weights()])


def test_on_the_bicubic_grid_it_gives_what_the_model_gives():
    model = _model(
        layers.Conv2D(8, 5, activation="relu"),
        layers.Conv2D(6, 3),
        layers.PReLU(shared_axes=[1, 2]),
        layers.Conv2D(4, 1),
        layers.Activation("tanh"),
        layers.Conv2D(1, 3),
    )
    _randomize(model)
    network = srcnn_tf.network_from_keras(model, "mine")
    assert (network.name, network.architecture.grid) == ("mine", "bicubic")
    plane = np.random.default_rng(1).random((20, 30), np.float32)
    restored = srcnn_tf.runner(network)(plane)
    halo = network.architecture.halo
    expected = model(plane[None, ..., None]).numpy()[0, ..., 0]
    np.testing.assert_allclose(restored[halo:-halo, halo:-halo], expected, atol=1e-5)


def test_on_the_low_grid_depth_to_space_follows():
    model = _model(layers.Conv2D(8, 3, padding="same"), layers.ReLU(), layers.Conv2D(9, 3))
    network = srcnn_tf.network_from_keras(model, "mine", 3)
    assert (network.architecture.grid, network.architecture.upscale) == ("low", 3)
    assert srcnn_tf.upscale(np.zeros((5, 6), np.float32), 3, network).shape == (15, 18)


def test_in_color_it_has_three_planes():
    model = keras.Sequential(
        [keras.Input((None, None, 3)), layers.Conv2D(8, 3, activation="relu"), layers.Conv2D(3, 3)]
    )
    _randomize(model)
    network = srcnn_tf.network_from_keras(model, "mine", color="rgb")
    assert (network.architecture.color, network.architecture.grid) == ("rgb", "bicubic")
    planes = np.random.default_rng(1).random((9, 8, 3), np.float32)
    restored = srcnn_tf.runner(network)(planes)
    np.testing.assert_allclose(restored[2:-2, 2:-2], model(planes[None])[0], rtol=0, atol=1e-5)
    with pytest.raises(ValueError, match="3 filters and needs its scale"):
        srcnn_tf.network_from_keras(model, "mine")
    with pytest.raises(ValueError, match="one of luminance, ycbcr, rgb, not 'lab'"):
        srcnn_tf.network_from_keras(model, "mine", color="lab")


def test_weights_go_there_and_back():
    model = _model(layers.Conv2D(8, 3), layers.PReLU(shared_axes=[1, 2]), layers.Conv2D(1, 3))
    _randomize(model)
    before = model.get_weights()
    network = srcnn_tf.network_from_keras(model, "mine")
    model.set_weights([np.zeros_like(each) for each in before])
    model.set_weights(srcnn_tf.keras_weights(model, network))
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("layer", "complaint"),
    [
        (layers.Conv2D(4, (3, 5)), "is not plain"),
        (layers.Conv2D(4, 3, strides=2), "is not plain"),
        (layers.Conv2D(4, 3, use_bias=False), "is not plain"),
        (layers.Conv2D(4, 3, activation="gelu"), "is not plain"),
        (layers.BatchNormalization(), "BatchNormalization"),
        (layers.ReLU(6), "ReLU"),
    ],
    ids=["oblong", "strides", "no bias", "gelu", "batch normalization", "ReLU6"],
)
def test_what_is_no_chain_of_convolutions_is_refused(layer, complaint):
    model = _model(layers.Conv2D(4, 3), layer, layers.Conv2D(1, 3))
    with pytest.raises(ValueError, match=complaint):
        srcnn_tf.network_from_keras(model, "mine")


def test_a_network_on_the_low_grid_needs_its_scale():
    with pytest.raises(ValueError, match="needs its scale"):
        srcnn_tf.network_from_keras(_model(layers.Conv2D(4, 3)), "mine")
    with pytest.raises(ValueError, match="ends with 4 filters where 9 pixels"):
        srcnn_tf.network_from_keras(_model(layers.Conv2D(4, 3)), "mine", 3)
