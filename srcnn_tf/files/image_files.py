"""Picture files: finding them, and reading any of them as plain uint8 pixels."""

import contextlib
import errno
import logging
import os
import pathlib
import threading
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps

from srcnn_tf.files import urls
from srcnn_tf.files.picture_kinds import (
    FILM_ADVICE,
    HEIF_ADVICE,
    advice,
    is_camera_raw,
    is_picture,
    readable_extensions,
)
from srcnn_tf.files.picture_source import Memory, Source, open_image

_GRAY_MODES = frozenset({"1", "L", "LA", "La"})
_WIDE_PIXELS = (
    "{} has {}-bit {} pixels, and no record of which value is white; save it with 8 or 16 bits."
)


class ImageFileError(Exception):
    """A picture file that cannot be used; the message names the file, the problem and a hint."""


def read_image(path: str | os.PathLike | Memory) -> np.ndarray:
    """Reads a picture upright, as its first frame's pixels.

    Args:
      path: a file in any format that Pillow reads, or such a file's bytes.

    Returns:
      uint8, 0..255: (H, W) where the file has a single channel (1-bit, 8-bit or 16-bit gray, with
      or without alpha), else (H, W, 3) RGB. 16-bit gray is scaled, so that 65535 becomes 255. Alpha
      is dropped, and the colors under it stay as they are stored. Palettes and CMYK become RGB,
      except that Pillow reports some palettes of plain grays as gray. The EXIF orientation is
      applied; color profiles are not.

    Raises:
      ImageFileError: there is no such file, or it is a folder, empty, damaged, cut short, too large
        to be decoded safely, not a picture, or of a pixel type that has no defined white.
    """
    path = path if isinstance(path, Memory) else pathlib.Path(path)
    with reading_errors(path), open_image(path) as picture:
        picture.load()
        return _upright_pixels(picture, path)


@contextlib.contextmanager
def reading_errors(path: Source) -> Iterator[None]:
    """Checks that `path` is a file, and turns whatever reading it raises into an ImageFileError."""
    if isinstance(path, pathlib.Path):
        _check_is_file(path)
        if is_camera_raw(path):
            # Pillow would read the small preview that many of these begin with.
            raise ImageFileError(f"{path} is a camera's raw file; {advice(path)}.")
    elif not path.data:
        raise ImageFileError(f"{path} is empty (0 bytes); hand it over again.")
    readable_extensions()  # Loads the plugins.
    try:
        with _REMARKS.suppressed():
            yield
    except ImageFileError:
        raise
    except MemoryError:
        raise ImageFileError(
            f"{path} does not fit into memory; cut it into smaller pictures."
        ) from None
    except Image.UnidentifiedImageError:
        hint = advice(path)
        if hint == HEIF_ADVICE:
            raise ImageFileError(
                f"{path} is HEIC or HEIF, which needs a package: {hint}."
            ) from None
        if hint == FILM_ADVICE:
            raise ImageFileError(
                f"{path} is a film, and a picture is needed; save a frame of it as PNG."
            ) from None
        hint = hint or "convert it to PNG or JPEG"
        raise ImageFileError(f"{path} is not a picture that can be read here; {hint}.") from None
    except Image.DecompressionBombError:
        raise ImageFileError(_too_many_pixels(path)) from None
    except Exception as error:  # Pillow's decoders meet damage with almost any type of exception.
        # Decoders of 16-bit files explain themselves over several lines.
        reason = " ".join(str(error).split())
        raise ImageFileError(
            f"{path} is damaged or cut short ({reason}); copy it again."
        ) from error


class _Remarks:
    """What libraries remark on odd tags; it says neither which file it is nor what to do.

    Python's filters are the process's own. So of threads that read at once the first puts them in
    place, and the last takes them away.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._readers = 0
        self._warnings = warnings.catch_warnings()

    @contextlib.contextmanager
    def suppressed(self) -> Iterator[None]:
        """Keeps tifffile's log lines and Pillow's warnings back until the block ends."""
        with self._lock:
            self._readers += 1
            if self._readers == 1:
                logging.getLogger("tifffile").addFilter(_nothing)
                self._warnings = warnings.catch_warnings()
                self._warnings.__enter__()
                warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
        try:
            yield
        finally:
            with self._lock:
                self._readers -= 1
                if self._readers == 0:
                    self._warnings.__exit__(None, None, None)
                    logging.getLogger("tifffile").removeFilter(_nothing)


_REMARKS = _Remarks()


def _nothing(record) -> bool:
    return False


@contextlib.contextmanager
def pixel_limit(pixels: int) -> Iterator[None]:
    """Lets files of up to `pixels` pixels be read, for all threads, until the block ends."""
    before = Image.MAX_IMAGE_PIXELS
    with warnings.catch_warnings():
        # Pillow warns above its own limit, and refuses above twice that.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        # Half of an odd number too, which Pillow only compares with.
        Image.MAX_IMAGE_PIXELS = pixels / 2  # type: ignore[assignment]
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before


def check_pixels(path: Source, pixels: int) -> None:
    """Raises ImageFileError if this is more than may be read; see `pixel_limit`."""
    if Image.MAX_IMAGE_PIXELS is not None and pixels > 2 * Image.MAX_IMAGE_PIXELS:
        raise ImageFileError(_too_many_pixels(path))


def _too_many_pixels(path: Source) -> str:
    limit = int(2 * (Image.MAX_IMAGE_PIXELS or 0))
    return (
        f"{path} unpacks to more than {limit:,} pixels, which may be an attack on memory; cut it "
        "into smaller pictures, or raise the limit on pixels (--max_pixels) if it is meant."
    )


def find_images(folder: str | os.PathLike) -> list[str]:
    """Names the pictures in a folder and in the folders below it.

    Returns:
      Paths relative to `folder`, with `/` between their parts, sorted, of all files whose extension
      belongs to a format that can be read here, and of those without such a one whose content
      does. Names that begin with a dot are passed over.

    Raises:
      ImageFileError: `folder` is not a folder.
    """
    return find_pictures_and_others(folder)[0]


def find_pictures_and_others(folder: str | os.PathLike) -> tuple[list[str], list[str]]:
    """Returns the names of the pictures, as `find_images` does, and those of all other files."""
    folder = pathlib.Path(folder)
    if not folder.is_dir():
        raise ImageFileError(f"{folder} is not a folder; name one that holds pictures.")
    pictures: list[str] = []
    others: list[str] = []
    for parent, children, files in os.walk(folder):
        children[:] = [child for child in children if not child.startswith(".")]
        for name in files:
            if name.startswith("."):
                continue
            path = pathlib.Path(parent) / name
            found = pictures if is_picture(path) else others
            found.append(path.relative_to(folder).as_posix())
    return sorted(pictures), sorted(others)


def _check_is_file(path: pathlib.Path) -> None:
    try:
        if path.is_dir():
            raise ImageFileError(f"{path} is a folder; name a picture in it.")
        if path.stat().st_size == 0:
            raise ImageFileError(f"{path} is empty (0 bytes); copy it again.")
    except FileNotFoundError:
        raise ImageFileError(missing(path)) from None
    except OSError as error:
        raise ImageFileError(
            f"{path} cannot be read ({error.strerror}); check its name and permissions."
        ) from None


def check_length(path: pathlib.Path) -> None:
    """Raises ImageFileError if a name is longer than any file's here."""
    try:
        path.lstat()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise ImageFileError(
                f"{path} is too long a name for a file; use a shorter one, or a shorter --suffix."
            ) from None


def missing(path: pathlib.Path) -> str:
    """Says that there is no such file, and what it may be instead; a sentence."""
    if path.is_symlink():
        return f"{path} is a link to {path.readlink()}, which does not exist; leave it out."
    return urls.problem(path) or f"{path} does not exist; check the name."


def check_known_range(mode: str, path: str | os.PathLike | Memory) -> None:
    """Raises ImageFileError for Pillow's modes of 32-bit pixels, in which white is undefined."""
    if mode in ("I", "F"):
        kind = "integer" if mode == "I" else "floating-point"
        raise ImageFileError(_WIDE_PIXELS.format(path, 32, kind))


def check_single_frame(frames: int, path: str | os.PathLike | Memory) -> None:
    """Raises ImageFileError if a file has more than one frame or page."""
    if frames > 1:
        raise ImageFileError(
            f"{path} holds {frames} pages or frames, and only single pictures can be enlarged; "
            "save those that you want as files of their own."
        )


def _upright_pixels(picture: Image.Image, path: Source) -> np.ndarray:
    if 0 in picture.size:
        raise ImageFileError(f"{path} has no pixels; copy it again.")
    is_16_bit = picture.mode.startswith("I;16") or (picture.mode, picture.format) == ("I", "PPM")
    picture = ImageOps.exif_transpose(picture)
    if is_16_bit:
        # Pillow's own conversion to 8 bits clips at 255 instead of scaling. 65535 = 255 * 257.
        return ((np.asarray(picture).astype(np.uint32) + 128) // 257).astype(np.uint8)
    check_known_range(picture.mode, path)
    return np.array(picture.convert("L" if picture.mode in _GRAY_MODES else "RGB"))
