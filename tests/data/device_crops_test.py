"""Batches cut on the device are the host's, bit for bit, on either grid, with XLA and without."""

import itertools
import pathlib
import subprocess
import sys
import textwrap

import numpy as np
import pytest
import small_runs
import tensorflow as tf

from srcnn_tf.data.device_crops import DeviceCrops
from srcnn_tf.data.pipeline import pack, training_batches
from srcnn_tf.networks.architecture import BICUBIC_GRID, LOW_GRID

_OPTIONS = {"batch_size": 6, "patch": 14, "border": 2, "seed": 3, "full_range": 0.5}


def _batches(crops, count):
    @tf.function
    def cut(places, gains):
        return crops.cut(places, gains)

    chosen = itertools.islice(crops.choices, count)
    return [[each.numpy() for each in cut(*choice)] for choice in chosen]


@pytest.mark.parametrize("grid", [BICUBIC_GRID, LOW_GRID])
@pytest.mark.parametrize("jit_compile", [False, True])
def test_device_and_host_cut_the_same(grid, jit_compile):
    packed = pack(small_runs.pictures(), 3, (1.0, 0.8), 14, 2, grid)
    on_host = training_batches(packed, **_OPTIONS).as_numpy_iterator()
    crops = DeviceCrops(packed, "/CPU:0", jit_compile=jit_compile, **_OPTIONS)
    for expected, found in zip(on_host, _batches(crops, 5), strict=False):
        for theirs, ours in zip(expected, found, strict=True):
            assert ours.dtype == np.float32 and ours.std() > 0
            np.testing.assert_array_equal(ours, theirs)


def test_many_pictures_and_any_first_step():
    # More than are ordered by sorting; and a run that resumes.
    packed = pack(small_runs.pictures(300, 30), 3, (1.0,), 14)
    on_host = training_batches(packed, first_step=50, **_OPTIONS).as_numpy_iterator()
    crops = DeviceCrops(packed, "/CPU:0", first_step=50, **_OPTIONS)
    for expected, found in zip(on_host, _batches(crops, 3), strict=False):
        np.testing.assert_array_equal(found[0], expected[0])


@pytest.mark.slow
def test_another_device_than_the_hosts_cuts_the_same():
    """Two logical processors: one is the host, and on the other are pixels and crops."""
    script = """
        import tensorflow as tf
        kinds = [tf.config.LogicalDeviceConfiguration()] * 2
        tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], kinds)
        import numpy as np, small_runs
        from srcnn_tf.data.device_crops import DeviceCrops
        from srcnn_tf.data.pipeline import pack, training_batches
        options = {"batch_size": 6, "patch": 14, "border": 2, "seed": 3, "full_range": 0.5}
        packed = pack(small_runs.pictures(), 3, (1.0,), 14)
        crops = DeviceCrops(packed, "/CPU:1", **options)
        assert crops._pixels.device.endswith("CPU:1"), crops._pixels.device
        choices = iter(crops.choices)
        moved = training_batches(packed, **options).apply(
            tf.data.experimental.prefetch_to_device("/CPU:1", 2))
        @tf.function
        def cut():
            with tf.device("/CPU:0"):
                places, gains = next(choices)
            with tf.device("/CPU:1"):
                return crops.cut(places, gains)
        for expected, prefetched, _ in zip(training_batches(packed, **options), moved, range(3)):
            for theirs, there, ours in zip(expected, prefetched, cut()):
                assert there.device.endswith("CPU:1"), there.device
                np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
                np.testing.assert_array_equal(there.numpy(), theirs.numpy())
    """
    folder = pathlib.Path(__file__).resolve().parents[1]
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, cwd=folder
    )
    assert told.returncode == 0, told.stderr


def test_steps_of_the_host_dataset_are_prefetched_as_they_are():
    packed = pack(small_runs.pictures(), 3, (1.0,), 14)
    plain = training_batches(packed, **_OPTIONS)
    moved = plain.apply(tf.data.experimental.prefetch_to_device("/CPU:0", 2))
    for expected, found in itertools.islice(zip(plain, moved, strict=False), 3):
        np.testing.assert_array_equal(found[0].numpy(), expected[0].numpy())
