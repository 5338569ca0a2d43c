"""Training from sub-images: every record once an epoch, the same batches from any first step."""

import collections
import itertools

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds
from PIL import Image

from srcnn_tf.data import augment, streaming
from tfds_builders.image_folder.image_folder_dataset_builder import Builder

_SHARDS = 5


def _build(folder, config="x2_subimages", shards=_SHARDS):
    builder = Builder(config=config, data_dir=folder / "data")
    builder.download_and_prepare(
        download_config=tfds.download.DownloadConfig(
            manual_dir=folder / "photos", num_shards=shards
        )
    )
    return builder


@pytest.fixture(scope="module")
def builder(tmp_path_factory, photo):
    """Sub-images of two pictures in five shards, no two of them alike."""
    folder = tmp_path_factory.mktemp("streaming")
    (folder / "photos").mkdir()
    Image.fromarray(photo).save(folder / "photos" / "a.png")
    Image.fromarray(255 - photo[:, ::-1]).save(folder / "photos" / "b.png")
    return _build(folder)


def _place(serialized):
    example = tf.train.Example.FromString(serialized).features.feature
    return tuple(
        [example["filename"].bytes_list.value[0]]
        + [example[side].int64_list.value[0] for side in ("row", "column")]
    )


def _pass(builder, number, shard=(0, 1), seed=1):
    shards = streaming.shards_of(builder, "train", shard)
    records = streaming.records_of_epoch(shards, seed=seed, number=number, shuffle_buffer=16)
    return [_place(record) for record in records.as_numpy_iterator()]


def _all(builder):
    return [
        (record["filename"], record["row"], record["column"])
        for record in tfds.as_numpy(builder.as_dataset(split="train"))
    ]


def test_each_epoch_reads_every_record_once(builder):
    passes = [_pass(builder, 0), _pass(builder, 1), _pass(builder, 0, seed=2)]

    for order in passes:
        assert collections.Counter(order) == collections.Counter(_all(builder))
    assert len({tuple(order) for order in passes}) == 3
    assert _pass(builder, 1) == passes[1]


@pytest.mark.parametrize("count", [2, 3, 5])
def test_readers_are_disjoint_and_complete(builder, count):
    shares = [_pass(builder, 0, (index, count)) for index in range(count)]

    assert all(shares)
    together = collections.Counter(itertools.chain.from_iterable(shares))
    assert together == collections.Counter(_all(builder))


def test_more_readers_than_shards_are_refused(builder):
    with pytest.raises(ValueError, match=r"has 5 shards, too few for 6 readers.*--num_shards=6"):
        streaming.shards_of(builder, "train", (0, 6))


def test_part_of_a_split_matches_tfds(builder):
    part = "train[30%:85%]"
    expected = tfds.as_numpy(builder.as_dataset(split=part))
    records = streaming.records_of_epoch(
        streaming.shards_of(builder, part), seed=1, number=0, shuffle_buffer=16
    )
    assert sorted(map(_place, records.as_numpy_iterator())) == sorted(
        (record["filename"], record["row"], record["column"]) for record in expected
    )


def test_targets_are_cut_to_the_networks_border(builder):
    options = {"batch_size": 7, "border": 8, "seed": 3, "dihedral": False, "shuffle_buffer": 16}
    batches = streaming.streamed_batches(builder, "train", **options).take(4)
    records = {
        (record["filename"], record["row"], record["column"]): record
        for record in tfds.as_numpy(builder.as_dataset(split="train"))
    }
    expected = iter(_pass(builder, 0, seed=3))

    for inputs, targets in batches.as_numpy_iterator():
        assert inputs.shape == (7, 33, 33, 1)
        assert targets.shape == (7, 17, 17, 1)
        assert inputs.dtype == targets.dtype == np.float32
        for each_input, each_target in zip(inputs, targets, strict=True):
            record = records[next(expected)]
            np.testing.assert_array_equal(each_input, record["bicubic_y"].astype(np.float32))
            np.testing.assert_array_equal(
                each_target, record["hr_y"][8:25, 8:25].astype(np.float32) / np.float32(255)
            )


@pytest.mark.parametrize("first_step", [3, 30])
def test_batches_do_not_depend_on_the_first_step(builder, first_step):
    records = len(_all(builder))
    options = {"batch_size": 16, "border": 6, "seed": 5, "full_range": 0.5, "shuffle_buffer": 32}
    assert 3 * 16 < records < 30 * 16  # so the second start is in a later epoch

    whole = streaming.streamed_batches(builder, "train", **options).skip(first_step).take(records)
    resumed = streaming.streamed_batches(builder, "train", first_step=first_step, **options)
    for one, other in zip(whole.take(4), resumed, strict=False):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


def test_input_and_target_are_augmented_together(builder):
    plain, changed = (
        streaming.streamed_batches(
            builder, "train", batch_size=8, border=10, seed=1, dihedral=on, full_range=float(on)
        )
        for on in (False, True)
    )
    (inputs, targets), (new_inputs, new_targets) = next(iter(plain)), next(iter(changed))
    turns = augment.pick_dihedral(1, tf.constant(0, tf.int64), 8)
    for planes, new in ((inputs, new_inputs), (targets, new_targets)):
        expected = augment.to_full_range(augment.transformed(planes, turns))
        np.testing.assert_allclose(new, expected, atol=1e-6)


def test_readers_draw_different_augmentations(builder):
    batches = [
        next(
            iter(
                streaming.batches_of(
                    tf.data.Dataset.from_tensors(record).repeat(32),
                    33,
                    batch_size=64,
                    border=0,
                    seed=1,
                    shard=(index, 2),
                )
            )
        )
        for index in (0, 1)
        for record in streaming.records_of_epoch(
            streaming.shards_of(builder, "train")[:1], seed=1, number=0
        ).take(1)
    ]
    assert batches[0][0].shape == (32, 33, 33, 1)
    assert not np.array_equal(batches[0][0], batches[1][0])


def test_whole_pictures_and_large_borders_are_refused(builder, tmp_path):
    with pytest.raises(ValueError, match="leave nothing of a target"):
        streaming.streamed_batches(builder, "train", batch_size=1, border=17, seed=1)
    pictures = Builder(config="x2", data_dir=tmp_path)
    with pytest.raises(ValueError, match="holds whole pictures"):
        streaming.subimage_size(pictures)
