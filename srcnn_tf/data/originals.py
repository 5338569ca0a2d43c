"""The originals of prepared pairs in color, which only colored metrics and pages look at."""

import numpy as np
import tensorflow_datasets as tfds

from srcnn_tf.data import record_files


def read_originals(builder: tfds.core.DatasetBuilder, split: str) -> dict[str, np.ndarray]:
    """Reads the originals of a prepared dataset: uint8 (H, W, 3) RGB by filename.

    Raises:
      record_files.RecordsError: a file of the dataset is missing or damaged, or the records hold
        no originals.
    """
    if "hr" not in builder.info.features:
        raise record_files.RecordsError(
            f"{builder.info.full_name} holds no originals in color; build pairs of whole pictures "
            "with tfds_builders/image_folder."
        )
    records = builder.as_dataset(
        split=split,
        decoders=tfds.decode.PartialDecoding({"filename": True, "hr": True}),
        shuffle_files=False,
    )
    with record_files.reading_errors(builder):
        return {record["filename"].decode(): record["hr"] for record in tfds.as_numpy(records)}
