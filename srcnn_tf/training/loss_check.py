"""`check_loss`: a loss, which may be a user's own, gives what training needs, before it starts."""

import tensorflow as tf

from srcnn_tf.training.losses.loss import LOSSES


def check_loss(name: str, shape: tuple[int, int, int, int]) -> None:
    """Computes a loss and its gradient once, outside of any graph.

    Args:
      name: in `LOSSES`.
      shape: of outputs and targets, (N, H, W, C).

    Raises:
      ValueError: it fails, is no float32 scalar, or does not depend on the outputs; one sentence.
    """
    outputs, targets = tf.Variable(tf.random.stateless_uniform(shape, (0, 1))), tf.zeros(shape)
    try:
        with tf.GradientTape() as tape:
            loss = tf.convert_to_tensor(LOSSES[name](outputs, targets))
        gradient = tape.gradient(loss, outputs)
    except Exception as error:
        reason = " ".join(repr(error).split())
        raise ValueError(f"The loss {name} fails ({reason}); see what it computes.") from error
    if loss.dtype != tf.float32 or loss.shape.rank != 0:
        raise ValueError(
            f"The loss {name} gives {loss.dtype.name} of shape {tuple(loss.shape)} and no float32 "
            "scalar; see what it computes."
        )
    if gradient is None:
        raise ValueError(f"The loss {name} does not depend on the outputs; see what it computes.")
