"""What to train on where the user names nothing: the first dataset that can be had."""

import os
from collections.abc import Sequence

import tensorflow_datasets as tfds

from srcnn_tf.data import catalog
from srcnn_tf.data.dataset_folder import Dataset
from tfds_builders.common import downloads
from tfds_builders.common.builder_classes import builder_class
from tfds_builders.common.manifest import DatasetUnavailableError, verified_files
from tfds_builders.common.preparation import is_prepared, pictures_folder, prepared_builder


def training_dataset_name(
    data_dir: str | os.PathLike | None,
    manual_dir: str | os.PathLike | None,
    scale: int,
    candidates: Sequence[str] = catalog.DEFAULT_TRAINING,
) -> tuple[str, str]:
    """Chooses the first of some datasets that can be had, and the last if none can.

    Takes a few seconds at most, also without a network. That pictures can be downloaded is no
    promise: a transfer that breaks off still raises `DatasetUnavailableError` in
    `prepared_builder`.

    Args:
      data_dir: as `prepared_builder` has it.
      manual_dir: likewise.
      scale: likewise.
      candidates: names of the catalog.

    Returns:
      The dataset's name, and a sentence or two that say why.
    """
    reasons = []
    for name in candidates:
        available, reason = _availability(catalog.DATASETS[name], data_dir, manual_dir, scale)
        reasons.append(reason)
        if available:
            break
    return name, " ".join(reasons)


def training_builder(
    data_dir: str | os.PathLike | None, manual_dir: str | os.PathLike | None, scale: int
) -> tfds.core.DatasetBuilder:
    """Returns the prepared builder of the dataset that `training_dataset_name` chooses."""
    name, _ = training_dataset_name(data_dir, manual_dir, scale)
    return prepared_builder(name, scale, data_dir, manual_dir)


def _availability(dataset: Dataset, data_dir, manual_dir, scale) -> tuple[bool, str]:
    """Returns whether a dataset can be had, and why or why not, as a sentence."""
    title = dataset.title
    if is_prepared(dataset, scale, data_dir):
        return True, f"{title} is prepared already."
    if not dataset.downloaded:
        return True, f"{title} needs no download."
    pictures = builder_class(dataset.name).published()
    try:
        folder = pictures_folder(dataset, manual_dir)
        if folder is not None:
            verified_files(dataset.name, folder, pictures, "")
            return True, f"{title} is in {folder}."
    except DatasetUnavailableError as error:
        return False, f"{title} cannot be used: {str(error).strip().rstrip('.')}."
    reason = downloads.unreachable(pictures)
    if reason is None:
        return True, f"{title} can be downloaded."
    return False, f"{title} is not prepared, and {reason}."
