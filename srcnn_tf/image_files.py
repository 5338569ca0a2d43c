"""Picture files: finding them, and reading any of them as plain uint8 pixels."""

import os
import pathlib

import numpy as np
from PIL import Image, ImageOps

# Pillow lists these among the formats that it opens, but they hold films, scientific data or print
# jobs, and need software beside Pillow. Lying among photographs, they are not meant.
_NOT_PICTURES = frozenset({"BUFR", "EPS", "GRIB", "HDF5", "MPEG", "WMF"})
_GRAY_MODES = frozenset({"1", "L", "LA", "La"})
_WIDE_PIXELS = (
    "{} has {}-bit {} pixels, and no record of which value is white; save it with 8 or 16 bits."
)


class ImageFileError(Exception):
    """A picture file that cannot be used; the message names the file, the fault and the cure."""


def read_image(path: str | os.PathLike) -> np.ndarray:
    """Reads a picture upright, as its first frame's pixels.

    Args:
      path: a file in any format that Pillow reads.

    Returns:
      uint8, 0..255: (H, W) where the file has a single channel (1-bit, 8-bit or 16-bit gray, with
      or without alpha), else (H, W, 3) RGB. 16-bit gray is scaled, so that 65535 becomes 255. Alpha
      is dropped, and the colours under it stay as they are stored. Palettes and CMYK become RGB,
      except that Pillow reports some palettes of plain grays as gray. The EXIF orientation is
      applied; colour profiles are not.

    Raises:
      ImageFileError: there is no such file, or it is a folder, empty, damaged, cut short, too large
        to be decoded safely, not a picture, or of a pixel type that has no defined white.
    """
    path = pathlib.Path(path)
    _check_is_file(path)
    try:
        with Image.open(path) as picture:
            picture.load()
            return _upright_pixels(picture, path)
    except ImageFileError:
        raise
    except Image.UnidentifiedImageError:
        raise ImageFileError(
            f"{path} is not a picture that can be read here; convert it to PNG or JPEG."
        ) from None
    except Image.DecompressionBombError:
        raise ImageFileError(
            f"{path} unpacks to more than {2 * Image.MAX_IMAGE_PIXELS:,} pixels, which may be an"
            " attack on memory; cut it into smaller pictures."
        ) from None
    except Exception as error:  # Pillow's decoders meet damage with almost any type of exception.
        raise ImageFileError(f"{path} is damaged or cut short ({error}); copy it again.") from error


def find_images(folder: str | os.PathLike) -> list[str]:
    """Names the pictures in a folder and in the folders below it.

    Returns:
      Paths relative to `folder`, with `/` between their parts, sorted, of all files whose extension
      belongs to a format that Pillow reads. Names that begin with a dot are passed over.

    Raises:
      ImageFileError: `folder` is not a folder.
    """
    folder = pathlib.Path(folder)
    if not folder.is_dir():
        raise ImageFileError(f"{folder} is not a folder; name one that holds pictures.")
    extensions = _readable_extensions()
    found = []
    for parent, children, files in os.walk(folder):
        children[:] = [child for child in children if not child.startswith(".")]
        for name in files:
            if not name.startswith(".") and pathlib.Path(name).suffix.lower() in extensions:
                found.append((pathlib.Path(parent) / name).relative_to(folder).as_posix())
    return sorted(found)


def _readable_extensions() -> frozenset[str]:
    formats = Image.registered_extensions()  # Loads all of Pillow's formats, so it comes first.
    readable = Image.OPEN.keys() - _NOT_PICTURES
    return frozenset(extension for extension, name in formats.items() if name in readable)


def _check_is_file(path: pathlib.Path) -> None:
    try:
        if path.is_dir():
            raise ImageFileError(f"{path} is a folder; name a picture in it.")
        if path.stat().st_size == 0:
            raise ImageFileError(f"{path} is empty (0 bytes); copy it again.")
    except FileNotFoundError:
        raise ImageFileError(f"{path} does not exist; check the name.") from None
    except OSError as error:
        raise ImageFileError(
            f"{path} cannot be read ({error.strerror}); check its name and permissions."
        ) from None


def _upright_pixels(picture: Image.Image, path: pathlib.Path) -> np.ndarray:
    if 0 in picture.size:
        raise ImageFileError(f"{path} has no pixels; copy it again.")
    is_16_bit = picture.mode.startswith("I;16") or (picture.mode, picture.format) == ("I", "PPM")
    picture = ImageOps.exif_transpose(picture)
    if is_16_bit:
        # Pillow's own conversion to 8 bits clips at 255 instead of scaling. 65535 = 255 * 257.
        return ((np.asarray(picture).astype(np.uint32) + 128) // 257).astype(np.uint8)
    if picture.mode in ("I", "F"):
        kind = "integer" if picture.mode == "I" else "floating-point"
        raise ImageFileError(_WIDE_PIXELS.format(path, 32, kind))
    return np.array(picture.convert("L" if picture.mode in _GRAY_MODES else "RGB"))
