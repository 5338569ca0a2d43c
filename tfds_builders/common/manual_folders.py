"""What `--manual_dir` means: a dataset's folder of pictures, or a folder of such folders."""

import pathlib
from collections.abc import Iterable

from srcnn_tf.data.dataset_folder import Dataset


def folder_of(
    dataset: Dataset, manual_dir: pathlib.Path, names: Iterable[str] = ()
) -> pathlib.Path | None:
    """Returns where in a manual folder a dataset's pictures are; None if they are not there.

    Args:
      dataset: whose pictures they are.
      manual_dir: holds a folder with the dataset's name (`set5/`) or title (`Set5/`), or is that
        folder itself, whatever it is called.
      names: files or folders of which each tells that a folder is the dataset's. The user's own
        pictures need none.
    """
    for name in (dataset.name, dataset.title):
        if (manual_dir / name).is_dir():
            return manual_dir / name
    if dataset.source == "user" or any((manual_dir / name).exists() for name in names):
        return manual_dir
    return None
