"""Networks of the paper's section 4 have names."""

import pytest

from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.families.srcnn import build


@pytest.mark.parametrize(
    ("name", "sides", "filters", "parameters"),
    [
        # Weights and biases; the paper counts 8,032 weights of 9-1-5, and 57,184 of 9-5-5.
        ("srcnn-9-1-5", (9, 1, 5), (64, 32, 1), 8_032 + 97),
        ("srcnn-9-5-5", (9, 5, 5), (64, 32, 1), 57_184 + 97),
        ("srcnn-9-1-5-f128-64", (9, 1, 5), (128, 64, 1), 128 * 81 + 128 * 64 + 64 * 25 + 193),
        ("srcnn-9-1-5-f32-16", (9, 1, 5), (32, 16, 1), 32 * 81 + 32 * 16 + 16 * 25 + 49),
        ("srcnn-9-1-1-5", (9, 1, 1, 5), (64, 32, 16, 1), 5_184 + 2_048 + 512 + 400 + 113),
        ("srcnn-11-1-7", (11, 1, 7), (64, 32, 1), 64 * 121 + 2_048 + 32 * 49 + 97),
    ],
)
def test_names_say_sides_and_filters(name, sides, filters, parameters):
    network = find_architecture(name)
    assert (network.kernel_sizes, network.filters) == (sides, filters)
    assert network.parameters == parameters


@pytest.mark.parametrize(
    "name", ["srcnn-9-5", "srcnn-8-1-5", "srcnn-9-1-5-f64", "srcnn-9-1-5-f64-32-1", "srcnn-9-0-5"]
)
def test_what_is_no_network_is_none(name):
    assert build(name) is None
