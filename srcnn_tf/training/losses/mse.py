"""`mse`: the mean squared error, which PSNR is made of."""

from srcnn_tf.training.losses.loss import register


@register("mse")
def mse(outputs, targets):
    """Returns the mean of (output - target)^2."""
    import tensorflow as tf

    return tf.reduce_mean(tf.math.squared_difference(outputs, targets))
