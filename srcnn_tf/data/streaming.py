"""Prepared sub-images to training batches, straight from the shards: nothing stays in memory.

For sets too large for `pipeline`, which keeps all pictures. The order of the records is a pure
function of (seed, epoch): shards in a new order in every epoch, read interleaved and in parallel,
and shuffled by a bounded buffer. So a run that resumes at step k gets the batches that it would
have had; it skips, without unpacking, at most the part of one epoch that was used before.
"""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

from srcnn_tf.data import augment, record_files

SHUFFLE_BUFFER = 16_384  # records: some 55 MB of sub-images of 33 x 33 pixels


def shards_of(
    builder: tfds.core.DatasetBuilder, split: str, shard: tuple[int, int] = (0, 1)
) -> Sequence[tfds.core.utils.shard_utils.FileInstruction]:
    """Returns the share of a split's shards that one of several readers is to read.

    Args:
      builder: of a prepared dataset.
      split: as TFDS has it, parts such as `train[:90%]` too.
      shard: (i, n), the reader's number from 0 and how many there are. Shares are disjoint,
        complete, and in number of shards as even as can be.

    Raises:
      ValueError: there are fewer shards than readers.
    """
    index, count = shard
    shards = builder.info.splits[split].file_instructions
    if len(shards) < count:
        raise ValueError(
            f"{builder.info.full_name} has {len(shards)} shards, too few for {count} readers; "
            f"build it again with --num_shards={count} or more."
        )
    return shards[index::count]


def records_of_epoch(
    shards: Sequence[tfds.core.utils.shard_utils.FileInstruction],
    *,
    seed: int,
    number: int | tf.Tensor,
    shuffle_buffer: int = SHUFFLE_BUFFER,
) -> tf.data.Dataset:
    """One epoch of shards: every record once, serialized, in an order of this epoch alone.

    It begins as `record_files.Files.records` does.

    Args:
      shards: from `shards_of`.
      seed: of the run.
      number: of the epoch, from 0.
      shuffle_buffer: records held in memory to choose from.

    Returns:
      A dataset of string scalars.
    """
    key = tf.stack([tf.constant(augment.shard_stream(seed), tf.int64), tf.cast(number, tf.int64)])
    order = tf.argsort(tf.random.stateless_uniform([len(shards)], key))
    record_seed = tf.random.stateless_uniform([], key, minval=None, maxval=None, dtype=tf.int64)
    files = record_files.Files.of(shards).reordered(order)
    return files.records().shuffle(shuffle_buffer, seed=record_seed, reshuffle_each_iteration=False)


def streamed_batches(
    builder: tfds.core.DatasetBuilder,
    split: str,
    *,
    batch_size: int,
    border: int,
    seed: int,
    first_step: int = 0,
    dihedral: bool = True,
    full_range: float = 0.0,
    shard: tuple[int, int] = (0, 1),
    shuffle_buffer: int = SHUFFLE_BUFFER,
) -> tf.data.Dataset:
    """Endless batches of sub-images, epoch after epoch without a gap.

    Args:
      builder: of a prepared dataset of sub-images, such as `image_folder/x3_subimages`.
      split: as TFDS has it.
      batch_size: sub-images in a batch of all readers together; a multiple of their number.
      border: how much smaller the target is on every side: the network's radius.
      seed: of all random choices.
      first_step: the step that the first batch is for; batch k is the same wherever one starts.
      dihedral: whether sub-images are flipped and rotated at random.
      full_range: share of them that is stretched to 0..1; see `augment.to_full_range`.
      shard: (i, n) reads the i-th of n shares of the shards (see `shards_of`), for the i-th of n
        equal parts of each batch.
      shuffle_buffer: see `records_of_epoch`.

    Returns:
      A dataset of (inputs float32 (batch_size / n, S, S, 1), targets float32 (batch_size / n,
      S - 2 border, S - 2 border, 1)), 1.0 = 255, S being the side of the sub-images.

    Raises:
      ValueError: the records are not sub-images, are too small for the border, or lie in fewer
        shards than there are readers.
    """
    size = subimage_size(builder)
    if size <= 2 * border:
        raise ValueError(
            f"Sub-images of {size} x {size} pixels leave nothing of a target for a network that "
            f"loses {border} on every side; build larger ones."
        )
    shards = shards_of(builder, split, shard)
    mine = batch_size // shard[1]
    first_pass, used = divmod(first_step * mine, sum(file.take for file in shards))

    def one_pass(number):
        return records_of_epoch(shards, seed=seed, number=number, shuffle_buffer=shuffle_buffer)

    records = tf.data.Dataset.range(first_pass, np.iinfo(np.int64).max).flat_map(one_pass)
    return batches_of(
        records.skip(used),
        size,
        batch_size=batch_size,
        border=border,
        seed=seed,
        first_step=first_step,
        dihedral=dihedral,
        full_range=full_range,
        shard=shard,
    )


def batches_of(
    records: tf.data.Dataset,
    size: int,
    *,
    batch_size: int,
    border: int,
    seed: int,
    first_step: int = 0,
    dihedral: bool = True,
    full_range: float = 0.0,
    shard: tuple[int, int] = (0, 1),
) -> tf.data.Dataset:
    """Batches of serialized records, wherever they come from, unpacked and augmented.

    Args:
      records: of string scalars, as `records_of_epoch` gives them.
      size: from `subimage_size`.
      batch_size: this and what follows is as for `streamed_batches`; what is left over at the end
        of the records is dropped.
      border: how much smaller the target is on every side.
      seed: of the augmentation.
      first_step: the step that the first batch is for.
      dihedral: whether sub-images are flipped and rotated.
      full_range: share that is stretched.
      shard: (i, n), so that each reader draws random numbers of its own.

    Returns:
      As `streamed_batches`, but as long as the records last.
    """
    index, count = shard
    mine = batch_size // count
    inside = slice(border, size - border)

    def make(step, serialized):
        drawn = step * count + index
        crops = _unpack(serialized, size)
        if dihedral:
            crops = augment.transformed(crops, augment.pick_dihedral(seed, drawn, mine))
        stretched = augment.pick_full_range(seed, drawn, mine, full_range)
        crops = tf.where(stretched[:, None, None, None], augment.to_full_range(crops), crops)
        return crops[..., :1], crops[:, inside, inside, 1:]

    return (
        # Batches before unpacking: one call for many records is several times faster.
        records.batch(mine, drop_remainder=True)
        .enumerate(first_step)
        .map(make, num_parallel_calls=tf.data.AUTOTUNE)
        .prefetch(tf.data.AUTOTUNE)
    )


def subimage_size(builder: tfds.core.DatasetBuilder) -> int:
    """Returns the side of a dataset's sub-images, in pixels.

    Raises:
      ValueError: its records are not sub-images.
    """
    size = builder.info.features["hr_y"].shape[0]
    if size is None:
        raise ValueError(
            f"{builder.info.full_name} holds whole pictures; build sub-images, such as those of "
            "image_folder/x3_subimages."
        )
    return size


def _unpack(serialized, size):
    """Returns bicubic and original of serialized sub-images: float32 (batch, size, size, 2)."""
    raw = tf.io.FixedLenFeature([], tf.string)
    planes = tf.io.parse_example(serialized, {"bicubic_y": raw, "hr_y": raw})
    bicubic_y = tf.cast(tf.io.decode_raw(planes["bicubic_y"], tf.float16), tf.float32)
    hr_y = tf.cast(tf.io.decode_raw(planes["hr_y"], tf.uint8), tf.float32) / 255
    return tf.reshape(tf.stack([bicubic_y, hr_y], -1), [-1, size, size, 2])
