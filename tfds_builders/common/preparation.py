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
from tfds_builders.common import built_from, sources
from tfds_builders.common.builder_classes import builder_class
from tfds_builders.common.folder_layout import is_paired
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

    Records that were built earlier are used without a network or a manual folder. Those of the
    user's own pictures are built anew if the folder is another, or its pictures have changed. Where
    that folder holds `hr/` and `lr/` its pairs are taken as they are, instead of being degraded.

    Args:
      name: one of `srcnn_tf.data.catalog.DATASETS`.
      scale: 2, 3 or 4; or 1, which has no records of its own and reads the originals of x2's.
      data_dir: where TFDS keeps datasets; None means its default, `~/tensorflow_datasets`.
      manual_dir: a dataset's pictures, or a folder of such folders; see `pictures_folder`.
      download: whether the network may be used.
      subimages: whether to return sub-images instead of whole pictures.

    Raises:
      ValueError: no dataset bears that name, or it has no such scale, or no sub-images.
      DatasetUnavailableError: the dataset cannot be had; the message says why and what to do.
    """
    dataset = catalog.DATASETS[name]
    folder = pictures_folder(dataset, manual_dir)
    paired = dataset.source == "user" and folder is not None and is_paired(folder)
    builder, prepared = _builder(dataset, scale, data_dir, subimages, paired)
    if folder is None and not prepared and dataset.source == "user" and not subimages:
        pairs_of_user = _builder(dataset, scale, data_dir, paired=True)
        if pairs_of_user[1]:
            builder, prepared = pairs_of_user
    title = f"{name}/{builder.builder_config.name}"
    if prepared and (folder is None or dataset.downloaded):
        _warn_of_changes(dataset, builder)
        return builder
    if prepared:
        _prepare(builder, folder)  # Does nothing if they are the records of these pictures.
        return _builder(dataset, scale, data_dir, subimages, paired)[0]
    if folder is None and not download and dataset.source != "package":
        raise DatasetUnavailableError(
            f"{title} is not prepared, and may not be downloaded.\n{sources.how_to_supply(dataset)}"
        )
    source = "" if folder is None else f" from {folder}"
    print(f"preparing {title} in {builder.data_dir}{source}", file=sys.stderr)
    _prepare(builder, folder)
    return builder


def is_prepared(dataset: Dataset, scale: int, data_dir: str | os.PathLike | None) -> bool:
    """Returns whether a dataset's records at a scale are on disk; raises as `prepared_builder`."""
    return _builder(dataset, scale, data_dir)[1]


def pictures_folder(dataset: Dataset, manual_dir: str | os.PathLike | None) -> pathlib.Path | None:
    """Returns the folder that a dataset's pictures are taken from.

    None where they are downloaded, and for what an installed package brings along.

    Args:
      dataset: of the catalog.
      manual_dir: the dataset's pictures, or a folder of such folders (`set5/`, `t91/`, ...), which
        need not hold all datasets; None for neither.

    Raises:
      DatasetUnavailableError: `manual_dir` does not exist.
    """
    if manual_dir is not None and (dataset.downloaded or dataset.source == "user"):
        manual_dir = pathlib.Path(manual_dir).expanduser()
        if not manual_dir.is_dir():
            problem = urls.problem(manual_dir) or f"the manual folder {manual_dir} does not exist."
            raise DatasetUnavailableError(f"{dataset.name}: {problem}")
    return builder_class(dataset.name).pictures_folder(manual_dir)


def timed_build(name: str, manual_dir: str | os.PathLike | None) -> Callable[[], float] | None:
    """Returns a function that builds a dataset at all scales and returns the seconds it took.

    It builds into a temporary folder. None if `manual_dir` does not hold the pictures.
    """
    if manual_dir is None or pictures_folder(catalog.DATASETS[name], manual_dir) is None:
        return None

    def build():
        with tempfile.TemporaryDirectory() as folder:
            before = time.perf_counter()
            for scale in SCALES:
                prepared_builder(name, scale, folder, manual_dir)
            return time.perf_counter() - before

    return build


def _check_home(data_dir: tfds.core.Path | None) -> None:
    """Raises DatasetUnavailableError rather than let a folder be made whose name is `~`."""
    place = os.fspath(data_dir or tfds.core.constants.DATA_DIR)
    if os.path.expanduser(place).startswith("~"):  # noqa: PTH111 - which fails without a home
        raise DatasetUnavailableError(
            f"There is no home folder for {place} (this user has none, and the environment no "
            "HOME); give --data_dir, or let the environment variable TFDS_DATA_DIR name a folder."
        )


def _builder(
    dataset: Dataset,
    scale: int,
    data_dir: str | os.PathLike | None,
    subimages: bool = False,
    paired: bool = False,
) -> tuple[tfds.core.DatasetBuilder, bool]:
    """Returns a builder, and whether its records are on disk."""
    make = builder_class(dataset.name)
    config = _config_name(dataset, scale, subimages, paired, make.builder_configs)
    # TFDS's paths, unlike Python's, may be remote.
    if data_dir is not None:
        data_dir = tfds.core.Path(data_dir).expanduser()
    _check_home(data_dir)
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


def _config_name(dataset, scale, subimages, paired, known) -> str:
    # The originals are there but for an odd last row and column. Records of x1 would hold every
    # picture three times over.
    if scale == 1 and not subimages:
        scale = min(SCALES)
    if scale not in SCALES:
        raise ValueError(f"{dataset.name}/x{scale} is not a dataset: choose a scale of {SCALES}.")
    if subimages and paired:
        raise ValueError(
            f"{dataset.name}: sub-images are cut from pictures that are degraded here, and the "
            "folder holds pairs, hr/ and lr/; name hr/ as the folder, or train on whole pictures."
        )
    config = f"x{scale}{'_subimages' if subimages else '_pairs' if paired else ''}"
    if config in known:
        return config
    if subimages:
        own = ", ".join(each.name for each in catalog.DATASETS.values() if each.source == "user")
        raise ValueError(
            f"{dataset.name} has no sub-images; give its pictures to {own}, as --manual_dir."
        )
    raise ValueError(f"{dataset.name} has no config {config}; it has: {', '.join(known)}.")


def _warn_of_changes(dataset, builder) -> None:
    """Says where the user's pictures changed, and the folder to build from was not named."""
    changed = built_from.changed_since(builder.data_path) if dataset.source == "user" else None
    if changed is not None:
        print(
            f"{builder.info.full_name}: the pictures in {changed} have changed since its records "
            f"were built; --manual_dir={changed} builds them anew",
            file=sys.stderr,
        )


def _prepare(builder, folder) -> None:
    if not sys.stderr.isatty():
        tfds.disable_progress_bar()
    config = tfds.download.DownloadConfig(manual_dir=folder)
    # TFDS announces on standard output, where programs print their results.
    with contextlib.redirect_stdout(io.StringIO()):
        builder.download_and_prepare(download_config=config)
