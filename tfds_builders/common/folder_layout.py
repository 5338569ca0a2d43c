"""How a user's folder of pictures is laid out: splits (`train/`, `val/`), pairs (`hr/`, `lr/`)."""

import logging
import pathlib
from collections.abc import Mapping

from srcnn_tf.files.image_files import find_images

_LOGGER = logging.getLogger(__name__)
# What folders are called, and how TFDS calls these splits.
_SPLITS = {
    "train": ("train", "training"),
    "validation": ("val", "valid", "validation"),
    "test": ("test", "testing"),
}
HIGH, LOW = "hr", "lr"


def splits(folder: pathlib.Path) -> Mapping[str, pathlib.Path]:
    """Returns the folder of each split.

    A folder has several splits if there is one for training in it and another one: `train/` and
    `val/`, say. Otherwise all pictures are the split `train`. Pictures beside the splits are left
    out, and a warning counts them.

    Args:
      folder: of pictures.
    """
    found = {}
    children = {path.name.lower(): path for path in folder.iterdir() if path.is_dir()}
    for split, names in _SPLITS.items():
        for name in names:
            if name in children and split not in found:
                found[split] = children[name]
    if "train" not in found or len(found) < 2:
        return {"train": folder}
    inside = sum(len(find_images(path)) for path in found.values())
    left_out = len(find_images(folder)) - inside
    places = ", ".join(f"{path.name}/" for path in found.values())
    _LOGGER.info("%s: splits are %s", folder, places)
    if left_out:
        _LOGGER.warning("%s: %d pictures outside of %s are left out", folder, left_out, places)
    return found


def is_paired(folder: pathlib.Path) -> bool:
    """Whether a folder, or one of a split in it, has `hr/` and `lr/`: pairs of the user's own."""
    places = [folder, *(path for path in folder.iterdir() if path.is_dir())]
    return any((path / HIGH).is_dir() and (path / LOW).is_dir() for path in places)
