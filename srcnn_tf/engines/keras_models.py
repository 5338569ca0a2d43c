"""Networks as Keras models on TensorFlow: to train, to differentiate, to save and to export."""

import os
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from srcnn_tf.engines.devices import PRECISIONS
from srcnn_tf.engines.tensor_planes import crop, enlarge_bicubic, replicate_pad
from srcnn_tf.networks.architecture import Architecture
from srcnn_tf.networks.network import Network, initial_network
from srcnn_tf.networks.pretrained_weights import pretrained_path
from srcnn_tf.networks.weight_files import read_network
from srcnn_tf.networks.weights_info import WeightsInfo

PADDINGS = ("replicate", "valid")


@keras.saving.register_keras_serializable("srcnn_tf")
class SuperResolutionModel(keras.Model):
    """A network of any architecture: restores luminance planes, or those of a color.

    Calling it takes (N, H, W, C) float planes with 1.0 = 255, enlarged by bicubic already or small,
    as the architecture's `grid` has it, and returns float32 planes (N, uH, uW, C), u being its
    `upscale` and C its `channels`, not clipped. With `padding="replicate"`, as the SRCNN authors'
    test code has it, each layer's input is extended by its edge pixels, so that the size stays;
    with `padding="valid"`, for training, only pixels with a full neighborhood come out, and the
    input's sides count for twice `architecture.halo` less. Both use the same weights.

    `fit`, `save("x.keras")`, `keras.saving.load_model` and `export` take it like any other model.

    Attributes:
      architecture: what it is made of.
      precision: what all layers but the last compute in.
      info: a `WeightsInfo` where it was loaded from a file, else None.
    """

    def __init__(self, architecture: Architecture, precision: str = "float32", **kwargs):
        if precision not in PRECISIONS:
            raise ValueError(f"The precision must be one of {PRECISIONS}, not {precision!r}.")
        super().__init__(**{"name": _keras_name(architecture.name), **kwargs})
        self.architecture = architecture
        self.precision = precision
        self.info: WeightsInfo | None = None
        last = len(architecture.layers) - 1
        # The last layer computes in float32 under every policy: its rounding would be the result's.
        policies = [precision] * last + ["float32"]
        self.convolutions = [
            keras.layers.Conv2D(layer.filters, layer.side, dtype=policy, name=f"conv{number}")
            for number, (layer, policy) in enumerate(
                zip(architecture.layers, policies, strict=True), start=1
            )
        ]
        self.slopes = {
            f"conv{number}": keras.layers.PReLU(
                shared_axes=[1, 2], dtype=policy, name=f"slope{number}"
            )
            for number, (layer, policy) in enumerate(
                zip(architecture.layers, policies, strict=True), start=1
            )
            if layer.activation == "prelu"
        }
        self.build((None, None, None, architecture.channels))

    def build(self, input_shape):
        """Makes the variables; Keras calls this."""
        for convolution, shape in zip(
            self.convolutions, self.architecture.kernel_shapes, strict=True
        ):
            convolution.build((None, None, None, shape[2]))
            if convolution.name in self.slopes:
                self.slopes[convolution.name].build((None, None, None, shape[3]))
        self.built = True

    def call(self, planes, padding: str = "replicate"):
        """Returns float32 planes; see the class."""
        if padding not in PADDINGS:
            raise ValueError(f"The padding must be one of {PADDINGS}, not {padding!r}.")
        network, valid = self.architecture, padding == "valid"
        results = [planes]
        for number, (layer, convolution) in enumerate(
            zip(network.layers, self.convolutions, strict=True), start=1
        ):
            inputs = results[-1]
            outputs = convolution(inputs if valid else replicate_pad(inputs, layer.side // 2))
            if layer.skip:
                passed = network.layers[number - layer.skip : number]
                border = sum(each.side // 2 for each in passed) if valid else 0
                earlier = crop(results[number - layer.skip], border)
                outputs += tf.cast(earlier, outputs.dtype)
            results.append(self._activate(layer.activation, convolution.name, outputs))
        border, halo = (network.border, network.halo) if valid else (0, 0)
        return self._pixels(planes, results[-1], border, halo)

    def _activate(self, activation, name, outputs):
        if activation == "relu":
            return tf.nn.relu(outputs)
        if activation == "tanh":
            return tf.tanh(outputs)
        return self.slopes[name](outputs) if activation == "prelu" else outputs

    def _pixels(self, planes, outputs, border, halo):
        """Turns the last layer's channels into pixels, and adds the global skip."""
        network = self.architecture
        outputs = crop(outputs, halo - border)
        skip, upscale = network.global_skip, network.upscale
        if skip != "none" and (skip == "nearest" or upscale == 1):
            # Repeating a pixel is adding it to all channels that become its copies.
            repeated = crop(tf.cast(planes, tf.float32), halo)
            if network.channels > 1:
                repeated = tf.tile(repeated, [1, 1, 1, upscale**2])
            outputs += repeated
        if upscale > 1:
            outputs = tf.nn.depth_to_space(outputs, upscale)
        if skip == "bicubic" and upscale > 1:
            enlarged = enlarge_bicubic(tf.cast(planes, tf.float32), upscale)
            outputs += crop(enlarged, halo * upscale)
        return outputs

    def named_variables(self) -> dict[str, Any]:
        """Returns its variables by the names, and in the order, of `Architecture.array_shapes`."""
        named = {}
        for convolution in self.convolutions:
            named[f"{convolution.name}/kernel"] = convolution.kernel
            named[f"{convolution.name}/bias"] = convolution.bias
            if convolution.name in self.slopes:
                named[f"{convolution.name}/slope"] = self.slopes[convolution.name].alpha
        return named

    def get_arrays(self) -> dict[str, np.ndarray]:
        """Returns copies of the float32 weights by the names of `Architecture.array_shapes`."""
        shapes = self.architecture.array_shapes
        return {
            name: np.array(variable.numpy()).reshape(shapes[name])
            for name, variable in self.named_variables().items()
        }

    def set_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes the weights of `get_arrays`; ValueError if a name or shape does not fit."""
        network = Network(self.architecture, arrays)  # Checks them.
        for name, variable in self.named_variables().items():
            variable.assign(network.arrays[name].reshape(variable.shape))

    def to_network(self) -> Network:
        """Returns what it is now, as a value."""
        return Network(self.architecture, self.get_arrays(), self.info)

    def get_config(self):
        """Returns what makes it again; Keras calls this."""
        return {"architecture": self.architecture.to_json(), "precision": self.precision}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes it of `get_config`; Keras calls this."""
        return cls(Architecture.from_json(config["architecture"]), config["precision"])


# What it was called while there was one architecture.
Srcnn = SuperResolutionModel


def keras_model(network: Network, precision: str = "float32") -> SuperResolutionModel:
    """Makes a Keras model of a network.

    Args:
      network: what it is to be.
      precision: `float32`, `mixed_float16` or `mixed_bfloat16`: what all layers but the last
        compute in. Weights are float32 always.

    Raises:
      ValueError: no such precision.
    """
    model = SuperResolutionModel(network.architecture, precision)
    model.set_arrays(network.arrays)
    model.info = network.info
    return model


def create_network(
    name: str,
    precision: str = "float32",
    initialization: str = "identity",
    seed: int = 0,
    scale: int | None = None,
) -> SuperResolutionModel:
    """Makes an untrained model: `keras_model` of `network.initial_network`, which says the rest."""
    return keras_model(initial_network(name, scale, initialization, seed), precision)


def load_weights(
    path: str | os.PathLike, scale: int | None = None, precision: str = "float32"
) -> SuperResolutionModel:
    """Reads a weight file as a model: `keras_model` of `weight_files.read_network`."""
    return keras_model(read_network(path, scale), precision)


def load_pretrained(
    name: str = "srcnn-9-5-5", scale: int = 3, precision: str = "float32"
) -> SuperResolutionModel:
    """Loads a network that comes with the package, as a model.

    Args:
      name: of the network.
      scale: 2, 3 or 4; each has weights of its own.
      precision: as of `keras_model`.

    Raises:
      WeightsError: none of that name is shipped for that scale.
    """
    return load_weights(pretrained_path(name, scale), precision=precision)


def _keras_name(name):
    return "".join(char if char.isalnum() else "_" for char in name)
