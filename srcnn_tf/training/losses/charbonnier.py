"""`charbonnier`: sqrt(error^2 + 1e-6), a smooth absolute error (arXiv:1710.01992)."""

from srcnn_tf.training.losses.loss import register


@register("charbonnier")
def charbonnier(outputs, targets):
    """Returns the mean of sqrt((output - target)^2 + 1e-6)."""
    import tensorflow as tf

    return tf.reduce_mean(tf.sqrt(tf.math.squared_difference(outputs, targets) + 1e-6))
