"""Datasets for programs: a prepared builder by name, and the choice of what to train on."""

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

from srcnn_tf.files.image_files import ImageFileError
from tfds_builders.common import downloads, sources
from tfds_builders.common.manifest import DatasetUnavailableError, verified_files
from tfds_builders.common.pairs import SCALES
from tfds_builders.image_folder.image_folder_dataset_builder import fingerprint

NAMES = ("t91", "set5", "set14", "bsd200", "sample_photos", "image_folder")
__all__ = [
    "NAMES",
    "DatasetUnavailableError",
    "prepared_builder",
    "timed_build",
    "training_builder",
    "training_dataset_name",
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
      name: one of `NAMES`.
      scale: 2, 3 or 4.
      data_dir: where TFDS keeps datasets; None means its default, `~/tensorflow_datasets`.
      manual_dir: a folder that holds `set5/`, `t91/` and so on. A dataset that has no folder in it
        is downloaded. `image_folder` takes `<manual_dir>/image_folder`, else `manual_dir` itself.
      download: whether the network may be used.
      subimages: whether to return `image_folder`'s sub-images instead of whole pictures.

    Raises:
      ValueError: no dataset bears that name, or it has no such scale, or no sub-images.
      DatasetUnavailableError: the dataset cannot be had; the message says why and what to do.
    """
    builder, prepared = _builder(name, scale, data_dir, subimages)
    title = f"{name}/{builder.builder_config.name}"
    folder = _manual_folder(name, manual_dir)
    if prepared:
        _check_same_pictures(builder, folder)
        return builder
    if folder is None and not download and name != "sample_photos":
        raise DatasetUnavailableError(
            f"{title} is not prepared, and may not be downloaded.\n{sources.how_to_supply(name)}"
        )
    print(f"preparing {title} in {builder.data_dir}", file=sys.stderr)
    _prepare(builder, folder)
    return builder


def training_dataset_name(
    data_dir: str | os.PathLike | None, manual_dir: str | os.PathLike | None, scale: int
) -> tuple[str, str]:
    """Chooses what to train on: T91 where it can be had, else `sample_photos`.

    Takes a few seconds at most, also without a network. That T91 can be had is no promise: a
    download that breaks off still raises `DatasetUnavailableError` in `prepared_builder`.

    Returns:
      The dataset's name, and a sentence that says why.
    """
    _, prepared = _builder("t91", scale, data_dir)
    if prepared:
        return "t91", "T91 is prepared already."
    pictures = tfds.builder_cls("t91").PICTURES
    try:
        folder = _manual_folder("t91", manual_dir)
        if folder is not None:
            verified_files("t91", folder, pictures, "")
            return "t91", f"T91 is in {folder}."
    except DatasetUnavailableError as error:
        return "sample_photos", f"T91 is not to be had: {str(error).strip()}"
    obstacle = downloads.unreachable(pictures)
    if obstacle is None:
        return "t91", "T91 can be downloaded."
    return "sample_photos", f"T91 is not prepared, and {obstacle}."


def training_builder(
    data_dir: str | os.PathLike | None, manual_dir: str | os.PathLike | None, scale: int
) -> tfds.core.DatasetBuilder:
    """Returns the prepared builder of the dataset that `training_dataset_name` chooses."""
    name, _ = training_dataset_name(data_dir, manual_dir, scale)
    return prepared_builder(name, scale, data_dir, manual_dir)


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


def _builder(name, scale, data_dir, subimages=False) -> tuple[tfds.core.DatasetBuilder, bool]:
    """Returns a builder, and whether its records are on disk."""
    if name not in NAMES or scale not in SCALES:
        raise ValueError(f"{name}/x{scale} is not a dataset: choose from {NAMES} and {SCALES}.")
    if subimages and name != "image_folder":
        raise ValueError(
            f"{name} has no sub-images; give its pictures to image_folder, as --manual_dir."
        )
    config = f"x{scale}_subimages" if subimages else f"x{scale}"
    # TFDS's paths, unlike Python's, may be remote.
    data_dir = None if data_dir is None else tfds.core.Path(data_dir).expanduser()
    verbosity = logging.get_verbosity()
    logging.set_verbosity(logging.ERROR)  # TFDS warns that what is not prepared is not there.
    try:
        builder = tfds.builder(f"{name}/{config}", data_dir=data_dir)
        prepared = builder.is_prepared()
        if builder.data_path.exists() and not (prepared and builder.info.splits):
            raise ValueError("it names no records")
        return builder, prepared
    except Exception as error:  # TFDS reads what describes the records as soon as it is there.
        folder = tfds.core.Path(data_dir or tfds.core.constants.DATA_DIR) / name / config
        folder /= str(tfds.builder_cls(name).VERSION)
        if not folder.exists():
            raise
        reason = f"{error}\n".splitlines()[0].rpartition('": ')[2]
        raise DatasetUnavailableError(
            f"{folder / 'dataset_info.json'} is missing or damaged ({reason}); remove the folder"
            f" {folder} and give the same command again, which builds it anew."
        ) from error
    finally:
        logging.set_verbosity(verbosity)


def _manual_folder(name, manual_dir) -> pathlib.Path | None:
    if manual_dir is None or name == "sample_photos":
        return None
    manual_dir = pathlib.Path(manual_dir).expanduser()
    if not manual_dir.is_dir():
        raise DatasetUnavailableError(f"{name}: the manual folder {manual_dir} does not exist.")
    if (manual_dir / name).is_dir():
        return manual_dir / name
    return manual_dir if name == "image_folder" else None


def _check_same_pictures(builder, folder) -> None:
    """Refuses records of `image_folder` that were built from other pictures than the folder's."""
    if builder.name != "image_folder" or folder is None:
        return
    try:
        if builder.info.metadata.get("fingerprint") == fingerprint(folder):
            return
    except ImageFileError as error:
        raise DatasetUnavailableError(f"image_folder: {error}") from None
    raise DatasetUnavailableError(
        f"image_folder: the records in {builder.data_dir} were not built from the pictures that are"
        f" now in {folder}.\nName another data_dir for these pictures, or remove the records."
    )


def _prepare(builder, folder) -> None:
    if not sys.stderr.isatty():
        tfds.disable_progress_bar()
    config = tfds.download.DownloadConfig(manual_dir=folder)
    # TFDS announces on standard output, where programs print their results.
    with contextlib.redirect_stdout(io.StringIO()):
        builder.download_and_prepare(download_config=config)
