"""Which files a published dataset consists of, and whether a file on disk is one of them."""

import hashlib
import os
import pathlib
import re
from collections.abc import Sequence
from typing import NamedTuple

_NAMED_AT_MOST = 5


class DatasetUnavailableError(Exception):
    """A dataset that cannot be had. The message, one to a few lines, says why and what to do."""


class Picture(NamedTuple):
    """A file that a dataset needs, byte for byte: a picture, or an archive of pictures."""

    file: str  # its name in a folder
    size: int  # in bytes
    sha256: str  # hexadecimal
    urls: tuple[str, ...] = ()  # where to download it, in order of preference


def read_manifest(path: str | os.PathLike, mirror: str | None = None) -> tuple[Picture, ...]:
    """Reads a TFDS `checksums.tsv`: a URL, bytes, SHA-256 and file name a line.

    Args:
      path: the file.
      mirror: a URL that holds the same files under the last parts of their pinned URLs.
        TFDS's format has no place for a second URL.

    Raises:
      ValueError: a line is not of that form, its URL not https, or its file name is not
        a bare name, which could lead out of the folder that it is written to.
    """
    pictures = []
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        url, size, sha256, file = line.split("\t")
        if not url.startswith("https://"):
            raise ValueError(f"{path}: {url!r} is not https.")
        if not re.fullmatch(r"[^/\\\0]+", file) or file in (".", ".."):
            raise ValueError(f"{path}: {file!r} is not the bare name of a file.")
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError(f"{path}: {sha256!r} is not a SHA-256.")
        urls = [url]
        if mirror is not None:
            urls.append(f"{mirror}/{url.rpartition('/')[2]}")
        pictures.append(Picture(file, int(size), sha256, tuple(urls)))
    return tuple(pictures)


def problem_with_digest(size: int, sha256: str, picture: Picture) -> str | None:
    """Returns how what was read differs from the published `picture`, or None if it does not.

    Args:
      size: bytes that were read.
      sha256: their SHA-256, hexadecimal.
      picture: what they should be.
    """
    if size != picture.size:
        return f"has {size} bytes, expected {picture.size}"
    if sha256 != picture.sha256:
        return f"has SHA-256 {sha256}, expected {picture.sha256}"
    return None


def problem_with_file(path: pathlib.Path, picture: Picture) -> str | None:
    """Returns what is wrong with the file that should be `picture`, or None if nothing is."""
    try:
        size = path.stat().st_size
        if size != picture.size:
            return problem_with_digest(size, "", picture)
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return problem_with_digest(size, sha256, picture)
    except FileNotFoundError:
        return f"is missing, expected {picture.size} bytes with SHA-256 {picture.sha256}"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def verified_files(
    name: str, folder: pathlib.Path, pictures: Sequence[Picture], hint: str
) -> list[pathlib.Path]:
    """Returns the paths of a dataset's pictures in a folder, after comparing every byte.

    Args:
      name: of the dataset, for the message.
      folder: holds the files; others beside them do not matter.
      pictures: what it must hold.
      hint: what a user should do when it does not.

    Raises:
      DatasetUnavailableError: files are missing, cut short or altered; it names them and says what
        was expected.
    """
    problems = []
    for picture in pictures:
        problem = problem_with_file(folder / picture.file, picture)
        if problem is not None:
            problems.append(f"  {picture.file} {problem}")
    if problems:
        shown = problems[:_NAMED_AT_MOST]
        if len(problems) > len(shown):
            shown.append(f"  and {len(problems) - len(shown)} more")
        summary = (
            f"{name}: {len(problems)} of {len(pictures)} files in {folder} are not as published:"
        )
        raise DatasetUnavailableError("\n".join([summary, *shown, hint]))
    return [folder / picture.file for picture in pictures]
