"""Networks with random weights and with biases that matter."""

import numpy as np

from srcnn_tf.engines.keras_model import Srcnn, create_network


def drawn_network(name: str, precision: str = "float32", seed: int = 0) -> Srcnn:
    """Makes a network of He's weights, and biases of about 0.1."""
    network = create_network(name, precision, "he", seed)
    random = np.random.default_rng(seed)
    arrays = network.get_arrays()
    for key, array in arrays.items():
        if key.endswith("bias"):
            arrays[key] = random.normal(0, 0.1, array.shape).astype(np.float32)
    network.set_arrays(arrays)
    return network
