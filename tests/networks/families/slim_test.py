"""Slim networks are named by rule, and are as large as published."""

import pytest

from srcnn_tf.networks.families.family import family_of, find_architecture


@pytest.mark.parametrize(
    ("name", "scale", "parameters", "multiply_adds"),
    [
        ("slim-10x16", 4, 25_856, (144 + 10 * 2304 + 16 * 144) / 16),
        ("slim-10x16", 2, 24_116, (144 + 10 * 2304 + 4 * 144) / 4),
        ("slim-10x32", 4, 97_776, (288 + 10 * 9216 + 16 * 288) / 16),
        ("slim-4x8", 3, 3_113, (72 + 4 * 576 + 9 * 72) / 9),
    ],
)
def test_sizes_follow_from_the_name(name, scale, parameters, multiply_adds):
    network = find_architecture(name, scale)
    assert network.parameters == parameters
    assert network.multiply_adds == pytest.approx(multiply_adds)
    assert network.global_skip == "nearest"


@pytest.mark.parametrize(("name", "layers"), [("slim-1x1", 3), ("slim-20x48", 22)])
def test_any_depth_and_width_can_be_named(name, layers):
    network = find_architecture(name, 3)
    assert len(network.layers) == layers
    assert network.halo == layers


@pytest.mark.parametrize("name", ["slim-0x16", "slim-10x0", "slim-10", "slim-10x16b", "slim-01x2"])
def test_names_that_say_nothing_sensible_are_unknown(name):
    with pytest.raises(ValueError, match=r"no network .* slim-10x16"):
        family_of(name)
