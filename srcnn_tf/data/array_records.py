"""Reading ArrayRecord files, the format with random access, as `tf.data` reads TFRecord files.

TFDS writes them on request (`tfds build --file_format=array_record`), for `tfds.data_source`. They
are opened by a library of their own and not by TensorFlow, so that they must be local.
"""

from collections.abc import Iterator

import tensorflow as tf

_TOGETHER = 16  # records that are fetched at a time


def array_record_dataset(path: tf.Tensor, skip: tf.Tensor, take: tf.Tensor) -> tf.data.Dataset:
    """Returns the serialized records of a file, string scalars, as `TFRecordDataset` does.

    What is wrong with a file is raised, as a `tf.errors.OpError`, when it is read.

    Args:
      path: string scalar, of a file.
      skip: int64 scalar, how many records to leave out at the beginning.
      take: int64 scalar, how many there are then; -1 for all.
    """
    return tf.data.Dataset.from_generator(
        _records, output_signature=tf.TensorSpec([], tf.string), args=(path, skip, take)
    )


def _records(path, skip, take) -> Iterator[bytes]:
    from array_record.python.array_record_module import ArrayRecordReader

    reader = ArrayRecordReader(path.decode(errors="surrogateescape"))
    try:
        end = reader.num_records() if take < 0 else min(skip + take, reader.num_records())
        for begin in range(skip, end, _TOGETHER):
            yield from reader.read(begin, min(begin + _TOGETHER, end))
    finally:
        reader.close()
