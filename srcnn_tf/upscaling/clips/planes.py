"""A film's frame as planes of numbers, and back: luminance, chroma and their grids, or RGB."""

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import av

GRAY, RGB, YUV = "gray", "rgb", "yuv"
# FFmpeg's numbers, those of ITU-T H.273.
LIMITED_RANGE, FULL_RANGE = 1, 2
_BT2020 = (9, 10)
# By how many rows and columns of luminance a chroma sample stands for.
_NAMES = {(1, 1): "444", (1, 2): "422", (2, 2): "420", (2, 1): "440", (1, 4): "411", (4, 4): "410"}
_SUBSAMPLING = {name: steps for steps, name in _NAMES.items()}
# Whose chroma samples lie in the middle of those of luminance, as JPEG's do.
_CENTERED = ("mjpeg", "mpeg1video")


class Layout(NamedTuple):
    """What a frame's planes are.

    Attributes:
      kind: `GRAY`, `RGB` or `YUV`.
      depth: bits of a number.
      steps: rows and columns of luminance that a chroma sample stands for.
      full: whether black is 0 and white the highest number, instead of 16 and 235 of 8 bits.
      siting: how far, in rows and columns of luminance, the first chroma sample's center is from
        the picture's corner.
    """

    kind: str
    depth: int
    steps: tuple[int, int] = (1, 1)
    full: bool = False
    siting: tuple[float, float] = (0.5, 0.5)

    @property
    def dtype(self) -> np.dtype:
        """What holds a number."""
        return np.dtype(np.uint8 if self.depth == 8 else np.uint16)

    @property
    def pixel_format(self) -> str:
        """FFmpeg's name of it."""
        if self.kind == RGB:
            return "rgb24" if self.depth == 8 else "rgb48le"
        name = "gray" if self.kind == GRAY else f"yuv{_NAMES[self.steps]}p"
        return name if self.depth == 8 else f"{name}{self.depth}le"


def layout_of(frame: "av.VideoFrame", codec: str) -> Layout:
    """Returns the planes that a frame is worked on as; alpha is left out."""
    form = frame.format
    depth = max((each.bits for each in form.components), default=8)
    depth = 8 if form.has_palette else max(depth, 8)
    if form.is_rgb or form.has_palette or form.is_bayer:
        # Of more than 8 bits there is one packed kind.
        return Layout(RGB, 8 if depth == 8 else 16)
    full = form.name.startswith("yuvj") or frame.color_range == FULL_RANGE
    if re.match(r"gray|ya\d|mono", form.name):
        return Layout(GRAY, depth, full=frame.color_range != LIMITED_RANGE)
    steps = 64 // form.chroma_height(64), 64 // form.chroma_width(64)
    if steps not in _NAMES:
        steps = (2, 2)
    return Layout(YUV, depth, steps, full, _siting(frame, codec, steps))


def _siting(frame, codec: str, steps: tuple[int, int]) -> tuple[float, float]:
    """Left and in the middle of two rows, as MPEG-2, H.264 and their heirs have it."""
    rows, columns = steps
    if codec in _CENTERED:
        return rows / 2, columns / 2
    return (0.5 if frame.colorspace in _BT2020 else rows / 2), 0.5


def read_planes(frame: "av.VideoFrame", layout: Layout) -> list[np.ndarray]:
    """Returns copies of a frame's planes, (h, w) or, of RGB, one of (h, w, 3)."""
    names = {layout.pixel_format, layout.pixel_format.replace("yuv", "yuvj")}
    if frame.format.name not in names:
        frame = frame.reformat(format=layout.pixel_format)
    planes = []
    for plane in frame.planes:
        rows = _rows(plane, layout)
        if layout.kind == RGB:
            planes.append(rows[:, : 3 * plane.width].reshape(plane.height, plane.width, 3).copy())
        else:
            planes.append(rows[:, : plane.width].copy())
    return planes


def make_frame(planes: list[np.ndarray], layout: Layout) -> "av.VideoFrame":
    """Returns a frame of planes; a gray one has chroma of no color, which every player knows."""
    import av

    height, width = planes[0].shape[:2]
    if layout.kind == GRAY:
        layout = layout._replace(kind=YUV, steps=(2, 2))
        middle = np.full((-(-height // 2), -(-width // 2)), 1 << (layout.depth - 1), layout.dtype)
        planes = [planes[0], middle, middle]
    frame = av.VideoFrame(width, height, layout.pixel_format)
    for plane, values in zip(frame.planes, planes, strict=True):
        rows = _rows(plane, layout)
        values = values.reshape(len(values), -1)
        rows[:, : values.shape[1]] = values
    return frame


def _rows(plane, layout: Layout) -> np.ndarray:
    """Returns a plane's memory, (h, numbers in a row); rows may go on beyond the picture."""
    return np.frombuffer(memoryview(plane), layout.dtype).reshape(plane.height, -1)
