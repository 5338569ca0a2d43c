"""Where a published dataset's pictures come from: the user's folder, else the pinned URLs."""

import pathlib
from collections.abc import Sequence

from srcnn_tf.data.dataset_folder import Dataset
from tfds_builders.common import downloads
from tfds_builders.common.manifest import DatasetUnavailableError, Picture, verified_files


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
    folder = manual_folder(dl_manager, dataset)
    if folder is not None:
        default = pathlib.Path(dl_manager.download_dir) / "manual"
        # TFDS's default manual folder serves all datasets of a machine: it was named for this
        # dataset only if something of this dataset lies in it.
        if folder != default or any((folder / picture.file).exists() for picture in pictures):
            hint = f"Replace these files, or leave out --manual_dir to download {name}."
            return verified_files(name, folder, pictures, hint)
    cache = pathlib.Path(dl_manager.download_dir) / name
    try:
        downloads.download(pictures, cache)
    except DatasetUnavailableError as error:
        raise DatasetUnavailableError(f"{name}: {error}\n{how_to_supply(dataset)}") from None
    return verified_files(name, cache, pictures, how_to_supply(dataset))


def manual_folder(dl_manager, dataset: Dataset) -> pathlib.Path | None:
    """Returns the folder that the user named, or TFDS's default one, or None where there is none.

    Raises:
      DatasetUnavailableError: the user named a folder that does not exist, or is empty.
    """
    try:
        return pathlib.Path(dl_manager.manual_dir)
    except AssertionError as error:  # TFDS raises it for folders that are absent or empty
        if str(pathlib.Path(dl_manager.download_dir) / "manual") in str(error):
            return None
        reason = str(error).partition(". Create it")[0]
        raise DatasetUnavailableError(
            f"{dataset.name}: {reason}.\n{how_to_supply(dataset)}"
        ) from None


def how_to_supply(dataset: Dataset) -> str:
    """Returns two lines on handing in the pictures of a dataset by hand."""
    name, folder = dataset.name, dataset.folder
    shown = f"tfds_builders/{name}" if folder.parent.name == "tfds_builders" else folder
    if dataset.source == "user":
        return (
            "Put your pictures into a folder FOLDER (folders in it are searched too), then run\n"
            f"  tfds build {shown} --manual_dir=FOLDER"
        )
    return (
        f"Put its files (listed in {shown}/checksums.tsv) into a folder FOLDER/{name}; then run\n"
        f"  tfds build {shown} --manual_dir=FOLDER/{name}"
        "   (or give bin/train or bin/benchmark --manual_dir=FOLDER)"
    )
