"""`Loss`: what training minimizes, and the registry that users' files add to."""

from collections.abc import Callable
from typing import Any

from srcnn_tf.registry import Registry

# From outputs and targets, float32 tensors (N, H, W, 1), to their mean loss, a float32 scalar. It
# runs in a graph, and imports TensorFlow itself: names are known without it.
Loss = Callable[[Any, Any], Any]

LOSSES: Registry[Loss] = Registry("loss")
register = LOSSES.register
