"""Writing pictures whole or not at all, in the format that the name asks for."""

import contextlib
import io
import os
import pathlib
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from PIL import Image

from srcnn_tf.files import atomic_files, metadata_writing
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.files.jpeg_quality import JpegSettings
from srcnn_tf.files.picture_metadata import Metadata
from srcnn_tf.files.sixteen_bit import write_sixteen_bit_png, write_sixteen_bit_tiff
from srcnn_tf.imaging.tiling import Tile

# Each format's extensions; others that Pillow writes lose colors, depth or all metadata.
FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".webp": "WEBP",
    ".bmp": "BMP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".avif": "AVIF",
}
DEFAULT_QUALITY = 95
_LONGEST_SIDE = {"JPEG": 65500, "WEBP": 16383, "AVIF": 65536}
_DEEP = ("PNG", "TIFF")
_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


class Canvas:
    """Pixels of a picture to be written, filled tile by tile and held only once.

    8-bit pixels are held as Pillow holds them while it writes, 16-bit ones as an array.
    """

    def __init__(self, height: int, width: int, channels: int, dtype: np.dtype):
        self.size = width, height
        self.channels = channels
        self.deep = np.dtype(dtype) == np.uint16
        if self.deep:
            self._pixels = np.empty((height, width, channels), np.uint16)
        else:
            self._pixels = Image.new(_MODES[channels], self.size)

    def put(self, tile: Tile, values: np.ndarray) -> None:
        """Takes a tile's pixels (h, w, C) of the canvas's dtype."""
        if self.deep:
            self._pixels[tile.slices] = values
        else:
            self._pixels.paste(_image(values), (tile.left, tile.top))

    def array(self) -> np.ndarray:
        """Returns the pixels, (H, W, C)."""
        pixels = np.asarray(self._pixels)
        return pixels.reshape((*pixels.shape[:2], self.channels))

    def image(self) -> Image.Image:
        """Returns a Pillow image, of 8 bits where Pillow has no mode for 16."""
        if not self.deep:
            return self._pixels
        if self.channels == 1:
            return Image.fromarray(self._pixels[..., 0])
        return _image(((self._pixels.astype(np.uint32) + 128) // 257).astype(np.uint8))

    def is_opaque(self) -> bool:
        """Whether there is no alpha, or it hides nothing."""
        if self.channels in (1, 3):
            return True
        if self.deep:
            return bool((self._pixels[..., -1] == 65535).all())
        return self._pixels.getextrema()[-1][0] == 255


def format_of(path: str | os.PathLike) -> str:
    """Returns Pillow's name of the format that a file name asks for.

    Raises:
      ImageFileError: its extension is not in `FORMATS`, or this Pillow cannot write it.
    """
    name = FORMATS.get(pathlib.Path(path).suffix.lower())
    Image.init()
    if name is None or name not in Image.SAVE:
        known = ", ".join(extension for extension, form in FORMATS.items() if form in Image.SAVE)
        raise ImageFileError(f"{path} is of no format to write; end its name in one of {known}.")
    return name


def check_size(path: str | os.PathLike, width: int, height: int) -> None:
    """Raises ImageFileError if the format of `path` cannot hold so large a picture."""
    form = format_of(path)
    longest = _LONGEST_SIDE.get(form)
    if longest is not None and max(width, height) > longest:
        raise ImageFileError(
            f"{path} would have {width} x {height} pixels, and {form} holds at most {longest} a "
            "side; use --ext=png or a name that ends in .png."
        )


def write_picture(
    path: str | os.PathLike,
    canvas: Canvas,
    metadata: Metadata,
    quality: int | JpegSettings = DEFAULT_QUALITY,
) -> None:
    """Writes a canvas, replacing any file of that name; 16 bits become 8 except in PNG and TIFF.

    Args:
      path: its extension is one of `FORMATS`. Missing folders are made.
      canvas: the pixels.
      metadata: is written as far as the format can hold it.
      quality: 1 to 100, of JPEG, WebP and AVIF; or another JPEG's settings, to be written likewise.

    Raises:
      ImageFileError: the format cannot hold it, or the file cannot be written; one sentence.
    """
    check_writable(path, canvas)
    with (
        _writing_errors(path),
        atomic_files.atomic_write(path) as temporary,
        temporary.open("wb") as file,
    ):
        _write(file, canvas, metadata, quality, path)


def picture_bytes(
    name: str | os.PathLike,
    canvas: Canvas,
    metadata: Metadata,
    quality: int | JpegSettings = DEFAULT_QUALITY,
) -> bytes:
    """Returns what `write_picture` would write to a file of this name."""
    check_writable(name, canvas)
    file = io.BytesIO()
    with _writing_errors(name):
        _write(file, canvas, metadata, quality, name)
    return file.getvalue()


def check_writable(path: str | os.PathLike, canvas: Canvas) -> None:
    """Raises ImageFileError if the format of `path` cannot hold a canvas's size or alpha."""
    check_size(path, *canvas.size)
    form = format_of(path)
    if form in ("JPEG", "BMP") and not canvas.is_opaque():
        raise ImageFileError(
            f"{path} would lose the picture's transparency, which {form} cannot hold; use --ext=png"
            " or a name that ends in .png."
        )


@contextlib.contextmanager
def _writing_errors(path: str | os.PathLike) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or " ".join(str(error).split())
        raise ImageFileError(
            f"{path} cannot be written ({reason}); make room or choose another place."
        ) from error
    except ValueError as error:  # Encoders' limits, such as 4 GiB of TIFF.
        raise ImageFileError(f"{path} cannot be written ({error}); use another format.") from error


def _write(file: BinaryIO, canvas: Canvas, metadata: Metadata, quality, name) -> None:
    form = format_of(name)
    if form in _DEEP and canvas.deep and (canvas.channels > 1 or form == "PNG"):
        _save_sixteen_bit(file, canvas, form, metadata, name)
    else:
        _save(file, canvas, form, metadata, quality, name)


def _save_sixteen_bit(file, canvas: Canvas, form: str, metadata: Metadata, name) -> None:
    pixels, size, profile = canvas.array(), canvas.size, metadata.icc_profile
    if form == "PNG":
        exif, chunks = metadata.exif_bytes(size), metadata_writing.png_extras(metadata, size)
        write_sixteen_bit_png(file, pixels, profile, exif, metadata.dpi, chunks)
    else:
        tags = metadata_writing.sixteen_bit_tiff_tags(metadata, size, name)
        write_sixteen_bit_tiff(file, pixels, profile, metadata.dpi, tags)


def _save(file, canvas: Canvas, form: str, metadata: Metadata, quality, name) -> None:
    image = canvas.image()
    if image.mode == "I;16" and form not in _DEEP:
        image = _image(((canvas.array().astype(np.uint32) + 128) // 257).astype(np.uint8))
    if form in ("JPEG", "BMP") and image.mode in ("LA", "RGBA"):
        image = image.convert(image.mode[:-1])
    options = metadata_writing.pillow_options(form, metadata, canvas.size, name)
    if form in ("JPEG", "WEBP", "AVIF"):
        options |= _compression(form, quality)
    if form == "TIFF" and not metadata.has_sub_ifds():
        # libtiff, through which Pillow compresses, cannot write EXIF's sub-IFDs.
        options["compression"] = "tiff_adobe_deflate"
    image.save(file, format=form, **options)


def _compression(form: str, quality: int | JpegSettings) -> dict[str, object]:
    number = quality.quality if isinstance(quality, JpegSettings) else quality
    options: dict[str, object] = {"quality": number}
    if form == "JPEG":
        options["subsampling"] = "4:4:4" if number >= 90 else "4:2:0"
        if isinstance(quality, JpegSettings):
            options["subsampling"] = quality.subsampling or options["subsampling"]
            if quality.tables:
                # Pillow would scale them by the quality.
                del options["quality"]
                options["qtables"] = quality.tables
    return options


def _image(values: np.ndarray) -> Image.Image:
    """Returns uint8 (h, w, C) as an image."""
    return Image.fromarray(np.ascontiguousarray(values[..., 0] if values.shape[2] == 1 else values))
