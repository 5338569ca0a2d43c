"""Writing files whole or not at all: a temporary name beside the target, then a rename."""

import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import re
import tempfile
from collections.abc import Iterator

_PARTIAL = ".partial"
# File systems hold names of 255 bytes; a temporary one has a dot before, and 17 bytes after it.
_LONGEST_NAME = 255 - 18


@contextlib.contextmanager
def atomic_write(path: str | os.PathLike) -> Iterator[pathlib.Path]:
    """Yields a temporary path beside `path`; what is written there takes the name on success.

    If the block raises, the temporary file is removed and an existing file of that name stays as it
    was. Parent folders are made. What a killed process left of an earlier attempt at the same path
    is removed.

    Raises:
      OSError: it cannot be written, as the block or the system says; it names `path`.
    """
    path = pathlib.Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path)
        with _temporary(path) as temporary:
            yield temporary
            # mkstemp makes files private, and so do some writers; a result should have the
            # permissions of any other new file.
            umask = os.umask(0)
            os.umask(umask)
            temporary.chmod(0o666 & ~umask)
            temporary.replace(path)
    except OSError as error:
        # A full disk is reported without a name, and the temporary one would tell a user nothing.
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


def write_bytes(path: str | os.PathLike, content: bytes) -> None:
    """Writes bytes whole or not at all."""
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: str | os.PathLike, text: str) -> None:
    """Writes UTF-8 text whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: str | os.PathLike, value) -> None:
    """Writes indented JSON whole or not at all."""
    write_text(path, json.dumps(value, indent=2) + "\n")


@contextlib.contextmanager
def _temporary(path: pathlib.Path) -> Iterator[pathlib.Path]:
    """Makes an empty file beside `path` and locks it, so that it is known to have an owner."""
    while True:
        handle, name = tempfile.mkstemp(_PARTIAL, _prefix(path), path.parent)
        with os.fdopen(handle) as file:
            with contextlib.suppress(OSError):  # Some file systems have no locks.
                fcntl.flock(file, fcntl.LOCK_EX)
            temporary = pathlib.Path(name)
            if not temporary.exists():
                continue  # Taken for a leftover before it was locked.
            try:
                yield temporary
            finally:
                temporary.unlink(missing_ok=True)
            return


def _prefix(path: pathlib.Path) -> str:
    """Returns what the temporary names of `path` begin with; they are longer than the name is."""
    name = os.fsencode(path.name)
    if len(name) > _LONGEST_NAME:
        return f".{hashlib.sha256(name).hexdigest()}."
    return f".{path.name}."


def _remove_leftovers(path: pathlib.Path) -> None:
    """Removes the temporary files of `path` that no living process holds."""
    ours = re.compile(re.escape(_prefix(path)) + "[a-z0-9_]{8}" + re.escape(_PARTIAL))
    with os.scandir(path.parent) as entries:
        found = [entry.path for entry in entries if ours.fullmatch(entry.name)]
    for name in found:
        # Locked by another process, gone by now, or on a file system without locks: leave it.
        with contextlib.suppress(OSError), pathlib.Path(name).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            pathlib.Path(name).unlink()
