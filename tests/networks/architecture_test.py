"""The networks have the paper's sizes, and start from the weights they are said to start from."""

import numpy as np
import pytest

from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.families.srcnn import ARCHITECTURES
from srcnn_tf.networks.initialization import draw_arrays


@pytest.mark.parametrize(
    ("name", "weights", "parameters", "radius"),
    [
        ("srcnn-9-1-5", 8032, 8129, 6),
        ("srcnn-9-3-5", 24416, 24513, 7),
        ("srcnn-9-5-5", 57184, 57281, 8),
    ],
)
def test_sizes_are_the_papers(name, weights, parameters, radius):
    network = find_architecture(name)

    assert network.name == name
    assert network.multiply_adds == weights
    assert network.parameters == parameters
    assert network.radius == radius


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match=r"srcnn-9-9-8.*srcnn-9-1-5, srcnn-9-3-5, srcnn-9-5-5"):
        find_architecture("srcnn-9-9-8")


@pytest.mark.parametrize("initialization", ["identity", "he", "paper"])
def test_initial_weights_fit_the_network_and_depend_on_the_seed_alone(initialization):
    network = find_architecture("srcnn-9-5-5")

    arrays = draw_arrays(network, initialization, seed=7)

    assert list(arrays) == list(network.array_shapes)
    assert sum(array.size for array in arrays.values()) == network.parameters
    again = draw_arrays(network, initialization, seed=7)
    other = draw_arrays(network, initialization, seed=8)
    for layer, shape in enumerate([(9, 9, 1, 64), (5, 5, 64, 32), (5, 5, 32, 1)], start=1):
        kernel, bias = arrays[f"conv{layer}/kernel"], arrays[f"conv{layer}/bias"]
        assert kernel.shape == shape
        assert kernel.dtype == bias.dtype == np.float32
        np.testing.assert_array_equal(bias, np.zeros(shape[3]))
        np.testing.assert_array_equal(kernel, again[f"conv{layer}/kernel"])
        assert (kernel != other[f"conv{layer}/kernel"]).any()


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_deviations_are_those_of_the_papers(name):
    network = find_architecture(name)
    for initialization in ("he", "paper"):
        arrays = draw_arrays(network, initialization, seed=0)
        for kernel in (array for name, array in arrays.items() if name.endswith("kernel")):
            he = np.sqrt(2 / np.prod(kernel.shape[:3]))
            expected = he if initialization == "he" else 0.001
            # Within five standard errors.
            error = 5 / np.sqrt(2 * kernel.size)
            assert kernel.std() == pytest.approx(expected, rel=error)
            assert abs(kernel.mean()) < 5 * expected / np.sqrt(kernel.size)


def test_an_unknown_initialization_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match=r"glorot.*identity.*he.*paper"):
        draw_arrays(find_architecture("srcnn-9-1-5"), "glorot", 0)
