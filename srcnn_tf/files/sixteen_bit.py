"""Reading and writing 16-bit color PNG and TIFF, which Pillow would cut down to 8 bits."""

import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import BinaryIO

import numpy as np
from PIL import Image

from srcnn_tf.files.image_files import check_single_frame
from srcnn_tf.files.picture_source import Source

_PNG = b"\x89PNG\r\n\x1a\n"
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PNG_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
# TIFF's words, as numbers of the standard.
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB = 0, 1, 2
_PREMULTIPLIED = 1
# Rows are compressed in strips of about this many bytes, so that nothing is held twice.
_STRIP_BYTES = 1 << 22


def read_sixteen_bit(path: Source) -> np.ndarray | None:
    """Reads the pixels of a PNG or TIFF file of 16 bits a channel, as they are stored.

    Returns:
      uint16 (H, W, C) with C = 1 gray, 2 gray and alpha, 3 RGB or 4 RGB and alpha; or None for a
      file of any other kind, which is left to Pillow.

    Raises:
      PIL.Image.DecompressionBombError: it has more pixels than Pillow would read.
      ImageFileError: a TIFF file of several pages.
      Exception: of any type, from the decoder, if the file is damaged.
    """
    with path.open("rb") as file:
        start = file.read(26)
    if start[:8] == _PNG and start[24:25] == b"\x10":
        _check_pixels(*struct.unpack(">II", start[16:24]))
        import imagecodecs

        pixels = imagecodecs.png_decode(path.read_bytes())
        return pixels.reshape((*pixels.shape[:2], -1))
    if start[:4] in _TIFF:
        return _read_tiff(path)
    return None


def _read_tiff(path: Source) -> np.ndarray | None:
    import tifffile

    with path.open("rb") as stream, tifffile.TiffFile(stream) as file:
        page = file.pages[0]
        known = page.photometric in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB)
        if page.dtype != np.uint16 or page.bitspersample != 16 or not known:
            return None
        check_single_frame(len(file.pages), path)
        _check_pixels(page.imagewidth, page.imagelength)
        pixels = page.asarray()
        if page.axes.startswith("S"):
            pixels = np.moveaxis(pixels, 0, -1)
        pixels = pixels.reshape((*pixels.shape[:2], -1))
        if page.photometric == _WHITE_IS_ZERO:
            pixels[..., 0] = 65535 - pixels[..., 0]
        colors = 3 if page.photometric == _RGB else 1
        extras = [int(extra) for extra in page.extrasamples]
    # Files often call an alpha channel unspecified; other channels have no known meaning.
    pixels = pixels[..., : colors + bool(extras)]
    if extras and extras[0] == _PREMULTIPLIED:
        alpha = np.maximum(pixels[..., -1:], 1)
        color = (pixels[..., :-1] * np.float64(65535) / alpha + 0.5).clip(0, 65535)
        pixels = np.concatenate([color.astype(np.uint16), pixels[..., -1:]], axis=2)
    return pixels


def write_sixteen_bit_png(
    file: BinaryIO,
    pixels: np.ndarray,
    icc_profile: bytes | None = None,
    exif: bytes | None = None,
    dpi: tuple[float, float] | None = None,
    extras: Iterable[tuple[bytes, bytes]] = (),
) -> None:
    """Writes uint16 (H, W, C), C = 1 to 4, as PNG, with further chunks before the pixels."""
    height, width, channels = pixels.shape
    file.write(_PNG)
    header = struct.pack(">IIBBBBB", width, height, 16, _PNG_COLOUR_TYPES[channels], 0, 0, 0)
    _write_chunk(file, b"IHDR", header)
    if icc_profile:
        _write_chunk(file, b"iCCP", b"ICC Profile\0\0" + zlib.compress(icc_profile))
    for name, data in extras:
        _write_chunk(file, name, data)
    if dpi:
        per_metre = (round(value / 0.0254) for value in dpi)
        _write_chunk(file, b"pHYs", struct.pack(">IIB", *per_metre, 1))
    if exif:
        _write_chunk(file, b"eXIf", exif.removeprefix(b"Exif\0\0"))
    compressor = zlib.compressobj(6, zlib.DEFLATED, 15, 9, zlib.Z_FILTERED)
    rows = max(1, _STRIP_BYTES // (width * channels * 2))
    above = np.zeros((1, width * channels * 2), np.uint8)
    for top in range(0, height, rows):
        strip = pixels[top : top + rows].astype(">u2").reshape(-1, width * channels)
        strip = strip.view(np.uint8)
        # PNG's filter 2: each byte less the one above it.
        filtered = np.full((len(strip), strip.shape[1] + 1), 2, np.uint8)
        filtered[:, 1:] = strip - np.concatenate([above, strip[:-1]])
        above = strip[-1:]
        data = compressor.compress(filtered)
        if data:
            _write_chunk(file, b"IDAT", data)
    _write_chunk(file, b"IDAT", compressor.flush())
    _write_chunk(file, b"IEND", b"")


def write_sixteen_bit_tiff(
    file: BinaryIO,
    pixels: np.ndarray,
    icc_profile: bytes | None = None,
    dpi: tuple[float, float] | None = None,
    tags: Sequence[tuple] = (),
) -> None:
    """Writes uint16 (H, W, C), C = 1 to 4, as TIFF, with further tags as tifffile takes them."""
    import tifffile

    tifffile.imwrite(
        file,
        pixels[..., 0] if pixels.shape[2] == 1 else pixels,
        photometric="rgb" if pixels.shape[2] > 2 else "minisblack",
        planarconfig="contig" if pixels.shape[2] > 1 else None,
        extrasamples=["unassalpha"] if pixels.shape[2] in (2, 4) else None,
        compression="zlib",
        rowsperstrip=max(1, _STRIP_BYTES // pixels[0].nbytes),
        resolution=dpi,
        resolutionunit="inch" if dpi else None,
        iccprofile=icc_profile,
        extratags=tags,
        metadata=None,
        software=False,
    )


def _check_pixels(width: int, height: int) -> None:
    if Image.MAX_IMAGE_PIXELS is not None and width * height > 2 * Image.MAX_IMAGE_PIXELS:
        raise Image.DecompressionBombError


def _write_chunk(file: BinaryIO, name: bytes, data: bytes) -> None:
    file.write(struct.pack(">I", len(data)) + name + data)
    file.write(struct.pack(">I", zlib.crc32(data, zlib.crc32(name))))
