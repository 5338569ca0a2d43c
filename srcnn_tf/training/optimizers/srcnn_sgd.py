"""`srcnn_sgd`: the SRCNN paper's, momentum 0.9 and a tenth of the rate in the last layer."""

from srcnn_tf.training.optimizers.optimizer import register

# Of the rate of the layers before it (arXiv:1501.00092, section 3.3).
LAST_LAYER = 0.1


@register("srcnn_sgd")
def srcnn_sgd(schedule, config):
    """Returns a `LayerRateSgd`."""
    from srcnn_tf.training.layer_rates import LayerRateSgd

    names = list(config.architecture.array_shapes)
    last = f"conv{len(config.architecture.layers)}/"
    return LayerRateSgd(schedule, [LAST_LAYER if name.startswith(last) else 1.0 for name in names])
