"""The networks as Keras models on TensorFlow."""

from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf

from srcnn_tf.networks.architecture import Architecture, architecture, initial_weights, weight_names

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
PADDINGS = ("replicate", "valid")


class Srcnn(keras.Model):
    """SRCNN (arXiv:1501.00092): sharpens a luminance plane that bicubic has already enlarged.

    Calling it takes (N, H, W, 1) float planes with 1.0 = 255 and returns float32 planes, not
    clipped. With `padding="replicate"`, as the authors' test code has it, each layer's input is
    extended by its edge pixels, so that the size stays; with `padding="valid"`, for training, only
    pixels with a full neighborhood come out and each side shrinks by twice `architecture.radius`.
    Both use the same weights.

    Attributes:
      architecture: what it is made of.
      precision: what all layers but the last compute in.
      info: a `weight_files.WeightsInfo` where it was loaded from a file, else None.
    """

    def __init__(self, architecture: Architecture, precision: str = "float32"):
        super().__init__(name=architecture.name.replace("-", "_"))
        self.architecture = architecture
        self.precision = precision
        self.info = None
        last = len(architecture.filters) - 1
        # The last layer computes in float32 under every policy: its rounding would be the result's.
        self.convolutions = [
            keras.layers.Conv2D(
                filters,
                size,
                activation=None if layer == last else "relu",
                dtype="float32" if layer == last else precision,
                name=f"conv{layer + 1}",
            )
            for layer, (filters, size) in enumerate(
                zip(architecture.filters, architecture.kernel_sizes, strict=True)
            )
        ]
        for convolution, shape in zip(self.convolutions, architecture.kernel_shapes, strict=True):
            convolution.build((None, None, None, shape[2]))
        self.built = True

    def call(self, planes, padding: str = "replicate"):
        """Returns float32 planes; see the class."""
        if padding not in PADDINGS:
            raise ValueError(f"The padding must be one of {PADDINGS}, not {padding!r}.")
        for convolution in self.convolutions:
            if padding == "replicate":
                planes = _replicate_pad(planes, convolution.kernel_size[0] // 2)
            planes = convolution(planes)
        return planes

    def get_arrays(self) -> dict[str, np.ndarray]:
        """Returns copies of the float32 weights, keyed as by `architecture.weight_names`."""
        names = weight_names(len(self.convolutions))
        return dict(zip(names, self.get_weights(), strict=True))

    def set_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes the weights of `get_arrays`; ValueError if a name or shape does not fit."""
        names = weight_names(len(self.convolutions))
        if set(arrays) != set(names):
            raise ValueError(f"The weights must be {names}, not {sorted(arrays)}.")
        self.set_weights([arrays[name] for name in names])


def create_network(
    name: str, precision: str = "float32", initialization: str = "identity", seed: int = 0
) -> Srcnn:
    """Makes an untrained network.

    Args:
      name: one of `srcnn_tf.networks.architecture.ARCHITECTURES`.
      precision: `float32`, `mixed_float16` or `mixed_bfloat16`: what all layers but the last
        compute in. Weights are float32 always.
      initialization: `identity`, `he` or `paper`; see `architecture.initial_weights`.
      seed: of the initial weights.

    Raises:
      ValueError: one of the names is unknown.
    """
    if precision not in PRECISIONS:
        raise ValueError(f"The precision must be one of {PRECISIONS}, not {precision!r}.")
    network = Srcnn(architecture(name), precision)
    network.set_arrays(initial_weights(network.architecture, initialization, seed))
    return network


def _replicate_pad(planes, border: int):
    """Extends (N, H, W, C) by `border` copies of the edge pixels; tf.pad has no such mode."""
    if border == 0:
        return planes
    for axis in (1, 2):
        edges = tf.gather(planes, [0, tf.shape(planes)[axis] - 1], axis=axis)
        first, last = tf.split(edges, 2, axis)
        repeats = [border if dimension == axis else 1 for dimension in range(4)]
        planes = tf.concat([tf.tile(first, repeats), planes, tf.tile(last, repeats)], axis)
    return planes
