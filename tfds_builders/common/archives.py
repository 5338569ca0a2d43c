"""Pictures that were published as archives, zip or tar: unpacked once, whole or not at all."""

import contextlib
import fnmatch
import hashlib
import logging
import os
import pathlib
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import IO

from srcnn_tf.files import folder_lock
from srcnn_tf.files.picture_kinds import readable_extensions
from tfds_builders.common.manifest import DatasetUnavailableError, Picture

_ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_LOGGER = logging.getLogger(__name__)


def is_archive(name: str) -> bool:
    """Whether a file is one that is unpacked, by its name."""
    return name.lower().endswith(_ENDINGS)


def unpacked(
    archives: Sequence[pathlib.Path],
    published: Sequence[Picture],
    cache: pathlib.Path,
    members: str | None = None,
) -> tuple[pathlib.Path, tuple[str, ...]]:
    """Returns the folder of the pictures in some archives, and their names in it, sorted.

    They are unpacked into a folder of `cache` that bears the archives' checksums, so that it is
    never taken for that of others. Nothing but pictures is unpacked.

    Args:
      archives: verified files.
      published: what they were compared with.
      cache: where to unpack; another process may do so, too.
      members: a pattern, as `fnmatch` has it, of the pictures' paths in the archives; None for all
        pictures. `*` matches slashes, too.

    Raises:
      DatasetUnavailableError: an archive cannot be read, two hold files of one name, a name leads
        out of the folder, or there are no such pictures.
    """
    digest = hashlib.sha256("".join(each.sha256 for each in published).encode()).hexdigest()
    folder = cache / f"unpacked-{digest[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with folder_lock.lock_folder(cache, lambda holder: _LOGGER.info("%s unpacks, too", holder)):
        if not folder.exists():
            _unpack(archives, folder)
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    names = [name for name in names if members is None or fnmatch.fnmatchcase(name, members)]
    if not names:
        raise DatasetUnavailableError(
            f"{', '.join(map(str, archives))}: no pictures are in it"
            + (f" that match {members!r}." if members else ".")
        )
    # What all have in common says nothing about any.
    common = os.path.commonpath([os.path.dirname(name) for name in names])  # noqa: PTH120
    return folder / common, tuple(sorted(os.path.relpath(name, common or ".") for name in names))


def _unpack(archives, folder) -> None:
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)  # Left by a killed process: the lock is ours.
    for archive in archives:
        _LOGGER.info("Unpacking %s.", archive)
        try:
            with _pictures(archive) as pictures:
                for name, open_member in pictures:
                    _write(partial, name, open_member, archive)
        except (zipfile.BadZipFile, tarfile.TarError, EOFError, RuntimeError) as error:
            raise DatasetUnavailableError(f"{archive} cannot be unpacked ({error}).") from error
    if not partial.exists():
        raise DatasetUnavailableError(f"{', '.join(map(str, archives))}: no pictures are in it.")
    partial.rename(folder)


def _write(folder, name, open_member, archive) -> None:
    parts = pathlib.PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name:
        raise DatasetUnavailableError(f"{archive} holds {name!r}, which leads out of its folder.")
    path = folder.joinpath(*parts)
    if path.exists():
        raise DatasetUnavailableError(f"{archive} holds {name!r} a second time.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_member() as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)


@contextlib.contextmanager
def _pictures(archive) -> Iterator[Iterator[tuple[str, Callable[[], IO[bytes]]]]]:
    """Yields the names of an archive's pictures, each with a function that opens it."""
    if archive.name.lower().endswith(".zip"):
        with zipfile.ZipFile(archive) as zipped:
            yield (
                (member.filename, lambda member=member: zipped.open(member))
                for member in zipped.infolist()
                if not member.is_dir() and _is_wanted(member.filename)
            )
    else:
        with tarfile.open(archive) as tar:
            # Links are no files of their own, and may lead anywhere.
            yield (
                (member.name, lambda member=member: tar.extractfile(member))
                for member in tar
                if member.isfile() and _is_wanted(member.name)
            )


def _is_wanted(name: str) -> bool:
    path = pathlib.PurePosixPath(name)
    hidden = any(part.startswith(".") and part != ".." for part in path.parts)
    return (
        path.suffix.lower() in readable_extensions()
        and not hidden
        and "__MACOSX" not in path.parts  # copies of nothing, by Apple's Finder
    )
