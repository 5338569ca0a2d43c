"""FSRCNN is what its paper describes, and a skip."""

import numpy as np
import pytest
import tensorflow as tf
from drawn_networks import drawn

from srcnn_tf.engines.runners import runner
from srcnn_tf.networks.families.family import find_architecture


def test_it_has_the_papers_weights():
    network = find_architecture("fsrcnn", 3)
    assert network.kernel_sizes == (5, 1, 3, 3, 3, 3, 1, 3)
    assert network.filters == (56, 12, 12, 12, 12, 12, 56, 9)
    # Table 1 of the paper, where 9 x 9 and stride 3 leave no weight out.
    assert sum(int(np.prod(shape)) for shape in network.kernel_shapes) == 12_464
    assert network.parameters == 12_464 + 2 * (56 + 12 * 5 + 56) + 9


@pytest.mark.parametrize(("scale", "side"), [(2, 5), (3, 3), (4, 3)])
def test_each_new_pixel_sees_its_share_of_nine_weights(scale, side):
    network = find_architecture("fsrcnn", scale)
    assert network.kernel_sizes[-1] == side
    assert network.halo == 2 + 4 + side // 2


def test_the_last_layer_is_a_transposed_convolution():
    """For x3, where both have the same weights, TensorFlow's own gives the same pixels."""
    network = drawn(find_architecture("fsrcnn", 3))
    plane = np.random.default_rng(0).random((11, 12), np.float32)
    hidden = plane[None, ..., None]
    *layers, last = (
        {kind: network.arrays.get(f"conv{n}/{kind}") for kind in ("kernel", "bias", "slope")}
        for n in range(1, 9)
    )
    for layer in layers:
        border = layer["kernel"].shape[0] // 2
        padded = np.pad(hidden, ((0, 0), (border, border), (border, border), (0, 0)), "edge")
        hidden = tf.nn.conv2d(padded, layer["kernel"], 1, "VALID") + layer["bias"]
        hidden = np.maximum(hidden, 0) + layer["slope"] * np.minimum(hidden, 0)
    # Weight (r, c) of a block's pixel (p, q) is weight (3 (2 - r) + p, 3 (2 - c) + q) of 9 x 9.
    kernel = last["kernel"][::-1, ::-1].reshape(3, 3, 56, 3, 3).transpose(0, 3, 1, 4, 2)
    kernel = kernel.reshape(9, 9, 1, 56)
    size = [1, 3 * 11 + 6, 3 * 12 + 6, 1]
    expected = tf.nn.conv2d_transpose(hidden, kernel, size, 3, "VALID")[0, 3:-3, 3:-3, 0]
    inside = (slice(3, -3),) * 2  # Beyond the edge one repeats pixels and the other has none.
    ours = runner(network, "numpy")(plane) - plane.repeat(3, 0).repeat(3, 1)
    bias = np.tile(last["bias"].reshape(3, 3), (11, 12))
    np.testing.assert_allclose(ours[inside], (expected + bias)[inside], rtol=1e-4, atol=1e-5)
