"""`Protocol`: from a picture to what a network gets, and from its plane to what metrics compare."""

import dataclasses
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from srcnn_tf.imaging.cropping import shave
from srcnn_tf.imaging.luma import LumaToRgb
from srcnn_tf.imaging.rounding import quantize

if TYPE_CHECKING:
    # Protocols load no TensorFlow, which the pipeline needs.
    from srcnn_tf.data.pipeline import EvaluationPicture


@dataclasses.dataclass(frozen=True)
class Protocol:
    """The SRCNN papers' protocol, and what the others derive from. Immutable.

    Attributes:
      shaved: how many pixels are left out at each side; None for as many as the protocol says.
      NAME: what users choose it by.
      METRICS: what is scored by if nobody chooses.
      DESCRIPTION: one phrase for help texts.
      NEEDS_COLOR: whether pictures must be read with `color=True`.
    """

    NAME: ClassVar[str] = "srcnn"
    METRICS: ClassVar[tuple[str, ...]] = ("psnr", "ssim")
    DESCRIPTION: ClassVar[str] = "the SRCNN paper's, on Y"
    NEEDS_COLOR: ClassVar[bool] = False

    shaved: int | None = None

    def __post_init__(self):
        if self.shaved is not None and self.shaved < 0:
            raise ValueError(f"Pixels to shave off cannot be {self.shaved}; give 0 or more.")

    @property
    def condition(self) -> str:
        """What sets its rows apart from others of the same dataset and scale, such as `q10`."""
        return ""

    def border(self, scale: int) -> int:
        """How many pixels are left out at each side: the scale, unless it is chosen otherwise."""
        return scale if self.shaved is None else self.shaved

    def is_standard(self, scale: int) -> bool:
        """Whether scores may be compared with published ones: nothing was chosen otherwise."""
        return self.border(scale) == type(self)().border(scale)

    def baseline(self, scale: int) -> str:
        """What the first column is called: what pictures are without a network."""
        return "Bicubic"

    def prepare(self, picture: "EvaluationPicture", scale: int) -> "EvaluationPicture":
        """Returns the picture with the small plane, and its enlargement, that networks start from.

        Args:
          picture: from `read_pictures`, of that scale.
          scale: the enlargement.
        """
        return picture

    def colors(self, hr: np.ndarray, hr_y: np.ndarray, scale: int) -> LumaToRgb:
        """Returns what gives restored planes the colors that metrics of color compare."""
        return LumaToRgb(hr, hr_y, scale)

    def compared(self, plane: np.ndarray, scale: int) -> np.ndarray:
        """Returns a restored plane, or a picture, as it is compared: uint8, shaved.

        Args:
          plane: float (H, W) or (H, W, 3), 1.0 = 255.
          scale: the enlargement.
        """
        return quantize(shave(plane, self.border(scale)), np.uint8)

    def original(self, pixels: np.ndarray, scale: int) -> np.ndarray:
        """Returns an original, uint8 (H, W) or (H, W, 3), likewise."""
        return shave(pixels, self.border(scale))

    def in_words(self) -> str:
        """Says in one line how a plane comes to be compared."""
        return (
            "Y of BT.601 -> modcrop(s) -> single / 255 -> MATLAB bicubic down and up by s -> "
            f"network -> x 255, round, clip to uint8 -> {self._shave_in_words()}"
        )

    def _shave_in_words(self) -> str:
        return f"shave {'s' if self.shaved is None else self.shaved} pixels"


SRCNN = Protocol()
