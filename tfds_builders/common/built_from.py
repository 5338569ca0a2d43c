"""Which pictures records were built from, and whether a folder still holds them.

What a build writes beside its records has four parts. `state` is quick to compute and changes with
everything: the folder's place, names, sizes, times. `contents` is a digest of all bytes, so that a
folder that was moved, copied or only touched is not built from again; `sizes`, one of names and
sizes, mostly spares computing it. `folder` is for messages.
"""

import concurrent.futures
import contextlib
import hashlib
import json
import os
import pathlib
from collections.abc import Mapping

import tensorflow_datasets as tfds

from srcnn_tf.files.image_files import find_images

_METADATA = "metadata.json"  # TFDS's name for what a builder's `metadata` holds
_AT_A_TIME = 8


def describe(folder: pathlib.Path) -> dict[str, str]:
    """Returns what records say of the folder that they are built from.

    Args:
      folder: of pictures; all of them are read once.

    Raises:
      srcnn_tf.files.image_files.ImageFileError: it is not a folder.
      OSError: a picture cannot be read.
    """
    folder = folder.absolute()
    return {
        "folder": os.fspath(folder),
        # Before the pictures are read: one that changes meanwhile counts as changed.
        "state": _state(folder),
        "sizes": _sizes(folder),
        "contents": _contents(folder),
    }


def why_outdated(records: tfds.core.Path, folder: pathlib.Path) -> str | None:
    """Returns why records are not those of a folder's pictures, in words, or None if they are.

    Where the folder was only moved, copied or touched, the records are told so, for next time.

    Args:
      records: the folder of a dataset's version.
      folder: of pictures.

    Raises:
      srcnn_tf.files.image_files.ImageFileError: it is not a folder.
      OSError: a picture cannot be read.
    """
    folder = folder.absolute()
    told = read(records)
    if told.get("state") == _state(folder):
        return None
    if "fingerprint" in told and told["fingerprint"] == fingerprint(folder):
        return None
    if told.get("sizes") == _sizes(folder):
        now = describe(folder)
        if told["contents"] == now["contents"]:
            _tell(records, {**told, **now})
            return None
    if told.get("folder") in (None, os.fspath(folder)):
        return f"the pictures in {folder} are not those that its records were built from"
    return f"its records were built from {told['folder']}, not from {folder}"


def changed_since(records: tfds.core.Path) -> str | None:
    """Returns the folder that records were built from if it is there and has changed, else None."""
    told = read(records)
    folder = pathlib.Path(told.get("folder", ""))
    if "state" not in told or not folder.is_dir() or told["state"] == _state(folder):
        return None
    return os.fspath(folder)


def read(records: tfds.core.Path) -> Mapping[str, str]:
    """Returns what records say; from disk, since another process may have built them anew."""
    try:
        return json.loads((tfds.core.Path(records) / _METADATA).read_text())
    except (OSError, ValueError):
        return {}


def fingerprint(folder: str | os.PathLike) -> str:
    """Returns a digest of names, sizes and times, by which earlier versions told folders apart.

    Raises:
      srcnn_tf.files.image_files.ImageFileError: it is not a folder.
    """
    return _digest(
        f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n" for name, state in _files(folder)
    )


def _state(folder: pathlib.Path) -> str:
    # The time of change (ctime) also moves where size and time of modification were put back.
    entries = (
        f"{name}\0{state.st_size}\0{state.st_mtime_ns}\0{state.st_ctime_ns}\n"
        for name, state in _files(folder)
    )
    return _digest([f"{folder}\n", *entries])


def _sizes(folder: pathlib.Path) -> str:
    return _digest(f"{name}\0{state.st_size}\n" for name, state in _files(folder))


def _files(folder):
    """Yields the name of each picture, and what the system says of it."""
    for name in find_images(folder):
        yield name, (pathlib.Path(folder) / name).stat()


def _contents(folder: pathlib.Path) -> str:
    def of_file(name):
        with (folder / name).open("rb") as file:
            return f"{name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n"

    with concurrent.futures.ThreadPoolExecutor(_AT_A_TIME) as pool:
        return _digest(pool.map(of_file, find_images(folder)))


def _digest(entries) -> str:
    digest = hashlib.sha256()
    for entry in entries:
        # A name need not be UTF-8.
        digest.update(entry.encode(errors="surrogateescape"))
    return digest.hexdigest()


def _tell(records, told) -> None:
    # Records may lie where nothing can be written.
    with (
        contextlib.suppress(OSError),
        tfds.core.utils.incomplete_file(tfds.core.Path(records) / _METADATA) as temporary,
    ):
        temporary.write_text(json.dumps(told))
