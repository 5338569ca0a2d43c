"""Networks with random weights, and with biases that matter."""

import numpy as np

from srcnn_tf.engines.keras_models import SuperResolutionModel, keras_model
from srcnn_tf.networks.architecture import Architecture, Layer
from srcnn_tf.networks.initialization import draw_arrays
from srcnn_tf.networks.network import Network, initial_network

# One of everything that `Architecture` can state, as small as can be.
EVERYTHING = (
    Architecture(
        "relu-bicubic",
        (Layer(5, 7, "relu"), Layer(1, 7, "relu", 1), Layer(3, 1)),
        global_skip="nearest",
    ),
    Architecture(
        "prelu-low-nearest",
        (Layer(3, 6, "prelu"), Layer(3, 6, "prelu"), Layer(3, 6, "prelu", 2), Layer(3, 4)),
        grid="low",
        upscale=2,
        global_skip="nearest",
    ),
    Architecture(
        "tanh-low-plain",
        (Layer(5, 8, "tanh"), Layer(3, 4, "tanh"), Layer(3, 9)),
        grid="low",
        upscale=3,
    ),
    Architecture(
        "small-low-bicubic",
        (Layer(1, 5, "prelu"), Layer(3, 16, "none")),
        grid="low",
        upscale=4,
        global_skip="bicubic",
    ),
    Architecture(
        "sides-to-nine",
        (Layer(9, 3, "prelu"), Layer(7, 5, "none"), Layer(5, 5, "relu", 1), Layer(3, 4)),
        grid="low",
        upscale=2,
        global_skip="bicubic",
    ),
)


def drawn(architecture: Architecture, seed: int = 0) -> Network:
    """Makes a network of He's weights, with biases of about 0.1 and slopes of about 0.2."""
    arrays = draw_arrays(architecture, "he", seed)
    random = np.random.default_rng(seed)
    for key, array in arrays.items():
        if key.endswith(("bias", "slope")):
            mean = 0.2 if key.endswith("slope") else 0
            arrays[key] = random.normal(mean, 0.1, array.shape).astype(np.float32)
    return Network(architecture, arrays)


def drawn_network(name: str, precision: str = "float32", seed: int = 0) -> SuperResolutionModel:
    """Makes a model of a named network with such weights."""
    return keras_model(drawn(initial_network(name, 3).architecture, seed), precision)
