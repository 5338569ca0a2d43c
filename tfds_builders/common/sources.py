"""Where a published dataset's pictures come from: the user's folder, else the pinned URLs."""

import logging
import pathlib
from collections.abc import Sequence

from srcnn_tf.data.dataset_folder import Dataset
from tfds_builders.common import downloads, manual_folders
from tfds_builders.common.manifest import DatasetUnavailableError, Picture, verified_files

_LOGGER = logging.getLogger(__name__)


def locate(dl_manager, dataset: Dataset, pictures: Sequence[Picture]) -> list[pathlib.Path]:
    """Returns the paths of a dataset's pictures, every one of them verified.

    A folder that the user named (`--manual_dir`) is the only place looked at. Without one, the
    pictures are downloaded, once for all configs, into `<download_dir>/<name>`.

    Args:
      dl_manager: the `tfds.download.DownloadManager`, asked for its two folders alone.
      dataset: whose pictures they are.
      pictures: what it consists of.

    Raises:
      DatasetUnavailableError: nothing has been built, and the message says what to do.
    """
    name = dataset.name
    files = [picture.file for picture in pictures]
    folder = manual_folder(dl_manager, dataset, files)
    if folder is not None:
        hint = f"Replace these files, or leave out --manual_dir to download {name}."
        return verified_files(name, folder, pictures, hint)
    cache = pathlib.Path(dl_manager.download_dir) / name
    try:
        downloads.download(pictures, cache)
    except DatasetUnavailableError as error:
        raise DatasetUnavailableError(f"{name}: {error}\n{how_to_supply(dataset)}") from None
    return verified_files(name, cache, pictures, how_to_supply(dataset))


def manual_folder(dl_manager, dataset: Dataset, names: Sequence[str] = ()) -> pathlib.Path | None:
    """Returns the folder of a dataset's pictures, as the user named it; None if that is nowhere.

    Args:
      dl_manager: the `tfds.download.DownloadManager`, asked for its two folders alone.
      dataset: whose pictures they are.
      names: see `manual_folders.folder_of`.

    Raises:
      DatasetUnavailableError: the user named a folder that does not exist, or is empty.
    """
    default = pathlib.Path(dl_manager.download_dir) / "manual"
    try:
        named = pathlib.Path(dl_manager.manual_dir)
    except AssertionError as error:  # TFDS raises it for folders that are absent or empty
        if str(default) in str(error):
            return None
        reason = str(error).partition(". Create it")[0]
        raise DatasetUnavailableError(
            f"{dataset.name}: {reason}.\n{how_to_supply(dataset)}"
        ) from None
    folder = manual_folders.folder_of(dataset, named, names)
    # TFDS's default manual folder serves all datasets of a machine: it was named for this dataset
    # only if something of this dataset lies in it. A folder that the user named was meant.
    if folder is None and named != default:
        folder = named
    if folder is not None:
        _LOGGER.info("%s: pictures from %s", dataset.name, folder)
    return folder


def how_to_supply(dataset: Dataset) -> str:
    """Returns two lines on handing in the pictures of a dataset by hand."""
    build = f"tfds build {dataset.name} --imports=tfds_builders --manual_dir=FOLDER"
    if dataset.source == "user":
        return f"Put your pictures into a folder FOLDER (and folders in it), then run\n  {build}"
    listed = dataset.folder / ("checksums.tsv" if dataset.source == "urls" else "README.md")
    return (
        f"Put its files (listed in {listed}) into a folder FOLDER, or "
        f"FOLDER/{dataset.name}; then run\n  {build}"
        "   (or give bin/train or bin/benchmark --manual_dir=FOLDER)"
    )
