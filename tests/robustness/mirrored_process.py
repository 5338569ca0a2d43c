"""Trains on two devices, of which TensorFlow must know before it starts; no tests.

PYTHONPATH=tests python tests/robustness/mirrored_process.py FOLDER

prints as JSON what `strategies_test.py` checks; the weights of the run are in the folder.
"""

import json
import pathlib
import sys

import numpy as np
import small_runs
import tensorflow as tf

from srcnn_tf.training import loop, replicas, strategies, train_step


def main(folder):
    """Does everything that needs two devices, in one process, since each start takes seconds."""
    processor = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(
        processor, [tf.config.LogicalDeviceConfiguration()] * 2
    )
    strategy = strategies.create_strategy("mirrored")
    refused = ""
    try:
        _train(strategy, folder / "odd", batch_size=5)
    except ValueError as error:
        refused = str(error)
    result = _train(strategy, folder / "even", jit_compile=False)
    said = {"refused": refused, "replicas": strategy.num_replicas_in_sync, "step": result.step}
    print(json.dumps({**said, "overflow": _overflow_in_one_replica(strategy)}))


def _train(strategy, folder, **changes):
    config = small_runs.config(**changes)
    pictures = small_runs.pictures()
    return loop.train(config, pictures, folder, data="blocks", strategy=strategy)


def _overflow_in_one_replica(strategy):
    """Takes a good step, then one in which the second replica's gradients overflow float16."""
    config = small_runs.config(precision="mixed_float16", jit_compile=False, warmup_steps=0)
    with strategy.scope():
        state = train_step.TrainState(config, "mixed_float16")
    random = np.random.default_rng(0)
    inputs = random.uniform(size=(8, 30, 30, 1)).astype(np.float32)
    inputs[6:] *= 1e6  # The second half of the second batch; float16 ends at 65504.
    batches = inputs, inputs[:, 6:-6, 6:-6]

    def make_batches(shard):
        return tf.data.Dataset.from_tensor_slices(batches).batch(4, drop_remainder=True)

    run_steps = train_step.make_run_steps(replicas.make_train_step(state, config, strategy))
    iterator = iter(replicas.distribute(strategy, make_batches))
    counts, scales = [], [_copies(strategy, state.optimizer.dynamic_scale)]
    for _ in range(2):
        run_steps(iterator, tf.constant(1))
        counts.append([state.attempted_steps, state.applied_steps])
        scales.append(_copies(strategy, state.optimizer.dynamic_scale))
    kernels = _copies(strategy, state.network.trainable_variables[0])
    return {
        "counts": counts,
        "scales": [[float(copy) for copy in copies] for copies in scales],
        "finite": bool(np.isfinite(kernels).all()),
        "same": bool((kernels[0] == kernels[1]).all()),
    }


def _copies(strategy, variable):
    """A variable's value on each device."""
    return [copy.numpy() for copy in strategy.experimental_local_results(variable.value)]


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
