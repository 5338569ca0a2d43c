"""`muon`: Muon for the kernels of all convolutions but the last, Adam for everything else."""

from srcnn_tf.training.optimizers.optimizer import register


@register("muon")
def muon(schedule, config):
    """Returns a `ConvolutionMuon`, with `adam_learning_rate` for what it leaves to Adam."""
    from srcnn_tf.training.convolution_muon import ConvolutionMuon

    return ConvolutionMuon(
        schedule,
        config.adam_learning_rate / config.learning_rate,
        kernel_decay=config.weight_decay,
    )
