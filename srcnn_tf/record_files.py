"""Saying which file of a prepared data set is damaged, instead of what TensorFlow met in it."""

import contextlib
from collections.abc import Iterator

import tensorflow as tf
import tensorflow_datasets as tfds


class RecordsError(Exception):
    """Records cannot be read; the message names the file and the cure."""


@contextlib.contextmanager
def reading_errors(builder: tfds.core.DatasetBuilder) -> Iterator[None]:
    """Turns what reading a prepared data set raises into a RecordsError.

    TFRecord files hold a checksum of each record and each record's length, so that damage is always
    noticed; the names of the files are not part of what TensorFlow then says.

    Raises:
      RecordsError: a file is missing, damaged, or does not hold what `dataset_info.json` says.
    """
    try:
        yield
    except tf.errors.OpError as error:
        reason = _first_fault(builder) or f"{builder.data_dir} is damaged ({_brief(error)})"
        raise RecordsError(
            f"{reason}; remove the folder {builder.data_dir} and give the same command again, "
            "which builds it anew."
        ) from error


def _first_fault(builder) -> str | None:
    for split in builder.info.splits.values():
        for shard in split.file_instructions:
            fault = _fault(str(shard.filename), shard.examples_in_shard)
            if fault is not None:
                return f"{shard.filename} {fault}"
    return None


def _fault(path: str, expected: int) -> str | None:
    """Returns what is wrong with a shard, or None if all its checksums are right."""
    if not tf.io.gfile.exists(path):
        return "is missing"
    found = 0
    try:
        for _ in tf.data.TFRecordDataset(path):
            found += 1
    except tf.errors.OpError as error:
        return f"is damaged after {found} of {expected} records ({_brief(error)})"
    return None if found == expected else f"holds {found} of {expected} records"


def _brief(error: tf.errors.OpError) -> str:
    """Returns what TensorFlow says without the names of its operations."""
    text = error.message.rpartition("}} ")[2].partition(" [Op:")[0]
    return " ".join(text.split())
