"""`create_optimizer`: the optimizer that a recipe names, with its schedule."""

import keras

from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.optimizers.optimizer import OPTIMIZERS


def create_optimizer(config: TrainConfig, network: keras.Model) -> keras.optimizers.Optimizer:
    """Makes the optimizer that `config` names, built for `network`.

    The rate rises over `warmup_steps`, then falls by half a cosine until the last step. Under
    `mixed_float16` it scales the loss, skips steps whose gradients overflow, and lowers the scale.

    Raises:
      UnknownNameError: there is no such optimizer; a ValueError.
      ValueError: it cannot be made, or is none.
    """
    warmup_steps = min(config.warmup_steps, config.steps // 10)
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup_steps else config.learning_rate,
        decay_steps=max(config.steps - warmup_steps, 1),
        alpha=config.final_learning_rate,
        warmup_target=config.learning_rate if warmup_steps else None,
        warmup_steps=warmup_steps,
    )
    make = OPTIMIZERS[config.optimizer]
    try:
        optimizer = make(schedule, config)
    except Exception as error:
        raise ValueError(
            f"The optimizer {config.optimizer} cannot be made ({error!r}); see what makes it."
        ) from error
    if not isinstance(optimizer, keras.optimizers.Optimizer):
        raise ValueError(
            f"The optimizer {config.optimizer} is a {type(optimizer).__name__} and none of Keras's;"
            " see what makes it."
        )
    if network.layers[0].compute_dtype == "float16":
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build(network.trainable_variables)
    return optimizer
