"""ESPCN is what its paper describes, and a skip."""

import pytest

from srcnn_tf.networks.families.family import find_architecture


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_it_is_the_papers(scale):
    network = find_architecture("espcn", scale)
    assert network.kernel_sizes == (5, 3, 3)
    assert network.filters == (64, 32, scale**2)
    assert network.halo == 4
    assert network.global_skip == "nearest"
    # Section 2 and table 1 of the paper: 25 x 64, 9 x 64 x 32 and 9 x 32 x s^2 weights.
    assert network.multiply_adds == (1600 + 18432 + 288 * scale**2) / scale**2
    assert network.parameters == 1600 + 18432 + 288 * scale**2 + 64 + 32 + scale**2
