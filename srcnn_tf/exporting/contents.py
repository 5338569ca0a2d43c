"""`Contents`: what an exported file computes, and what it says of itself."""

import dataclasses
from typing import Any

from srcnn_tf import __version__
from srcnn_tf.networks.network import Network

PRECISIONS = ("float32", "float16", "int8")
# Bicubic mirrors two pixels at each edge; the graphs mirror once, and so need that many.
SMALLEST_SIDE = 2
OUTPUT = "enlarged"


@dataclasses.dataclass(frozen=True)
class Contents:
    """What an exported file computes: all of `upscale`, whichever grid the network works on.

    Arrays have the same names and shapes in all formats. Batch, height and width are free.

    | | input | output |
    | --- | --- | --- |
    | luminance | `luminance` float32 (N, H, W, 1), 1.0 = 255 | `enlarged`, likewise, not clipped |
    | color | `picture` uint8 (N, H, W, 3), RGB | `enlarged`, likewise |

    Attributes:
      network: what sharpens the luminance.
      scale: how many times longer each side becomes.
      color: whether it takes and gives pictures in color, or planes of luminance.
      precision: one of `PRECISIONS`: what all layers but the last compute in, or have their
        weights in, as the format can.

    Raises:
      ValueError: the network is for another scale or works on color, or there is no such precision.
    """

    network: Network
    scale: int
    color: bool = False
    precision: str = "float32"

    def __post_init__(self):
        if self.precision not in PRECISIONS:
            raise ValueError(f"The precision must be one of {PRECISIONS}, not {self.precision!r}.")
        if self.network.architecture.channels > 1:
            raise ValueError(
                f"{self.network.name} works on {self.network.architecture.color}, and only "
                "networks on luminance are exported; choose one of these."
            )
        trained_for = self.network.scale
        if trained_for not in (None, self.scale):
            raise ValueError(f"This network is for x{trained_for}, not x{self.scale}.")

    @property
    def input_name(self) -> str:
        """Of the only input."""
        return "picture" if self.color else "luminance"

    @property
    def channels(self) -> int:
        """Of input and output."""
        return 3 if self.color else 1

    @property
    def dtype(self) -> str:
        """Of input and output."""
        return "uint8" if self.color else "float32"

    @property
    def file_stem(self) -> str:
        """What files are called by default, without the format's suffix."""
        parts = [self.network.name, f"x{self.scale}", "color" if self.color else "luminance"]
        return "_".join(parts + ([self.precision] if self.precision != "float32" else []))

    def metadata(self) -> dict[str, Any]:
        """Returns what a file says of itself: plain values."""
        values = "0..255, RGB" if self.color else "1.0 = 255, not clipped: Y of BT.601, 16..235"
        shape = ["batch", "height", "width", self.channels]
        enlarged = ["batch", f"{self.scale} * height", f"{self.scale} * width", self.channels]
        info = self.network.info
        return {
            "network": self.network.name,
            "scale": self.scale,
            "precision": self.precision,
            "input": {
                "name": self.input_name,
                "dtype": self.dtype,
                "shape": shape,
                "values": values,
                "smallest_side": SMALLEST_SIDE,
            },
            "output": {"name": OUTPUT, "dtype": self.dtype, "shape": enlarged, "values": values},
            "parameters": self.network.architecture.parameters,
            "training_data": info.training_data if info else "unknown",
            "license": "Apache-2.0 (srcnn_tf's own networks)",
            "made_by": f"srcnn_tf {__version__}",
        }
