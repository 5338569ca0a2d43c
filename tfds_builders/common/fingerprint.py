"""Whether a folder still holds the pictures that records were built from."""

import hashlib
import os
import pathlib

from srcnn_tf.files.image_files import find_images


def fingerprint(folder: str | os.PathLike) -> str:
    """Returns a digest of the names, sizes and times of a folder's pictures, to tell folders apart.

    Raises:
      srcnn_tf.files.image_files.ImageFileError: it is not a folder.
    """
    digest = hashlib.sha256()
    for name in find_images(folder):
        state = (pathlib.Path(folder) / name).stat()
        entry = f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n"
        digest.update(entry.encode(errors="surrogateescape"))
    return digest.hexdigest()
