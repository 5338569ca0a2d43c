"""`Unrounded`: the protocol `float`, which compares planes that were not rounded to 8 bits."""

from typing import ClassVar

import numpy as np

from srcnn_tf.evaluation.protocols.protocol import Protocol
from srcnn_tf.imaging.cropping import shave


class Unrounded(Protocol):
    """As `Protocol`, but planes stay floats, clipped to 0..255, as many programs score them.

    Scores are some hundredths of a dB higher, and more where they are high already: rounding adds
    an error of its own.
    """

    NAME: ClassVar[str] = "float"
    DESCRIPTION: ClassVar[str] = "the same without rounding to 8 bits"

    def is_standard(self, scale: int) -> bool:
        """Never: published figures are of rounded pictures."""
        return False

    def compared(self, plane: np.ndarray, scale: int) -> np.ndarray:
        """Returns a restored plane in float64, 0..255."""
        return np.clip(shave(plane, self.border(scale)).astype(np.float64), 0, 1) * 255

    def original(self, pixels: np.ndarray, scale: int) -> np.ndarray:
        """Returns an original in float64, 0..255."""
        return shave(pixels, self.border(scale)).astype(np.float64)

    def in_words(self) -> str:
        """Says in one line how a plane comes to be compared."""
        return (
            "Y of BT.601 -> modcrop(s) -> single / 255 -> MATLAB bicubic down and up by s -> "
            f"network -> x 255, clip to 0..255, not rounded -> {self._shave_in_words()}"
        )
