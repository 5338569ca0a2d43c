"""Animated GIF, PNG, WebP and AVIF, by Pillow: frames, delays, repetitions, transparency."""

import contextlib
import dataclasses
import os
import pathlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from srcnn_tf.files import atomic_files
from srcnn_tf.files.image_files import ImageFileError, reading_errors
from srcnn_tf.files.lossy_formats import lossy_format
from srcnn_tf.files.metadata_writing import pillow_options
from srcnn_tf.files.picture_files import Picture, picture_of
from srcnn_tf.files.picture_metadata import Metadata, read_exif, read_metadata
from srcnn_tf.files.picture_source import Source, open_image

# By the extension of what is written.
ANIMATED = {".gif": "GIF", ".png": "PNG", ".webp": "WEBP", ".avif": "AVIF"}
# Browsers show a GIF's frame that says less than this many milliseconds for this many.
_SHORTEST_DELAY, _USUAL_DELAY = 20, 100
# How hard WebP tries to make a lossless file small, 0 to 100.
_EFFORT = 70
# A GIF has one transparent color, and this many others.
_GIF_COLORS = 255


class Frame(NamedTuple):
    """One frame of an animation.

    Attributes:
      pixels: uint8 (H, W, C) as of `Picture`, the whole frame as it is seen.
      milliseconds: how long it is shown.
    """

    pixels: np.ndarray
    milliseconds: float


@dataclasses.dataclass(frozen=True)
class Animation:
    """What is known of an animated picture before its frames are read.

    Attributes:
      source: the file.
      size: (width, height), upright.
      frames: how many there are.
      form: Pillow's name of its format.
      lossy: as of `Picture`.
      plays: how often it is shown; 0 for ever.
      has_default: whether its first frame is what programs show that know no APNG, and no part of
        the animation.
      metadata: as of `Picture`.
    """

    source: Source
    size: tuple[int, int]
    frames: int
    form: str
    lossy: str
    plays: int
    has_default: bool
    metadata: Metadata

    def picture(self) -> Picture:
        """Returns the first frame, by which the network is chosen."""
        with reading_errors(self.source), open_image(self.source) as image:
            return dataclasses.replace(picture_of(image, self.source), lossy=self.lossy)

    def read(self) -> Iterator[Frame]:
        """Yields all frames.

        Raises:
          ImageFileError: the file is damaged or cut short.
        """
        with reading_errors(self.source), open_image(self.source) as image:
            for number in range(self.frames):
                image.seek(number)
                image.load()
                delay = float(image.info.get("duration") or 0)
                yield Frame(picture_of(image, self.source).pixels, delay)


def animation_of(source: Source) -> Animation | None:
    """Returns what a file's head says of its animation; None if it is none, or no picture at all.

    Damage is left to whoever reads the file.
    """
    with contextlib.suppress(Exception), reading_errors(source), open_image(source) as image:
        if image.format not in ANIMATED.values() or not getattr(image, "is_animated", False):
            return None
        exif, orientation = read_exif(image, source)
        width, height = image.size
        return Animation(
            source,
            (height, width) if orientation >= 5 else (width, height),
            getattr(image, "n_frames", 1),
            image.format or "",
            lossy_format(image, source),
            _plays(image),
            bool(image.info.get("default_image")),
            read_metadata(image, image.info.get("icc_profile"), exif, source),
        )
    return None


def _plays(image: Image.Image) -> int:
    """How often it is shown; GIF counts repetitions, and says nothing for none."""
    if image.format != "GIF":
        return int(image.info.get("loop") or 0)
    loop = image.info.get("loop", -1)
    return 1 if loop < 0 else loop + 1 if loop else 0


def animated_format(path: str | os.PathLike) -> str:
    """Returns Pillow's name of the animated format that a file name asks for.

    Raises:
      ImageFileError: it can hold no animation.
    """
    form = ANIMATED.get(pathlib.Path(path).suffix.lower())
    Image.init()
    if form is None or form not in Image.SAVE_ALL:
        raise ImageFileError(
            f"{path} cannot hold an animation; use --ext=png or webp, or a name that ends in .gif, "
            ".png or .webp."
        )
    return form


def write_animation(
    path: str | os.PathLike, frames: Iterable[Frame], animation: Animation, quality: int
) -> None:
    """Writes an animation whole or not at all; all frames are held until they are written.

    Args:
      path: its extension is one of `ANIMATED`.
      frames: the enlarged ones, all of one size.
      animation: what they were made of.
      quality: of AVIF, and of WebP unless the file that was read is lossless.

    Raises:
      ImageFileError: the file cannot be written.
    """
    form = animated_format(path)
    images, delays = [], []
    for frame in frames:
        pixels = frame.pixels
        pixels = pixels[..., 0] if pixels.shape[2] == 1 else pixels
        images.append(Image.fromarray(np.ascontiguousarray(pixels)))
        delays.append(frame.milliseconds)
    images = _alike(images)
    if form == "GIF":
        images = [_with_palette(image) for image in images]
    options = _options(form, animation, images, delays, quality)
    try:
        with atomic_files.atomic_write(path) as temporary, temporary.open("wb") as file:
            images[0].save(file, form, save_all=True, append_images=images[1:], **options)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise ImageFileError(
            f"{path} cannot be written ({reason}); make room or choose another place."
        ) from error


def not_kept(animation: Animation, form: str) -> list[str]:
    """Names, in words, what a format cannot hold of an animation."""
    found = []
    if form == "GIF":
        found.append("GIF has 256 colors a frame and no soft edges (--ext=png or webp keeps all)")
    if form == "AVIF" and animation.plays:
        found.append("AVIF does not say how often it is shown")
    if animation.has_default and form != "PNG":
        found.append("its picture for programs that show no animations becomes its first frame")
    return found


def _alike(images: list[Image.Image]) -> list[Image.Image]:
    """Converts images to the smallest mode that holds all of them."""
    modes = {image.mode for image in images}
    if len(modes) == 1:
        return images
    alpha = any(mode.endswith("A") for mode in modes)
    mode = "RGBA" if alpha else "RGB"
    return [image.convert(mode) for image in images]


def _with_palette(image: Image.Image) -> Image.Image:
    """Returns a frame of a GIF: its own colors, and one for what is transparent."""
    if image.mode in ("L", "RGB"):
        return image.convert("RGB").quantize(_GIF_COLORS + 1)
    rgba = image.convert("RGBA")
    hidden = np.asarray(rgba)[..., 3] < 128
    colors = rgba.convert("RGB").quantize(_GIF_COLORS)
    pixels = np.where(hidden, np.uint8(_GIF_COLORS), np.asarray(colors))
    result = Image.frombytes("P", image.size, pixels.tobytes())
    result.putpalette((colors.getpalette() or [])[: 3 * _GIF_COLORS])
    result.info["transparency"] = _GIF_COLORS
    return result


def _options(form: str, animation: Animation, images, delays, quality: int) -> dict[str, Any]:
    if form != "GIF" and animation.form == "GIF":
        delays = [_USUAL_DELAY if delay < _SHORTEST_DELAY else delay for delay in delays]
    options: dict[str, Any] = {"duration": [round(delay) for delay in delays]}
    if form == "GIF":
        # The number counts repetitions; without it a GIF is shown once.
        if animation.plays != 1:
            options["loop"] = max(animation.plays - 1, 0)
        options |= {"disposal": 2 if "transparency" in images[0].info else 1, "optimize": False}
    if form in ("PNG", "WEBP"):
        options["loop"] = animation.plays
    if form == "PNG":
        options |= {"disposal": 0, "blend": 0, "default_image": animation.has_default}
        if animation.has_default:
            options["duration"] = options["duration"][1:]
    if form == "WEBP":
        lossless = not animation.lossy
        options |= {"lossless": lossless, "quality": _EFFORT if lossless else quality}
    if form == "AVIF":
        options["quality"] = quality
    metadata = animation.metadata
    if form == "GIF":
        return options | ({"comment": metadata.comment} if metadata.comment else {})
    return pillow_options(form, metadata, images[0].size, animation.source) | options
