"""Reading any picture with everything it holds: bit depth, alpha, profile, EXIF, resolution."""

import dataclasses
import io
import logging
import os
import pathlib

import numpy as np
from PIL import Image, ImageCms

from srcnn_tf.files import further_contents, jpeg_quality, lossy_formats
from srcnn_tf.files.image_files import (
    ImageFileError,
    check_known_range,
    check_single_frame,
    reading_errors,
)
from srcnn_tf.files.picture_metadata import (
    Metadata,
    read_exif,
    read_metadata,
    read_tiff_metadata,
)
from srcnn_tf.files.picture_source import Memory, Source, open_image
from srcnn_tf.files.sixteen_bit import read_sixteen_bit

_LOGGER = logging.getLogger(__name__)
# Formats whose further frames are views or layers of the one picture that comes first.
_ONE_PICTURE = frozenset({"MPO", "PSD"})


@dataclasses.dataclass(frozen=True)
class Picture:
    """Upright pixels, uint8 or uint16 (H, W, C), and the file's metadata.

    C is 1 for gray, 2 for gray and alpha, 3 for RGB, 4 for RGB and alpha (not premultiplied).
    `jpeg` is how the file was compressed, if it is a JPEG; `lossy` is the format if it is any that
    loses details, such as `WebP`, else empty.
    """

    pixels: np.ndarray
    metadata: Metadata
    jpeg: jpeg_quality.JpegSettings | None = None
    lossy: str = ""


def read_picture(path: str | os.PathLike | Memory) -> Picture:
    """Reads a picture of any kind that Pillow knows, and of 16 bits a channel in PNG and TIFF.

    1-bit becomes 8-bit gray, palettes become RGB (with alpha if they are transparent), CMYK becomes
    RGB through its profile if it has one.

    Args:
      path: a file, or a file's bytes as `Memory`.

    Raises:
      ImageFileError: the file cannot be used, or holds several pictures; one sentence.
    """
    path = path if isinstance(path, Memory) else pathlib.Path(path)
    with reading_errors(path):
        try:
            image = open_image(path)
        except Image.UnidentifiedImageError:
            return _read_unidentified(path)
        with image:
            if image.format not in _ONE_PICTURE:
                check_single_frame(getattr(image, "n_frames", 1), path)
            pixels = None
            if image.format in ("PNG", "TIFF"):
                pixels = read_sixteen_bit(path)
            if pixels is None:
                image.load()
            picture = picture_of(image, path, pixels)
            left_out = further_contents.left_out(image, picture.pixels.shape[2], path)
            if left_out:
                _LOGGER.warning("%s: %s: not enlarged, and not kept", path, ", ".join(left_out))
            return dataclasses.replace(
                picture,
                jpeg=jpeg_quality.read_settings(image),
                lossy=lossy_formats.lossy_format(image, path),
            )


def size_of(path: str | os.PathLike | Memory) -> tuple[int, int]:
    """Returns the (width, height) of a picture as it is seen, upright, reading only its head.

    Raises:
      ImageFileError: as `read_picture` does, as far as the head tells.
    """
    path = path if isinstance(path, Memory) else pathlib.Path(path)
    with reading_errors(path):
        try:
            image = open_image(path)
        except Image.UnidentifiedImageError:
            picture = _read_unidentified(path)
            return picture.pixels.shape[1], picture.pixels.shape[0]
        with image:
            if image.format not in _ONE_PICTURE:
                check_single_frame(getattr(image, "n_frames", 1), path)
            check_known_range(image.mode if image.format != "PPM" else "", path)
            width, height = image.size
            return (height, width) if read_exif(image, path)[1] >= 5 else (width, height)


def picture_of(
    image: Image.Image, name: str | os.PathLike | Memory, pixels: np.ndarray | None = None
) -> Picture:
    """Turns a Pillow image into a `Picture`, as `read_picture` does.

    Args:
      image: of any mode; its `info` and EXIF are taken over.
      name: for messages; the source, if the image was opened from one.
      pixels: what to use instead of the image's own pixels, uint16 (H, W, C).
    """
    if 0 in image.size:
        raise ImageFileError(f"{name} has no pixels; copy it again.")
    exif, orientation = read_exif(image, name)
    icc_profile = image.info.get("icc_profile")
    if pixels is not None:
        pixels = _with_hidden_color(pixels, image.info.get("transparency"))
    else:
        pixels, icc_profile = _pixels(image, name, icc_profile)
    metadata = read_metadata(image, icc_profile, exif, name)
    return Picture(_upright(pixels, orientation), metadata)


def _read_unidentified(path: Source) -> Picture:
    """Reads a kind of TIFF that Pillow does not know, such as 16-bit gray with alpha."""
    try:
        pixels = read_sixteen_bit(path)
    except (ImageFileError, Image.DecompressionBombError):
        raise
    except Exception:
        # Not even its header can be read.
        raise Image.UnidentifiedImageError from None
    if pixels is None:
        raise Image.UnidentifiedImageError
    metadata, orientation = read_tiff_metadata(path)
    return Picture(_upright(pixels, orientation), metadata)


def _pixels(image: Image.Image, name, icc_profile) -> tuple[np.ndarray, bytes | None]:
    """Returns the pixels (H, W, C) as stored, and the profile that they are in."""
    mode = image.mode
    if mode.startswith("I;16") or (mode, image.format) == ("I", "PPM"):
        return np.asarray(image).astype(np.uint16)[..., None], icc_profile
    check_known_range(mode, name)
    if mode in ("CMYK", "LAB"):
        image, icc_profile = _to_srgb(image, name, icc_profile)
    gray = mode in ("1", "L", "LA", "La")
    target = ("L" if gray else "RGB") + ("A" if image.has_transparency_data else "")
    if mode == "La" or (gray and image.mode == "1" and len(target) == 2):
        image = image.convert("LA" if mode == "La" else "L")
    image = image if image.mode == target else image.convert(target)
    pixels = np.asarray(image)
    return pixels.reshape((*pixels.shape[:2], -1)), icc_profile


def _to_srgb(image: Image.Image, name, icc_profile) -> tuple[Image.Image, bytes | None]:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    if image.mode == "LAB":
        source = ImageCms.createProfile("LAB")
    elif icc_profile:
        source = io.BytesIO(icc_profile)
    else:
        return image.convert("RGB"), None
    try:
        converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError) as error:
        _LOGGER.debug("%s: profile", name, exc_info=error)
        _LOGGER.warning("%s: its color profile is damaged; colors are taken without it", name)
        return image.convert("RGB"), None
    return converted, srgb.tobytes()


def _with_hidden_color(pixels: np.ndarray, hidden) -> np.ndarray:
    """Adds an alpha that is 0 where a 16-bit PNG's one transparent color (tRNS) is."""
    if hidden is None or pixels.shape[2] not in (1, 3):
        return pixels
    visible = (pixels != np.array(hidden, np.uint16)).any(axis=2, keepdims=True)
    return np.concatenate([pixels, visible * np.uint16(65535)], axis=2)


def _upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Applies EXIF's orientation, 1 to 8, without copying."""
    if orientation in (2, 3):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4):
        pixels = pixels[::-1]
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (7, 8):
        pixels = pixels[::-1]
    return pixels
