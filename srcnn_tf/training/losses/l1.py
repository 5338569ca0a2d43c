"""`l1`: the mean absolute error (arXiv:1511.08861)."""

from srcnn_tf.training.losses.loss import register


@register("l1")
def l1(outputs, targets):
    """Returns the mean of |output - target|."""
    import tensorflow as tf

    return tf.reduce_mean(tf.abs(outputs - targets))
