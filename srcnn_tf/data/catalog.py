"""All datasets by name, found from their folders; and how to add one of your own.

The project's own are the folders of `tfds_builders`. Others are added by `add_folder`, or by an
environment variable, with no change to the project:

    SRCNN_TF_DATASETS=/data/dunes:/data/faces bin/benchmark --datasets=set5,dunes

Descriptions only are read here, so that programs know names and roles before they load TensorFlow
or TFDS.
"""

import importlib.util
import logging
import os
import pathlib
import re
from collections.abc import Iterable, Sequence

from srcnn_tf.data.dataset_folder import (
    DESCRIPTION,
    Dataset,
    DatasetFolderError,
    Role,
    read_dataset,
)
from srcnn_tf.registry import Registry

DATASETS: Registry[Dataset] = Registry("dataset")
VARIABLE = "SRCNN_TF_DATASETS"

# What programs take where the user names nothing.
FALLBACK = "sample_photos"  # needs no download
DEFAULT_TRAINING = ("t91", FALLBACK)  # the first that can be had
DEFAULT_BENCHMARKS = ("set5", "set14")
DEBLOCKING_BENCHMARKS = ("live1",)  # at scale 1

_LOGGER = logging.getLogger(__name__)


def add_folder(folder: str | os.PathLike) -> Dataset:
    """Adds the dataset that a folder describes; once more is no error.

    Raises:
      DatasetFolderError: the folder describes none.
      ValueError: another dataset has its name.
    """
    dataset = read_dataset(folder)
    known = DATASETS.get(dataset.name)
    if known is not None and known.folder == dataset.folder:
        return known
    return DATASETS.register(dataset.name, dataset)


def with_role(role: Role) -> tuple[Dataset, ...]:
    """Returns the datasets for a role, `training` or `benchmark`."""
    return tuple(dataset for dataset in DATASETS.values() if role in dataset.roles)


def chosen(names: Sequence[str], role: Role) -> tuple[Dataset, ...]:
    """Looks datasets up.

    Raises:
      ValueError: there is none of such a name (the message lists those that there are), it is not
        for the role, a name stands twice, or there are no names.
    """
    datasets = tuple(DATASETS[name] for name in names)
    suitable = ", ".join(dataset.name for dataset in with_role(role))
    for dataset in datasets:
        if role not in dataset.roles:
            raise ValueError(f"{dataset.name} is not a {role} set; these are: {suitable}.")
    if not datasets or len(set(names)) < len(datasets):
        raise ValueError(f"Choose {role} sets, each once; there is: {suitable}.")
    return datasets


def is_trained_on(benchmark: str, training_sets: Iterable[str]) -> bool:
    """Whether a benchmark's pictures are trained on with these sets, so scores tell nothing."""
    dataset = DATASETS.get(benchmark)
    return (
        dataset is not None
        and benchmark in training_sets
        and dataset.roles.get("training") == dataset.roles.get("benchmark")
    )


def listed(role: Role) -> str:
    """Names the datasets for a role, with their numbers of pictures, for help texts."""

    def entry(dataset):
        count = dataset.pictures(role)
        return dataset.name if count is None else f"{dataset.name} ({count} pictures)"

    return ", ".join(map(entry, with_role(role)))


def _add_ours() -> None:
    package = importlib.util.find_spec("tfds_builders")
    if package is None or not package.submodule_search_locations:
        return
    root = pathlib.Path(package.submodule_search_locations[0])
    folders = [path.parent for path in root.glob(f"*/{DESCRIPTION}")]
    # Set5 before Set14.
    for folder in sorted(folders, key=lambda path: re.sub(r"\d+", _padded, path.name)):
        add_folder(folder)


def _padded(digits):
    return digits[0].zfill(9)


def _add_from_environment() -> None:
    for folder in os.environ.get(VARIABLE, "").split(os.pathsep):
        if folder:
            try:
                add_folder(folder)
            except (DatasetFolderError, ValueError) as error:
                # Programs import this module before they can say anything else.
                _LOGGER.warning("%s: %s It is left out.", VARIABLE, error)


_add_ours()
_add_from_environment()
