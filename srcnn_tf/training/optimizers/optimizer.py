"""`MakeOptimizer`: what minimizes, and the registry that users' files add to."""

from collections.abc import Callable
from typing import Any

from srcnn_tf.registry import Registry

# From a schedule of the learning rate (a Keras schedule) and the recipe (a `TrainConfig`) to a
# Keras optimizer. It imports Keras itself: names are known without it.
MakeOptimizer = Callable[[Any, Any], Any]

OPTIMIZERS: Registry[MakeOptimizer] = Registry("optimizer")
register = OPTIMIZERS.register
