"""Datasets for programs: the builder of a dataset by its name, its records on disk."""

import contextlib
import io
import os
import pathlib
import sys
import tempfile
import time
from collections.abc import Callable

import tensorflow_datasets as tfds
from absl import logging

from srcnn_tf.data import catalog
from srcnn_tf.data.dataset_folder import Dataset
from srcnn_tf.files import urls
from srcnn_tf.files.image_files import ImageFileError
from tfds_builders.common import sources
from tfds_builders.common.builder_classes import builder_class
from tfds_builders.common.fingerprint import fingerprint
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.common.pairs import SCALES

__all__ = [
    "DatasetUnavailableError",
    "is_prepared",
    "pictures_folder",
    "prepared_builder",
    "timed_build",
]


def prepared_builder(
    name: str,
    scale: int,
    data_dir: str | os.PathLike | None = None,
    manual_dir: str | os.PathLike | None = None,
    download: bool = True,
    subimages: bool = False,
) -> tfds.core.DatasetBuilder:
    """Returns a dataset's builder at a scale, its records on disk; builds them first if need be.

    Records that were built earlier are used without a network or a manual folder.

    Args:
      name: one of `srcnn_tf.data.catalog.DATASETS`.
      scale: 2, 3 or 4.
      data_dir: where TFDS keeps datasets; None means its default, `~/tensorflow_datasets`.
      manual_dir: a folder that holds `set5/`, `t91/` and so on; see `pictures_folder`.
      download: whether the network may be used.
      subimages: whether to return sub-images instead of whole pictures.

    Raises:
      ValueError: no dataset bears that name, or it has no such scale, or no sub-images.
      DatasetUnavailableError: the dataset cannot be had; the message says why and what to do.
    """
    dataset = catalog.DATASETS[name]
    builder, prepared = _builder(dataset, scale, data_dir, subimages)
    title = f"{name}/{builder.builder_config.name}"
    folder = pictures_folder(dataset, manual_dir)
    if prepared:
        _check_same_pictures(dataset, builder, folder)
        return builder
    if folder is None and not download and dataset.source != "package":
        raise DatasetUnavailableError(
            f"{title} is not prepared, and may not be downloaded.\n{sources.how_to_supply(dataset)}"
        )
    print(f"preparing {title} in {builder.data_dir}", file=sys.stderr)
    _prepare(builder, folder)
    return builder


def is_prepared(dataset: Dataset, scale: int, data_dir: str | os.PathLike | None) -> bool:
    """Returns whether a dataset's records at a scale are on disk; raises as `prepared_builder`."""
    return _builder(dataset, scale, data_dir)[1]


def pictures_folder(dataset: Dataset, manual_dir: str | os.PathLike | None) -> pathlib.Path | None:
    """Returns the folder that a dataset's pictures are taken from.

    That is `<manual_dir>/<name>`; None where there is none, so that they are downloaded, and for
    what an installed package brings along. The user's own pictures may also be `manual_dir` itself.

    Raises:
      DatasetUnavailableError: `manual_dir` does not exist.
    """
    if dataset.source == "folder":
        return dataset.folder / "pictures"
    if manual_dir is None or dataset.source == "package":
        return None
    manual_dir = pathlib.Path(manual_dir).expanduser()
    if not manual_dir.is_dir():
        problem = urls.problem(manual_dir) or f"the manual folder {manual_dir} does not exist."
        raise DatasetUnavailableError(f"{dataset.name}: {problem}")
    if (manual_dir / dataset.name).is_dir():
        return manual_dir / dataset.name
    return manual_dir if dataset.source == "user" else None


def timed_build(name: str, manual_dir: str | os.PathLike | None) -> Callable[[], float] | None:
    """Returns a function that builds a dataset at all scales and returns the seconds it took.

    It builds into a temporary folder. None if `manual_dir` does not hold the pictures.
    """
    if manual_dir is None or not (pathlib.Path(manual_dir).expanduser() / name).is_dir():
        return None

    def build():
        with tempfile.TemporaryDirectory() as folder:
            before = time.perf_counter()
            for scale in SCALES:
                prepared_builder(name, scale, folder, manual_dir)
            return time.perf_counter() - before

    return build


def _builder(
    dataset: Dataset, scale: int, data_dir: str | os.PathLike | None, subimages: bool = False
) -> tuple[tfds.core.DatasetBuilder, bool]:
    """Returns a builder, and whether its records are on disk."""
    make = builder_class(dataset.name)
    config = _config_name(dataset, scale, subimages, make.builder_configs)
    # TFDS's paths, unlike Python's, may be remote.
    data_dir = None if data_dir is None else tfds.core.Path(data_dir).expanduser()
    verbosity = logging.get_verbosity()
    logging.set_verbosity(logging.ERROR)  # TFDS warns that what is not prepared is not there.
    try:
        builder = make(config=config, data_dir=data_dir)
        prepared = builder.is_prepared()
        if builder.data_path.exists() and not (prepared and builder.info.splits):
            raise ValueError("it names no records")
        return builder, prepared
    except Exception as error:  # TFDS reads what describes the records as soon as it is there.
        folder = tfds.core.Path(data_dir or tfds.core.constants.DATA_DIR) / dataset.name / config
        folder /= str(make.VERSION)
        if not folder.exists():
            raise
        reason = f"{error}\n".splitlines()[0].rpartition('": ')[2]
        raise DatasetUnavailableError(
            f"{folder / 'dataset_info.json'} is missing or damaged ({reason}); remove the folder"
            f" {folder} and give the same command again, which builds it anew."
        ) from error
    finally:
        logging.set_verbosity(verbosity)


def _config_name(dataset, scale, subimages, known) -> str:
    if scale not in SCALES:
        raise ValueError(f"{dataset.name}/x{scale} is not a dataset: choose a scale of {SCALES}.")
    config = f"x{scale}_subimages" if subimages else f"x{scale}"
    if config in known:
        return config
    if subimages:
        own = ", ".join(each.name for each in catalog.DATASETS.values() if each.source == "user")
        raise ValueError(
            f"{dataset.name} has no sub-images; give its pictures to {own}, as --manual_dir."
        )
    raise ValueError(f"{dataset.name} has no config {config}; it has: {', '.join(known)}.")


def _check_same_pictures(dataset, builder, folder) -> None:
    """Refuses records that were built from other pictures than are in the folder now.

    Published pictures are the same everywhere, so their records have no fingerprint.
    """
    if dataset.source not in ("user", "folder") or folder is None:
        return
    try:
        if (builder.info.metadata or {}).get("fingerprint") == fingerprint(folder):
            return
    except ImageFileError as error:
        raise DatasetUnavailableError(f"{builder.name}: {error}") from None
    raise DatasetUnavailableError(
        f"{builder.name}: the records in {builder.data_dir} were not built from the pictures that"
        f" are now in {folder}.\nName another data_dir for these pictures, or remove the records."
    )


def _prepare(builder, folder) -> None:
    if not sys.stderr.isatty():
        tfds.disable_progress_bar()
    config = tfds.download.DownloadConfig(manual_dir=folder)
    # TFDS announces on standard output, where programs print their results.
    with contextlib.redirect_stdout(io.StringIO()):
        builder.download_and_prepare(download_config=config)
