"""`--compare`: results side by side, in one picture split between them, or on a page that wipes."""

import base64
import html
import pathlib
import string
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from srcnn_tf.files.picture_metadata import Metadata
from srcnn_tf.files.picture_writing import Canvas, picture_bytes
from srcnn_tf.imaging.rounding import WHITE
from srcnn_tf.imaging.tiling import Tile

SIDES, SPLIT, HTML = "sides", "split", "html"
STYLES = (SIDES, SPLIT, HTML)
_TEMPLATE = pathlib.Path(__file__).with_name("compare_page.html")
# Larger pictures would make pages of tens of megabytes as PNG.
_MOST_PNG_PIXELS = 4_000_000

# Gives the tiles of a result within a part of it.
Tiles = Callable[[Tile], Iterator[tuple[Tile, np.ndarray]]]


class Compared(NamedTuple):
    """One result: what it is called, and its pixels, tile by tile."""

    label: str
    tiles: Tiles


def tiles_of(pixels: np.ndarray) -> Tiles:
    """Returns an array's pixels (H, W, C) as `Compared` takes them."""
    return lambda part: iter([(part, pixels[part.slices])])


def side_by_side(
    results: Sequence[Compared], size: tuple[int, int], channels: int, dtype, on_tile
) -> Canvas:
    """Returns all results in one picture, from left to right.

    Args:
      results: of one size.
      size: (width, height) of each.
      channels: of each.
      dtype: of each.
      on_tile: is called with the number of pixels of each tile that is done.
    """
    width, height = size
    canvas = Canvas(height, width * len(results), channels, dtype)
    for position, result in enumerate(results):
        for tile, values in result.tiles(Tile(0, height, 0, width)):
            canvas.put(tile.moved(position * width), values)
            on_tile(tile.pixels)
    return canvas


def split(
    results: Sequence[Compared], size: tuple[int, int], channels: int, dtype, on_tile
) -> Canvas:
    """Returns one picture of that size, each upright part of it from another result, with labels.

    Arguments as of `side_by_side`.
    """
    width, height = size
    canvas = Canvas(height, width, channels, dtype)
    edges = [round(width * number / len(results)) for number in range(len(results) + 1)]
    for result, left, right in zip(results, edges, edges[1:], strict=False):
        if right > left:
            for tile, values in result.tiles(Tile(0, height, left, right)):
                canvas.put(tile, values)
                on_tile(tile.pixels)
    text_height = max(12, min(size) // 30)
    for number, (result, left, right) in enumerate(zip(results, edges, edges[1:], strict=False)):
        label = _label(result.label, text_height, channels, dtype)
        rows, columns = label.shape[:2]
        if rows <= height // 2 and columns <= right - left:
            # The first one's at its left, the last one's at its right: away from the edges.
            at = right - columns if number == len(results) - 1 else left
            canvas.put(Tile(0, rows, at, at + columns), label)
        if number and right > left + 2:
            line = _pixels(np.array([[0, 255]], np.uint8).repeat(height, axis=0), channels, dtype)
            canvas.put(Tile(0, height, left, left + 2), line)
    return canvas


def page(name: str, canvases: Sequence[tuple[str, Canvas]], profile: bytes | None) -> str:
    """Returns a HTML page that needs nothing else: an edge to be drawn over the pictures.

    Args:
      name: of the picture, for the title.
      canvases: by label; the first is at the left of the edge and the last at its right; the one
        before these, if there are three, is the original, shown while a key is held.
      profile: of their colors.
    """
    width, height = canvases[0][1].size
    opaque = all(canvas.is_opaque() for _, canvas in canvases)
    lossless = width * height <= _MOST_PNG_PIXELS or not opaque or max(width, height) > 65_500
    kind = "png" if lossless else "jpeg"
    pictures = []
    for label, canvas in canvases:
        data = picture_bytes(f"picture.{kind}", canvas, Metadata(icc_profile=profile))
        encoded = base64.b64encode(data).decode("ascii")
        pictures.append((html.escape(label), f"data:image/{kind};base64,{encoded}"))
    *original, (left_label, left), (right_label, right) = pictures
    title = html.escape(name.encode("utf-8", "replace").decode("utf-8"))
    return string.Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=title,
        width=width,
        height=height,
        left=left,
        left_label=left_label,
        right=right,
        right_label=right_label,
        original=_original(*original[0]) if original else "",
        hint="Hold O for the original." if original else "",
        stored="" if lossless else "The pictures are stored here as JPEGs of quality 95.",
    )


def _original(label: str, source: str) -> str:
    return f'<img class="original" alt="{label}" src="{source}">'


def _label(text: str, height: int, channels: int, dtype) -> np.ndarray:
    """Returns white text on black, as pixels (h, w, C)."""
    try:
        font = ImageFont.load_default(height)
    except (ImportError, OSError):  # A Pillow without FreeType has one small font.
        font = ImageFont.load_default()
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text))
    margin = max(2, height // 3)
    image = Image.new("L", (right - left + 2 * margin, bottom - top + 2 * margin), 0)
    ImageDraw.Draw(image).text((margin - left, margin - top), text, 255, font)
    return _pixels(np.asarray(image), channels, dtype)


def _pixels(gray: np.ndarray, channels: int, dtype) -> np.ndarray:
    """Returns gray levels 0..255 (h, w) as opaque pixels (h, w, C) of the dtype."""
    white = WHITE[np.dtype(dtype)]
    pixels = (gray.astype(np.uint32) * white // 255).astype(dtype)[..., None]
    pixels = pixels.repeat(channels, axis=2)
    if channels in (2, 4):
        pixels[..., -1] = white
    return pixels
