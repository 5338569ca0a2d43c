"""Keeping a folder to one process: a lock that ends with the process, however that ends."""

import contextlib
import errno
import fcntl
import logging
import os
import pathlib
import time
from collections.abc import Callable, Iterator

_LOGGER = logging.getLogger(__name__)
_NAME = ".lock"
_SECONDS_BETWEEN_LINES = 10.0


class FolderInUseError(Exception):
    """Another process works in the folder; the message says which."""


@contextlib.contextmanager
def lock_folder(
    folder: str | os.PathLike, waiting: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Holds the folder, which is made if need be, until the block ends.

    The system drops the lock when the process dies, so that a killed run never blocks the next.
    On file systems that have no locks nothing is locked.

    Args:
      folder: to hold.
      waiting: called with the number of the process that holds the folder, if one does, which then
        is waited for, and named every ten seconds; without it the folder must be free.

    Raises:
      FolderInUseError: another process holds it, and it is not to be waited for.
    """
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # Not truncated by opening: until the lock is ours the file names its holder.
    with (folder / _NAME).open("a+", encoding="ascii") as file:
        try:
            _lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            if waiting is None:
                raise FolderInUseError(
                    f"{folder} is in use by process {holder}; wait for it, or name another folder."
                ) from None
            waiting(holder)
            _wait(file, folder, holder)
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _wait(file, folder: pathlib.Path, holder: str) -> None:
    """Waits for the lock; says every ten seconds for how long already."""
    start = said = time.monotonic()
    while True:
        try:
            return _lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            now = time.monotonic()
            if now - said >= _SECONDS_BETWEEN_LINES:
                said = now
                _LOGGER.warning(
                    "waiting for process %s, which works in %s, for %.0f s already",
                    holder,
                    folder,
                    now - start,
                )
            time.sleep(0.1)


def _lock(file, how) -> None:
    try:
        fcntl.flock(file, how)
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.EOPNOTSUPP):
            raise
