"""Reading the files of a prepared dataset, and saying which is damaged and how."""

import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import tensorflow as tf
import tensorflow_datasets as tfds

from srcnn_tf.data.array_records import array_record_dataset

_LOGGER = logging.getLogger(__name__)
_INTERLEAVED = 16  # shards that are open at a time
_BLOCK = 16  # records taken from each in turn
_OVERHEAD = 16  # bytes that TFRecord adds to each record: its length and two checksums


class RecordsError(Exception):
    """Records cannot be read; the message names the file and a hint."""


class Files(NamedTuple):
    """Files of a prepared dataset, and which of their records are meant."""

    paths: tf.Tensor  # string (files,)
    skipped: tf.Tensor  # int64 (files,): records at the beginning
    taken: tf.Tensor  # int64 (files,): records after these
    random_access: bool = False  # whether they are ArrayRecord files, and not TFRecord files

    @classmethod
    def of(cls, shards: Sequence[tfds.core.utils.shard_utils.FileInstruction]) -> "Files":
        """Returns what TFDS's instructions say."""
        return cls(
            tf.constant([str(shard.filename) for shard in shards]),
            tf.constant([shard.skip for shard in shards], tf.int64),
            tf.constant([shard.take for shard in shards], tf.int64),
            bool(shards) and has_random_access(str(shards[0].filename)),
        )

    def reordered(self, order: tf.Tensor) -> "Files":
        """Returns the files in another order, int (files,)."""
        paths, skipped, taken = (tf.gather(column, order) for column in self[:3])
        return Files(paths, skipped, taken, self.random_access)

    def records(self) -> tf.data.Dataset:
        """Returns the serialized records, string scalars, in an order that is always the same.

        Many files are read at a time, some records from each in turn. They are opened by TensorFlow
        only, so that they may be remote (`gs://`), but for ArrayRecord files. The first dataset of
        the pipeline is that of the files, where `tf.data`'s own sharding looks for it.
        """
        read = array_record_dataset if self.random_access else _tf_records
        return tf.data.Dataset.from_tensor_slices(tuple(self[:3])).interleave(
            read,
            cycle_length=_INTERLEAVED,
            block_length=_BLOCK,
            num_parallel_calls=tf.data.AUTOTUNE,
            deterministic=True,
        )


def _tf_records(path, skip, take):
    return tf.data.TFRecordDataset(path).skip(skip).take(take)


def has_random_access(path: str) -> bool:
    """Whether a file is an ArrayRecord file, by its name, as TFDS gives it."""
    return ".array_record" in path.rpartition("/")[2]


@contextlib.contextmanager
def reading_errors(builder: tfds.core.DatasetBuilder) -> Iterator[None]:
    """Turns what reading a prepared dataset raises into a RecordsError.

    TFRecord files hold a checksum of each record and each record's length, so that damage is always
    noticed; the names of the files are not part of what TensorFlow then says.

    Raises:
      RecordsError: a file is missing, damaged, or does not hold what `dataset_info.json` says.
    """
    try:
        yield
    except tf.errors.OpError as error:
        reason = _first_fault(builder) or f"{builder.data_dir} is damaged ({_brief(error)})"
        raise _error(builder, reason) from error


@contextlib.contextmanager
def streaming_errors(builder: tfds.core.DatasetBuilder) -> Iterator[None]:
    """As `reading_errors`, around a run that keeps reading; other errors pass through.

    Raises:
      RecordsError: a file is missing or damaged; all are read once more to find out which.
    """
    try:
        yield
    except (tf.errors.DataLossError, tf.errors.NotFoundError, tf.errors.UnknownError) as error:
        _LOGGER.warning("Records cannot be read; looking for the file that is damaged.")
        reason = _first_fault(builder)
        if reason is None:
            raise
        raise _error(builder, reason, " and goes on from the last checkpoint") from error


def check_count(builder: tfds.core.DatasetBuilder, split: str, found: int) -> None:
    """Compares how many records were read with what the dataset's description says.

    Raises:
      RecordsError: they differ, since a file was cut between two records.
    """
    expected = builder.info.splits[split].num_examples
    if found != expected:
        reason = _first_fault(builder)
        raise _error(builder, reason or f"{builder.data_dir} holds {found} of {expected} records")


def check_sizes(builder: tfds.core.DatasetBuilder, split: str) -> None:
    """Compares the size of all files of a split with what its description says, unread.

    A file that was cut between two records looks complete to a reader that streams it.

    Raises:
      RecordsError: it differs, and a file is damaged.
    """
    if split not in builder.info.splits:
        return  # A part of a split; how many bytes it has is not known.
    split = builder.info.splits[split]
    if any(map(has_random_access, split.filenames)):
        return  # Packed and indexed; an incomplete one is noticed when it is opened.
    try:
        size = sum(tf.io.gfile.stat(str(path)).length for path in split.filepaths)
    except tf.errors.NotFoundError:
        size = None
    if size != split.num_bytes + _OVERHEAD * split.num_examples:
        reason = _first_fault(builder)
        if reason is not None:
            raise _error(builder, reason)


def _error(builder, reason, then="") -> RecordsError:
    return RecordsError(
        f"{reason}; remove the folder {builder.data_dir} and give the same command again, "
        f"which builds it anew{then}."
    )


def _first_fault(builder) -> str | None:
    """Returns the file that is damaged and how, or None: those that are missing come first."""
    shards = [
        (str(shard.filename), shard.examples_in_shard)
        for split in builder.info.splits.values()
        for shard in split.file_instructions
    ]
    for path, _ in shards:
        if not tf.io.gfile.exists(path):
            return f"{path} is missing"
    for path, expected in shards:
        fault = _fault(path, expected)
        if fault is not None:
            return f"{path} {fault}"
    return None


def _fault(path: str, expected: int) -> str | None:
    """Returns what is wrong with a shard, or None if all its checksums are right."""
    found = 0
    read = array_record_dataset if has_random_access(path) else _tf_records
    try:
        for _ in read(path, tf.constant(0, tf.int64), tf.constant(-1, tf.int64)):
            found += 1
    except tf.errors.OpError as error:
        return f"is damaged after {found} of {expected} records ({_brief(error)})"
    return None if found == expected else f"holds {found} of {expected} records"


def _brief(error: tf.errors.OpError) -> str:
    """Returns what TensorFlow says without the names of its operations, nor Python's lines."""
    text = error.message.partition("\nTraceback")[0].rpartition("}} ")[2].partition(" [Op:")[0]
    return " ".join(text.split())
