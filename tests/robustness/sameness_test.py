"""The same weights, bit for bit, however the records lie on disk and however they are read."""

import os
import pathlib

import faults_kill
import numpy as np
import pytest
import small_runs
import tensorflow as tf
import tensorflow_datasets as tfds

from srcnn_tf.data import pipeline, streaming
from srcnn_tf.training import loop, training_input
from tfds_builders.image_folder.image_folder_dataset_builder import Builder


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    return faults_kill.write_photos(tmp_path_factory.mktemp("sameness") / "photos")


def _build(photos, data_dir, shards, config="x3"):
    builder = Builder(config=config, data_dir=data_dir)
    builder.download_and_prepare(
        download_config=tfds.download.DownloadConfig(manual_dir=photos, num_shards=shards)
    )
    return builder


def _reverse_records(builder):
    """Writes the records of the only shard in the opposite order."""
    (path,) = builder.info.splits["train"].filepaths
    records = list(tf.data.TFRecordDataset(str(path)).as_numpy_iterator())
    with tf.io.TFRecordWriter(os.fspath(path)) as writer:
        for record in reversed(records):
            writer.write(record)


def _first_record(builder):
    return next(iter(tfds.as_numpy(builder.as_dataset(split="train"))))["filename"]


def test_weights_do_not_depend_on_shards(photos, tmp_path):
    builders = [_build(photos, tmp_path / f"{shards}_shards", shards) for shards in (1, 4)]
    builders.append(_build(photos, tmp_path / "reversed", 1))
    _reverse_records(builders[-1])
    assert [builder.info.splits["train"].num_shards for builder in builders] == [1, 4, 1]
    assert _first_record(builders[-1]) != _first_record(builders[0])

    weights = []
    for builder in builders:
        pictures = pipeline.read_pictures(builder, "train")
        workdir = pathlib.Path(builder.data_dir).parents[2] / "run"
        config = small_runs.config(steps=6, evaluate_every=6, jit_compile=False)
        weights.append(loop.train(config, pictures, workdir, data="photos").weights)
    for other in weights[1:]:
        small_runs.assert_same_weights(weights[0], other)


def test_weights_do_not_depend_on_parallelism(tmp_path, monkeypatch):
    whole = training_input.pipeline.training_batches
    for number, (calls, prefetched) in enumerate([(1, 0), (3, 5)]):
        monkeypatch.setattr(
            training_input.pipeline,
            "training_batches",
            lambda *a, calls=calls, prefetched=prefetched, **options: whole(
                *a, **options, parallel_calls=calls, prefetched=prefetched
            ),
        )
        small_runs.train(small_runs.config(steps=8), tmp_path / str(number))
    small_runs.assert_same_weights(
        tmp_path / "0" / "last.safetensors", tmp_path / "1" / "last.safetensors"
    )


def test_batches_do_not_depend_on_parallelism(photos, tmp_path, monkeypatch):
    """Weights are a function of the batches. Here the number of shards does count."""
    builder = _build(photos, tmp_path, 3, "x3_subimages")
    seen = []
    for number in (1, 2, 7):
        # Numbers of readers, of batches unpacked at a time, and of batches kept ready.
        monkeypatch.setattr(tf.data, "AUTOTUNE", number)
        batches = streaming.streamed_batches(
            builder, "train", batch_size=8, border=8, seed=3, full_range=0.25, shuffle_buffer=16
        )
        seen.append([np.concatenate([each.ravel() for each in b]) for b in _first(batches, 12)])
    for other in seen[1:]:
        np.testing.assert_array_equal(seen[0], other)
    assert not np.array_equal(seen[0][0], seen[0][1])


def _first(batches, count):
    return list(batches.take(count).as_numpy_iterator())
