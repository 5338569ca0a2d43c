"""The originals of prepared pairs in color, which only colored metrics and pages look at."""

import numpy as np
import tensorflow_datasets as tfds

from srcnn_tf.data import record_files


def read_originals(
    builder: tfds.core.DatasetBuilder, split: str, which: str = "hr"
) -> dict[str, np.ndarray]:
    """Reads the originals of a prepared dataset: uint8 (H, W, 3) RGB by filename.

    Args:
      builder: of the dataset.
      split: of it.
      which: `hr`, or `lr` for the small pictures: (H/s, W/s, 3).

    Raises:
      record_files.RecordsError: a file of the dataset is missing or damaged, or the records hold
        no originals.
    """
    if which not in builder.info.features:
        raise record_files.RecordsError(
            f"{builder.info.full_name} holds no originals in color; build pairs of whole pictures "
            "with tfds_builders/image_folder."
        )
    record_files.check_sizes(builder, split)
    partial = tfds.decode.PartialDecoding({"filename": True, which: True})
    features = partial.extract_features(builder.info.features)
    files = record_files.Files.of(builder.info.splits[split].file_instructions)
    with record_files.reading_errors(builder):
        # By TFDS's own reader ArrayRecord files could not be read here.
        records = [*map(features.deserialize_example_np, files.records().as_numpy_iterator())]
        record_files.check_count(builder, split, len(records))
    return {record["filename"].decode(): record[which] for record in records}
