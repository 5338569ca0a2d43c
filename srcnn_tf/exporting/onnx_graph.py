"""`onnx_graph`: contents as an ONNX model, written by ONNX's own helpers."""

import json

import numpy as np

from srcnn_tf.exporting import fixed_weights
from srcnn_tf.exporting.contents import OUTPUT, Contents
from srcnn_tf.exporting.onnx_nodes import OnnxNodes
from srcnn_tf.imaging.phases import REACH
from srcnn_tf.networks.architecture import BICUBIC_GRID
from srcnn_tf.networks.network import Network

# Where ONNX's operators have them: (N, C, H, W).
_CHANNELS, _ROWS, _COLUMNS = 1, 2, 3


def onnx_graph(contents: Contents):
    """Returns a ModelProto; see `Contents` for its input and output.

    With the precision `float16` all convolutions but the last keep weights and compute in it.
    """
    nodes = OnnxNodes()
    planes = contents.input_name
    if contents.color:
        planes = nodes.cast(planes, "float32")
        planes = nodes.add("Transpose", [planes], perm=[0, 3, 1, 2])
        result = _color(nodes, contents, planes)
        half, black, white = (
            nodes.constant(np.float32(value), f"level_{value}") for value in (0.5, 0, 255)
        )
        result = nodes.add("Floor", [nodes.add("Add", [result, half])])
        result = nodes.cast(nodes.add("Clip", [result, black, white]), "uint8")
    else:
        planes = nodes.add("Transpose", [planes], perm=[0, 3, 1, 2])
        result = _luminance(nodes, contents, planes)
    nodes.add("Transpose", [result], OUTPUT, perm=[0, 2, 3, 1])
    metadata = contents.metadata()
    return nodes.model(
        contents.file_stem,
        (contents.input_name, contents.dtype, metadata["input"]["shape"]),
        (OUTPUT, contents.dtype, ["batch", "rows", "columns", contents.channels]),
        f"Enlarges by {contents.scale} as srcnn_tf.upscale does.",
        {name: json.dumps(value) for name, value in metadata.items()},
    )


def plane_graph(network: Network, height: int, width: int, padding: str = "replicate"):
    """Returns a ModelProto of the network alone, for one plane of a given size.

    It takes `planes` and gives `restored`, float32 (1, 1, H, W), on the network's own grid.

    Args:
      network: any.
      height: of the plane.
      width: likewise.
      padding: `replicate`, or `zeros`, which runtimes have built in.
    """
    nodes = OnnxNodes()
    result = _network(nodes, network, "planes", padding=padding)
    nodes.add("Identity", [result], "restored")
    upscale = network.architecture.upscale
    return nodes.model(
        "network",
        ("planes", "float32", [1, 1, height, width]),
        ("restored", "float32", [1, 1, height * upscale, width * upscale]),
        f"{network.name} on planes of luminance.",
        {},
    )


def _color(nodes, contents, planes):
    """From RGB in 0..255 to the same, enlarged and not rounded."""
    planes = _recolored(nodes, planes, "to_ycbcr")
    if contents.network.architecture.grid == BICUBIC_GRID:
        planes = _enlarged(nodes, planes, contents.scale, 3)
        luminance, chroma = nodes.split_first(planes, _CHANNELS, 3)
        luminance = _network(nodes, contents.network, luminance, contents.precision)
    else:
        luminance, chroma = nodes.split_first(planes, _CHANNELS, 3)
        luminance = _luminance(nodes, contents, luminance)
        chroma = _enlarged(nodes, chroma, contents.scale, 2)
    both = nodes.add("Concat", [luminance, chroma], axis=_CHANNELS)
    return _recolored(nodes, both, "to_rgb")


def _luminance(nodes, contents, planes):
    if contents.network.architecture.grid == BICUBIC_GRID:
        planes = _enlarged(nodes, planes, contents.scale, 1)
    return _network(nodes, contents.network, planes, contents.precision)


def _network(nodes, network, planes, precision="float32", padding="replicate"):
    """What `engines.runner` computes, on (N, 1, H, W)."""
    layers = network.architecture.layers
    results = [(planes, "float32")]
    for number, layer in enumerate(layers, start=1):
        dtype = "float16" if precision == "float16" and number < len(layers) else "float32"

        def array(kind, number=number, dtype=dtype):
            name = f"conv{number}/{kind}"
            values = network.arrays[name].astype(dtype)
            if kind == "kernel":
                values = values.transpose(3, 2, 0, 1)
            return nodes.constant(values[:, None, None] if kind == "slope" else values, name)

        def as_this(source, dtype=dtype):
            name, given = source
            return name if given == dtype else nodes.cast(name, dtype)

        inputs, border, pads = as_this(results[-1]), layer.side // 2, 0
        if padding == "zeros":
            pads = border
        else:
            inputs = nodes.replicated(inputs, border)
        outputs = nodes.add(
            "Conv",
            [inputs, array("kernel"), array("bias")],
            f"conv{number}",
            kernel_shape=[layer.side] * 2,
            pads=[pads] * 4,
        )
        if layer.skip:
            outputs = nodes.add("Add", [outputs, as_this(results[number - layer.skip])])
        if layer.activation == "prelu":
            outputs = nodes.add("PRelu", [outputs, array("slope")])
        elif layer.activation != "none":
            outputs = nodes.add({"relu": "Relu", "tanh": "Tanh"}[layer.activation], [outputs])
        results.append((outputs, dtype))
    return _pixels(nodes, network.architecture, planes, outputs)


def _pixels(nodes, architecture, planes, outputs):
    """Turns the last layer's channels into pixels, and adds the global skip."""
    skip, upscale = architecture.global_skip, architecture.upscale
    if skip != "none" and (skip == "nearest" or upscale == 1):
        # Repeating a pixel is adding it to all channels that become its copies.
        outputs = nodes.add("Add", [outputs, planes])
    if upscale > 1:
        outputs = nodes.add("DepthToSpace", [outputs], blocksize=upscale)
    if skip == "bicubic" and upscale > 1:
        outputs = nodes.add("Add", [outputs, _enlarged(nodes, planes, upscale, 1)])
    return outputs


def _enlarged(nodes, planes, scale, channels):
    """Enlarges planes as MATLAB's imresize does: rows, then columns."""
    taps = fixed_weights.bicubic_taps(scale)
    beyond = 2 * REACH * scale
    for axis in (_ROWS, _COLUMNS):
        down = axis == _ROWS
        shape = [len(taps), 1] if down else [1, len(taps)]
        kernel = np.tile(taps.reshape(1, 1, *shape), (channels, 1, 1, 1))
        planes = nodes.add(
            "ConvTranspose",
            [nodes.mirrored(planes, axis, REACH),
             nodes.constant(kernel, f"bicubic_{axis}_{channels}")],
            group=channels,
            kernel_shape=shape,
            strides=[scale, 1] if down else [1, scale],
            pads=([beyond, 0] if down else [0, beyond]) * 2,
        )  # fmt: skip
    return planes


def _recolored(nodes, planes, name):
    matrix, offset = getattr(fixed_weights, name)()
    kernel = nodes.constant(matrix.T[:, :, None, None], f"{name}/matrix")
    return nodes.add("Conv", [planes, kernel, nodes.constant(offset, f"{name}/offset")], name)
