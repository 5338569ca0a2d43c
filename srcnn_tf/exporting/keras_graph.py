"""`keras_graph`: contents as a Keras model of Keras's own layers, so that it loads anywhere.

`engines.keras_model` is for training; its file needs this package to be read. This one is for
running: no class of ours is in it, and bicubic, colors and rounding are.
"""

import keras
import numpy as np
from keras import layers, ops

from srcnn_tf.exporting import fixed_weights
from srcnn_tf.exporting.contents import Contents
from srcnn_tf.imaging.phases import REACH
from srcnn_tf.networks.architecture import BICUBIC_GRID
from srcnn_tf.networks.network import Network


def keras_graph(contents: Contents) -> keras.Model:
    """Returns a functional model; see `Contents` for its input and output.

    With the precision `float16` all convolutions but the last keep weights and compute in it.
    """
    source = keras.Input((None, None, contents.channels), dtype=contents.dtype,
                         name=contents.input_name)  # fmt: skip
    if not contents.color:
        result = _luminance(contents, source)
    else:
        planes = _fixed(layers.Conv2D, ops.cast(source, "float32"), *_pointwise("to_ycbcr"))
        result = _color(contents, planes)
        result = ops.cast(ops.clip(ops.floor(result + 0.5), 0, 255), "uint8")
    name = "".join(char if char.isalnum() else "_" for char in contents.file_stem)
    model = keras.Model(source, result, name=name)
    model.trainable = False
    return model


def plane_graph(network: Network, height: int, width: int, padding: str) -> keras.Model:
    """Returns the network alone, for one plane of a given size, as `onnx_graph.plane_graph` does.

    It takes and gives float32 (1, H, W, 1).
    """
    planes = keras.Input((height, width, 1), batch_size=1, name="planes")
    return keras.Model(planes, _network(network, planes, padding=padding))


def _color(contents, planes):
    """From YCbCr planes, 1.0 = 255, to RGB in 0..255, not rounded."""
    if contents.network.architecture.grid == BICUBIC_GRID:
        planes = _enlarged(planes, contents.scale)
        luminance = _network(contents.network, planes[..., :1], contents.precision)
        chroma = planes[..., 1:]
    else:
        luminance = _luminance(contents, planes[..., :1])
        chroma = _enlarged(planes[..., 1:], contents.scale)
    both = ops.concatenate([luminance, chroma], axis=-1)
    return _fixed(layers.Conv2D, both, *_pointwise("to_rgb"))


def _luminance(contents, planes):
    if contents.network.architecture.grid == BICUBIC_GRID:
        planes = _enlarged(planes, contents.scale)
    return _network(contents.network, planes, contents.precision)


def _network(network, planes, precision="float32", padding="replicate"):
    """What `engines.runner` computes, on (N, H, W, 1)."""
    architecture, arrays = network.architecture, network.arrays
    results = [planes]
    for number, layer in enumerate(architecture.layers, start=1):
        name = f"conv{number}"
        last = number == len(architecture.layers)
        dtype = "float16" if precision == "float16" and not last else "float32"
        inputs = ops.cast(results[-1], dtype) if results[-1].dtype != dtype else results[-1]
        zeros = padding == "zeros"
        convolution = layers.Conv2D(
            layer.filters, layer.side, padding="same" if zeros else "valid", dtype=dtype, name=name
        )
        outputs = convolution(inputs if zeros else _replicated(inputs, layer.side // 2))
        convolution.set_weights([arrays[f"{name}/kernel"], arrays[f"{name}/bias"]])
        if layer.skip:
            outputs = ops.add(outputs, ops.cast(results[number - layer.skip], dtype))
        if layer.activation == "prelu":
            activation = layers.PReLU(shared_axes=[1, 2], dtype=dtype, name=f"slope{number}")
            outputs = activation(outputs)
            activation.set_weights([arrays[f"{name}/slope"][None, None]])
        elif layer.activation != "none":
            outputs = layers.Activation(layer.activation, dtype=dtype)(outputs)
        results.append(outputs)
    return _pixels(architecture, planes, results[-1])


def _pixels(architecture, planes, outputs):
    """Turns the last layer's channels into pixels, and adds the global skip."""
    skip, upscale = architecture.global_skip, architecture.upscale
    if skip != "none" and (skip == "nearest" or upscale == 1):
        # Repeating a pixel is adding it to all channels that become its copies.
        outputs = ops.add(outputs, planes)
    if upscale > 1:
        kernel = fixed_weights.pixel_shuffle_kernel(upscale)
        outputs = _fixed(layers.Conv2DTranspose, outputs, kernel, strides=upscale)
    if skip == "bicubic" and upscale > 1:
        outputs = ops.add(outputs, _enlarged(planes, upscale))
    return outputs


def _replicated(planes, border):
    """Extends planes by copies of their edge pixels: mirrored by one pixel, as often as needed.

    Keras has no such mode for TensorFlow; mirroring one pixel is repeating it.
    """
    for _ in range(border):
        planes = ops.pad(planes, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="symmetric")
    return planes


def _enlarged(planes, scale):
    """Enlarges planes as MATLAB's imresize does: rows, then columns."""
    taps = fixed_weights.bicubic_taps(scale)
    channels = planes.shape[-1]
    for axis in (1, 2):
        around = [[REACH, REACH] if each == axis else [0, 0] for each in range(4)]
        planes = ops.pad(planes, around, mode="symmetric")
        shape = [len(taps), 1] if axis == 1 else [1, len(taps)]
        # Each channel by itself: a transposed convolution of Keras has no groups.
        kernel = taps.reshape(*shape, 1, 1) * np.eye(channels, dtype=np.float32)
        strides = (scale, 1) if axis == 1 else (1, scale)
        planes = _fixed(layers.Conv2DTranspose, planes, kernel, strides=strides)
        beyond = 2 * REACH * scale
        planes = layers.Cropping2D((beyond, 0) if axis == 1 else (0, beyond))(planes)
    return planes


def _pointwise(name):
    """Returns a conversion of colors as kernel and bias of a 1 x 1 convolution."""
    matrix, offset = getattr(fixed_weights, name)()
    return matrix[None, None], offset


def _fixed(kind, planes, kernel, bias=None, **options):
    """Applies a convolution of given weights."""
    filters = kernel.shape[3] if kind is layers.Conv2D else kernel.shape[2]
    layer = kind(filters, kernel.shape[:2], use_bias=bias is not None, dtype="float32", **options)
    result = layer(planes)
    layer.set_weights([kernel] if bias is None else [kernel, bias])
    return result
