"""Graphs of everything that an architecture can state give what `upscale` gives."""

import numpy as np
import pytest
from drawn_networks import EVERYTHING, drawn

import srcnn_tf
from srcnn_tf.exporting.contents import OUTPUT, Contents
from srcnn_tf.exporting.keras_graph import keras_graph, plane_graph
from srcnn_tf.exporting.parity import drawn_picture

_CASES = [
    pytest.param(architecture, color, id=f"{architecture.name}-{'color' if color else 'Y'}")
    for architecture in EVERYTHING
    for color in (False, True)
]


def _contents(architecture, color):
    network = drawn(architecture)
    return Contents(network, network.scale or 3, color)


def _check(contents, run, height, width):
    pixels = drawn_picture(height, width, contents.channels)
    source = pixels if contents.color else pixels.astype(np.float32) / 255
    expected = srcnn_tf.upscale(source, contents.scale, contents.network)
    found = run(source[None])[0]
    assert found.dtype == expected.dtype
    limit = 1 if contents.color else 1e-5
    np.testing.assert_allclose(found.astype(np.float64), expected, rtol=0, atol=limit)


@pytest.mark.parametrize(("architecture", "color"), _CASES)
def test_keras_graph_gives_what_upscale_gives(architecture, color):
    contents = _contents(architecture, color)
    model = keras_graph(contents)
    for size in ((2, 2), (13, 7)):
        _check(contents, lambda source: model(source).numpy(), *size)
    assert not model.trainable_variables


@pytest.mark.parametrize(("architecture", "color"), _CASES)
def test_onnx_graph_gives_what_upscale_gives(architecture, color):
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    from srcnn_tf.exporting.onnx_graph import onnx_graph

    contents = _contents(architecture, color)
    session = onnxruntime.InferenceSession(
        onnx_graph(contents).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    for size in ((2, 2), (13, 7)):
        _check(
            contents,
            lambda source: session.run([OUTPUT], {contents.input_name: source})[0],
            *size,
        )


@pytest.mark.parametrize("padding", ["replicate", "zeros"])
def test_the_network_alone_gives_what_its_runner_gives(padding):
    network = drawn(EVERYTHING[1])
    plane = drawn_picture(40, 31, 1)[..., 0].astype(np.float32) / 255
    expected = srcnn_tf.runner(network)(plane)
    found = plane_graph(network, 40, 31, padding)(plane[None, ..., None]).numpy()[0, ..., 0]
    # Where padding does not reach.
    inside = slice(12, -12) if padding == "zeros" else slice(None)
    np.testing.assert_allclose(found[inside, inside], expected[inside, inside], atol=1e-5)


def test_a_network_for_another_scale_is_refused():
    with pytest.raises(ValueError, match="for x2, not x3"):
        Contents(drawn(EVERYTHING[1]), 3)
    with pytest.raises(ValueError, match="precision must be one of"):
        Contents(drawn(EVERYTHING[1]), 2, precision="float8")
