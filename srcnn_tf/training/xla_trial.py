"""`compiles`: whether XLA can compile something for this machine's GPU, found out by trying."""

import logging
from collections.abc import Callable, Sequence

import tensorflow as tf

_LOGGER = logging.getLogger(__name__)
_LONGEST_REASON = 160


def compiles(compute: Callable, shapes: Sequence[Sequence[int]]) -> bool:
    """Runs `compute` on zeros, compiled, and says in a sentence why if that fails.

    It is asked since XLA finds no kernel for some convolutions: on an H100, TensorFlow 2.21 with
    cuDNN 9.3 has none for a convolution with bias in float32 that may not round to TF32, but has
    those of `slim-10x32` in bfloat16, which then is seven times as fast as without XLA.

    Args:
      compute: changes no variables.
      shapes: of its float32 arguments.
    """
    try:
        tf.function(compute, jit_compile=True)(*(tf.zeros(shape) for shape in shapes))
    except (tf.errors.OpError, ValueError) as error:
        lines = str(error).splitlines() or [type(error).__name__]
        _LOGGER.warning(
            "XLA cannot compile the training step here, so TensorFlow's own kernels run it, which "
            "may be slower: %s",
            lines[0][:_LONGEST_REASON],
        )
        return False
    return True
