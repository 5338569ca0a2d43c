"""A contact sheet: rows of pictures of one size, pixel for pixel, with words above and below."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_GAP = 8
_LINE = 17
_FONT_SIZE = 13
_PAPER, _INK, _FAINT = (255, 255, 255), (20, 20, 20), (110, 110, 110)


class Cell(NamedTuple):
    """One picture of a sheet, and what is written below it."""

    pixels: np.ndarray  # uint8 (H, W, 3) or (H, W)
    caption: str


class Row(NamedTuple):
    """Pictures beside each other, and what is written above them."""

    title: str
    cells: Sequence[Cell]


def contact_sheet(columns: Sequence[str], rows: Sequence[Row]) -> np.ndarray:
    """Lays pictures out in a table; no pixel of them is resampled.

    Args:
      columns: what stands above each column.
      rows: each with a cell for every column; the pictures of a row are of one size.

    Returns:
      uint8 (H, W, 3).
    """
    width = max(cell.pixels.shape[1] for row in rows for cell in row.cells)
    heights = [max(cell.pixels.shape[0] for cell in row.cells) for row in rows]
    size = (
        _GAP + len(columns) * (width + _GAP),
        _GAP + _LINE + sum(height + 2 * _LINE + _GAP for height in heights),
    )
    sheet = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(_FONT_SIZE)
    lefts = [_GAP + number * (width + _GAP) for number in range(len(columns))]
    for left, title in zip(lefts, columns, strict=True):
        draw.text((left, _GAP // 2), title, _INK, font)
    top = _GAP + _LINE
    for row, height in zip(rows, heights, strict=True):
        draw.text((_GAP, top), row.title, _FAINT, font)
        top += _LINE
        for left, cell in zip(lefts, row.cells, strict=True):
            sheet.paste(Image.fromarray(cell.pixels).convert("RGB"), (left, top))
            draw.text((left, top + height), cell.caption, _FAINT, font)
        top += height + _LINE + _GAP
    return np.asarray(sheet)
