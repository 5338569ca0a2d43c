"""`ARRAYS`: dtype, shape and range of every array of a pair, in one place."""

from typing import NamedTuple


class ArrayRange(NamedTuple):
    """What an array of a pair looks like; H and W are the original's, s is the scale."""

    dtype: str
    shape: str
    values: str
    meaning: str


ARRAYS = {
    "hr": ArrayRange("uint8", "(H, W, 3)", "0..255", "the original, RGB"),
    "lr": ArrayRange("uint8", "(H/s, W/s, 3)", "0..255", "the original shrunk, RGB"),
    "hr_y": ArrayRange(
        "uint8",
        "(H, W, 1)",
        "16..235; 0..255 of gray pictures",
        "Y of the original: 255 times what a network should give",
    ),
    "lr_y": ArrayRange(
        "float32",
        "(H/s, W/s, 1)",
        "1.0 = 255, not quantized, not clipped",
        "Y shrunk: what networks on the low grid take",
    ),
    "bicubic_y": ArrayRange(
        "float32",
        "(H, W, 1)",
        "1.0 = 255, not quantized, not clipped",
        "Y shrunk and enlarged again: what networks on the bicubic grid (SRCNN) take",
    ),
}
