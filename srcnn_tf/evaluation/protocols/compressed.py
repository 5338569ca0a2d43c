"""`Compressed`: the protocol for photographs, whose small picture is a JPEG."""

import dataclasses
from typing import TYPE_CHECKING, ClassVar

from srcnn_tf.data.photo_degradation import as_jpeg
from srcnn_tf.evaluation.protocols.protocol import Protocol

if TYPE_CHECKING:
    from srcnn_tf.data.pipeline import EvaluationPicture


@dataclasses.dataclass(frozen=True)
class Compressed(Protocol):
    """Y is shrunk by MATLAB's bicubic, rounded, and compressed as a gray JPEG by Pillow.

    At scale 1 nothing is shrunk or shaved: this is the deblocking of AR-CNN (arXiv:1504.06993) and
    of everybody since, and the first column is the JPEG itself.

    Attributes:
      quality: of the JPEG, 1..100, with libjpeg's default tables.
    """

    NAME: ClassVar[str] = "compressed"
    DESCRIPTION: ClassVar[str] = "small pictures that are gray JPEGs; scale 1 is deblocking"

    quality: int = 40

    def __post_init__(self):
        super().__post_init__()
        if not 1 <= self.quality <= 100:
            raise ValueError(f"A JPEG's quality is 1 to 100, not {self.quality}.")

    @property
    def condition(self) -> str:
        """`q` and the JPEG's quality."""
        return f"q{self.quality}"

    def border(self, scale: int) -> int:
        """How many pixels are left out at each side: the scale, and none at scale 1."""
        return super().border(scale if scale > 1 else 0)

    def baseline(self, scale: int) -> str:
        """What the first column is called."""
        return "Bicubic" if scale > 1 else "JPEG"

    def prepare(self, picture: "EvaluationPicture", scale: int) -> "EvaluationPicture":
        """Returns the picture with the JPEG as its small plane, and that enlarged by bicubic."""
        return as_jpeg(picture, scale, self.quality)

    def colors(self, hr, hr_y, scale):
        """Raises ValueError: colors are not compressed, so that scores of them mean nothing."""
        raise ValueError(
            "The compressed protocol is of luminance alone; choose metrics of Y, such as psnr, "
            "ssim, psnr_b."
        )

    def in_words(self) -> str:
        """Says in one line how a plane comes to be compared."""
        return (
            "Y of BT.601 -> modcrop(s) -> MATLAB bicubic down by s, round to uint8 -> gray JPEG "
            "of quality q (Pillow, default tables) -> network -> x 255, round, clip to uint8 -> "
            f"{self._shave_in_words()}"
        )

    def _shave_in_words(self) -> str:
        words = super()._shave_in_words()
        return f"{words} (s = 1: none, and nothing is shrunk)" if self.shaved is None else words
