"""The training step on several replicas, which ends with the weights of one device."""

from collections.abc import Callable

import keras
import tensorflow as tf

from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.train_step import (
    TrainState,
    compiles_step,
    differentiate,
    finish_step,
    symmetric_parts,
)


def is_distributed(strategy: tf.distribute.Strategy) -> bool:
    """Whether a strategy is any other than TensorFlow's default one, which is one device's."""
    return isinstance(
        strategy, tf.distribute.MirroredStrategy | tf.distribute.MultiWorkerMirroredStrategy
    )


def make_train_step(
    state: TrainState, config: TrainConfig, strategy: tf.distribute.Strategy
) -> Callable:
    """Returns `step(inputs, targets) -> loss`: one update of `state` from one batch per replica.

    Gradients are summed before the optimizer sees them, which matters to Muon since it is not
    linear; then every replica makes the same update of its own copy.

    Args:
      state: made within `strategy.scope()`.
      config: the recipe; XLA compiles each replica's gradients, but not what they exchange.
      strategy: of the run.

    Returns:
      A function for a graph. Its loss is the mean over the replicas of this process alone.
    """
    replicas = strategy.num_replicas_in_sync
    variables = state.network.trainable_variables

    @tf.function(jit_compile=compiles_step(state, config))
    def gradients_of(inputs, targets):
        loss, gradients = differentiate(state, config, inputs, targets)
        return loss, symmetric_parts(state, gradients)

    def replica_step(inputs, targets):
        loss, gradients = gradients_of(inputs, targets)
        if isinstance(state.optimizer, keras.optimizers.LossScaleOptimizer):
            # Keras looks for overflow before it sums, and replicas that differ in what they find
            # would wait for each other for ever. What it then sums are equal parts.
            gradients = tf.distribute.get_replica_context().all_reduce(
                tf.distribute.ReduceOp.SUM, [gradient / replicas for gradient in gradients]
            )
        state.optimizer.apply([gradient / replicas for gradient in gradients], variables)
        finish_step(state, config)
        return loss

    def train_step(inputs, targets):
        losses = strategy.run(replica_step, args=(inputs, targets))
        return tf.reduce_mean(tf.stack(strategy.experimental_local_results(losses)))

    return train_step


def distribute(strategy: tf.distribute.Strategy, make_batches: Callable) -> tf.data.Dataset:
    """Lays out input over the replicas.

    Args:
      strategy: of the run.
      make_batches: `make_batches(shard=(i, n))` gives a dataset of the i-th of n parts of every
        batch; it is called once in each process.

    Returns:
      A dataset whose elements hold one batch for each replica of this process.
    """

    def of_process(context):
        parts = context.num_input_pipelines
        batches = make_batches(shard=(context.input_pipeline_id, parts))
        # Known to be endless, the workers need not ask each other at each step whether all go on.
        batches = batches.repeat()
        local = context.num_replicas_in_sync // parts
        if local == 1:
            return batches
        # TensorFlow hands a process' batches to its replicas in turn.
        size = batches.element_spec[0].shape[0] // local
        return batches.rebatch(size).prefetch(local)

    return strategy.distribute_datasets_from_function(of_process)
