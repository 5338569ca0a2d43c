"""Running a network over one whole luminance plane."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from srcnn_tf.models import Srcnn

Enhance = Callable[[np.ndarray], np.ndarray]


def plane_enhancer(network: Srcnn) -> Enhance:
    """Returns a function that sharpens a float32 (H, W) plane, 1.0 = 255, and keeps its size.

    The graph is traced once for planes of all sizes. It follows the network's weights: after a
    training step it gives the new network's output. Values are not clipped.
    """
    # Without XLA, which would compile anew for every size of picture.
    compiled = tf.function(
        network, input_signature=[tf.TensorSpec([None, None, None, 1], tf.float32)]
    )

    def enhance(plane: np.ndarray) -> np.ndarray:
        return compiled(np.asarray(plane, np.float32)[None, ..., None])[0, ..., 0].numpy()

    return enhance


def self_ensemble(enhance: Enhance) -> Enhance:
    """Wraps `enhance` to average over the eight flips and turns of the plane (arXiv:1511.02228)."""

    def enhance_all(plane: np.ndarray) -> np.ndarray:
        total = np.zeros(plane.shape, np.float64)
        for quarters in range(4):
            turned = np.rot90(plane, quarters)
            total += np.rot90(enhance(turned), -quarters)
            total += np.rot90(np.fliplr(enhance(np.fliplr(turned))), -quarters)
        return (total / 8).astype(np.float32)

    return enhance_all
