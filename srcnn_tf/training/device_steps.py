"""`make_device_run_steps`: many steps in one graph, on crops that are cut where the steps run."""

from collections.abc import Callable

import tensorflow as tf

from srcnn_tf.data.device_crops import DeviceCrops


def make_device_run_steps(train_step: Callable, crops: DeviceCrops) -> Callable:
    """Returns `run_steps(iterator, count) -> (mean loss, seconds spent waiting for input)`.

    What all steps of a call are to cut is fetched first, and goes to the device at once; after
    that nothing between two steps needs the host, and nothing is read back. A GPU may still be at
    work on an earlier call while this one waits, so that the seconds are the most that it can have
    been idle.

    Args:
      train_step: from `train_step.make_train_step`.
      crops: the pictures; the iterator is one of `crops.choices`.
    """
    batch = crops.batch_size

    @tf.function
    def run_steps(iterator, count):
        with tf.device("/CPU:0"):
            before = tf.timestamp()
            places = tf.TensorArray(tf.int64, count, element_shape=[3, batch])
            gains = tf.TensorArray(tf.float32, count, element_shape=[batch, 2])
            # TensorFlow orders no timestamp by itself.
            with tf.control_dependencies([before]):
                first = tf.constant(0)
            for number in tf.range(first, count):
                place, gain = next(iterator)
                places = places.write(number, place)
                gains = gains.write(number, gain)
            places, gains = places.stack(), gains.stack()
            with tf.control_dependencies([places, gains]):
                waited = tf.timestamp() - before
        with tf.device(crops.device):
            places, gains = tf.identity(places), tf.identity(gains)
            total = tf.constant(0.0)
        for number in tf.range(count):
            inputs, targets = crops.cut(places[number], gains[number])
            total += train_step(inputs, targets)
        return total / tf.cast(count, tf.float32), waited

    return run_steps
