"""`adam`: Adam (arXiv:1412.6980), as Keras has it."""

from srcnn_tf.training.optimizers.optimizer import register


@register("adam")
def adam(schedule, config):
    """Returns Keras' Adam."""
    import keras

    return keras.optimizers.Adam(schedule)
