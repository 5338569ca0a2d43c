"""Saving and restoring the whole state of a training run, whole or not at all."""

import hashlib
import logging
import os
import pathlib
import re
from collections.abc import Mapping

import numpy as np
import safetensors
import safetensors.numpy

from srcnn_tf.files import atomic_files

_LOGGER = logging.getLogger(__name__)
_KEPT = 2
_FORMAT_VERSION = 1
_NAME = re.compile(r"step-(\d+)\.safetensors")


class CheckpointError(Exception):
    """No checkpoint of a folder can be used; the message names it and the cure."""


def path_of(folder: str | os.PathLike, step: int) -> pathlib.Path:
    """Returns the name of the checkpoint of a step."""
    return pathlib.Path(folder) / f"step-{step:09d}.safetensors"


def save(folder: str | os.PathLike, step: int, arrays: Mapping[str, np.ndarray]) -> pathlib.Path:
    """Writes `step-<step>.safetensors` and removes all but the newest two.

    Two are kept so that a damaged newest one costs some steps and not the run.

    Raises:
      OSError: it cannot be written; earlier checkpoints are as they were.
    """
    path = path_of(folder, step)
    # Unlike `ascontiguousarray`, this leaves scalars scalar.
    arrays = {name: np.require(array, requirements="C") for name, array in arrays.items()}
    metadata = {"sha256": _digest(arrays), "version": str(_FORMAT_VERSION)}
    atomic_files.write_bytes(path, safetensors.numpy.save(arrays, metadata))
    for old in _newest_first(folder)[_KEPT:]:
        old.unlink(missing_ok=True)
    return path


def restore(folder: str | os.PathLike) -> tuple[int, dict[str, np.ndarray]] | None:
    """Reads the newest undamaged checkpoint: its step and arrays; None if there is none at all.

    A damaged one costs a warning, and the one before it is taken.

    Raises:
      CheckpointError: there are checkpoints, and all of them are damaged, or the newest is of a
        newer format.
    """
    paths = _newest_first(folder)
    for path in paths:
        try:
            with safetensors.safe_open(path, framework="numpy") as file:
                metadata = file.metadata() or {}
                _check_version(path, metadata.get("version", "1"))
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
                if metadata.get("sha256") != _digest(arrays):
                    raise ValueError("its checksum does not match")
        except (
            safetensors.SafetensorError,
            OSError,
            AttributeError,
            ValueError,
            TypeError,
        ) as error:  # AttributeError: a number format that NumPy does not have.
            _LOGGER.warning("The checkpoint %s is damaged (%s); trying an older one.", path, error)
            continue
        return int(_NAME.fullmatch(path.name)[1]), arrays
    if paths:
        raise CheckpointError(
            f"All checkpoints in {folder} are damaged; remove the run's folder "
            f"{pathlib.Path(folder).parent} to start again"
        )
    return None


def _check_version(path, version):
    if version.isdecimal() and int(version) > _FORMAT_VERSION:
        raise CheckpointError(
            f"{path} is of format {version} and this srcnn_tf reads up to {_FORMAT_VERSION}; "
            "install a newer srcnn_tf"
        )


def _newest_first(folder):
    folder = pathlib.Path(folder)
    if not folder.is_dir():
        return []
    return sorted((p for p in folder.iterdir() if _NAME.fullmatch(p.name)), reverse=True)


def _digest(arrays):
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(f"{name} {arrays[name].dtype} {arrays[name].shape}".encode())
        digest.update(arrays[name].tobytes())
    return digest.hexdigest()
