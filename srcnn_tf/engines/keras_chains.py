"""`network_from_keras`: a user's own Keras model, if it is a chain of convolutions, as a `Network`.

From then on it trains, resumes, scores, enlarges and is exported like any other.
"""

import keras
import numpy as np

from srcnn_tf.imaging.color_modes import COLOR_MODES, LUMINANCE
from srcnn_tf.networks.architecture import BICUBIC_GRID, LOW_GRID, Architecture, Layer
from srcnn_tf.networks.network import Network

_ACTIVATIONS = {"linear": "none", "relu": "relu", "tanh": "tanh"}


def network_from_keras(
    model: keras.Model, name: str, scale: int | None = None, color: str = LUMINANCE.name
) -> Network:
    """Reads a model's layers and weights.

    The model is a chain of `Conv2D` (odd square kernels, with biases, without strides or dilation),
    each followed by at most one of `ReLU`, `PReLU` (shared over rows and columns) and `Activation`.
    Its padding does not matter: pictures are padded by replication, crops as the recipe says.

    Args:
      model: from planes (N, H, W, 1), in color (N, H, W, 3), 1.0 = 255. If its last layer has a
        filter for each of these, it works on the picture that bicubic has enlarged; if it has scale
        x scale of them, on the small picture, and `depth_to_space` follows.
      name: what the network is to be called.
      scale: the enlargement; only networks on the low grid need it.
      color: what the planes are, as of `Architecture`.

    Returns:
      A network whose arrays, in their order, are `model.get_weights()` but for shapes of slopes.

    Raises:
      ValueError: a layer is none of these, or the planes are of another color; the message says so.
    """
    if color not in COLOR_MODES:
        raise ValueError(f"The color must be one of {', '.join(COLOR_MODES)}, not {color!r}.")
    layers: list[Layer] = []
    arrays: dict[str, np.ndarray] = {}
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        if isinstance(layer, keras.layers.Conv2D):
            layers.append(_convolution(layer))
            kernel, bias = layer.get_weights()
            arrays |= {f"conv{len(layers)}/kernel": kernel, f"conv{len(layers)}/bias": bias}
            continue
        activation = _activation(layer)
        if not layers or layers[-1].activation != "none":
            raise ValueError(f"The layer {layer.name} follows no convolution that it could end.")
        before = layers[-1]
        layers[-1] = Layer(before.side, before.filters, activation)
        if activation == "prelu":
            arrays[f"conv{len(layers)}/slope"] = layer.get_weights()[0].reshape(-1)
    if not layers:
        raise ValueError(f"The model {model.name} has no convolutions.")
    if layers[-1].filters == COLOR_MODES[color].channels:
        return Network(Architecture(name, tuple(layers), BICUBIC_GRID, color=color), arrays)
    if scale is None:
        raise ValueError(f"{name} ends with {layers[-1].filters} filters and needs its scale.")
    return Network(Architecture(name, tuple(layers), LOW_GRID, scale, color=color), arrays)


def keras_weights(model: keras.Model, network: Network) -> list[np.ndarray]:
    """Returns a network's arrays for `model.set_weights`; the model is what it was read from."""
    arrays = network.arrays.values()
    return [
        array.reshape(weight.shape) for array, weight in zip(arrays, model.weights, strict=True)
    ]


def _convolution(layer) -> Layer:
    side = layer.kernel_size[0]
    plain = (
        layer.kernel_size == (side, side)
        and tuple(layer.strides) == (1, 1)
        and tuple(layer.dilation_rate) == (1, 1)
        and layer.groups == 1
        and layer.use_bias
    )
    name = keras.activations.serialize(layer.activation)
    if not plain or name not in _ACTIVATIONS:
        raise ValueError(
            f"The layer {layer.name} is not plain: convolutions have square kernels, biases, no "
            f"strides, dilation or groups, and one of the activations {', '.join(_ACTIVATIONS)}."
        )
    return Layer(side, layer.filters, _ACTIVATIONS[name])


def _activation(layer) -> str:
    if isinstance(layer, keras.layers.PReLU) and list(layer.shared_axes or ()) == [1, 2]:
        return "prelu"
    if isinstance(layer, keras.layers.ReLU) and not (layer.negative_slope or layer.threshold):
        if layer.max_value is None:
            return "relu"
    elif isinstance(layer, keras.layers.Activation):
        name = keras.activations.serialize(layer.activation)
        if name in _ACTIVATIONS:
            return _ACTIVATIONS[name]
    raise ValueError(
        f"The layer {layer.name} ({type(layer).__name__}) is none that a chain of convolutions "
        "has; train such a model by Keras's fit or a loop of your own, on our batches."
    )
