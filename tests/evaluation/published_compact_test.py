"""What other networks cost follows from their layers, as their papers count them."""

import pytest

from srcnn_tf.evaluation import published_compact
from srcnn_tf.networks.families.family import find_architecture

_NETWORKS = {network.title: network for network in published_compact.NETWORKS}


@pytest.mark.parametrize(
    ("title", "scale", "weights"),
    [
        ("SRCNN 9-5-5", 3, 57_184),
        ("FSRCNN", 3, 12_464),
        ("ESPCN", 3, 22_624),
        ("VDSR", 2, 664_704),
        ("c-DCSCN", 2, 27_000),
        ("ECBSR-M4C8", 2, 2_800),
        ("ECBSR-M4C16", 2, 10_000),
        ("SESR-M3", 2, 8_910),
        ("SESR-M11", 2, 27_340),
        ("SESR-M11", 4, 32_140),
        ("LAPAR-C", 2, 87_000),
        ("LAPAR-C", 4, 115_000),
        ("NinaSR-B0", 2, 100_000),
    ],
)
def test_layers_have_the_weights_that_were_published(title, scale, weights):
    """Published counts are rounded, and some hold biases and slopes, or small gates."""
    assert _NETWORKS[title].weights(scale) == pytest.approx(weights, rel=0.06)


def test_cost_is_per_output_pixel():
    for title, name in (("SRCNN 9-5-5", "srcnn-9-5-5"), ("ESPCN", "espcn")):
        expected = find_architecture(name, 3).multiply_adds
        assert _NETWORKS[title].multiply_adds(3) == pytest.approx(expected)
    # Its paper: 35.0 G for 1280 x 720.
    assert _NETWORKS["LAPAR-C"].multiply_adds(2) == pytest.approx(35e9 / (1280 * 720), rel=0.03)
    assert _NETWORKS["VDSR"].multiply_adds(4) == 664_704


def test_every_network_has_figures_with_a_source():
    assert _NETWORKS["FSRCNN"].scores["bsd100"] == {2: 31.53, 4: 26.98}
    assert _NETWORKS["SRCNN 9-5-5"].scores["set5"][4] == 30.49
    for network in published_compact.NETWORKS:
        assert network.scores["set5"] and network.source and network.training_data
