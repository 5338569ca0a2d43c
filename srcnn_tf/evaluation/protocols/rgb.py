"""`Rgb`: the protocol of papers on color networks: 8-bit RGB in, PSNR and SSIM of RGB."""

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from srcnn_tf.evaluation.protocols.protocol import Protocol
from srcnn_tf.imaging.color import rgb_to_ycbcr
from srcnn_tf.imaging.luma import LumaToRgb, is_gray
from srcnn_tf.imaging.resize import imresize

if TYPE_CHECKING:
    from srcnn_tf.data.pipeline import EvaluationPicture


class Rgb(Protocol):
    """As `Protocol`, but the small picture is 8-bit RGB, which luminance and colors come from.

    Where a network restores luminance, colors are enlarged by bicubic, so that its score in RGB is
    bounded by what bicubic does to colors. Networks in color start from the small picture's.
    """

    NAME: ClassVar[str] = "rgb"
    METRICS: ClassVar[tuple[str, ...]] = ("psnr_rgb", "ssim_rgb")
    DESCRIPTION: ClassVar[str] = "small pictures of 8-bit RGB, scores of RGB"
    NEEDS_COLOR: ClassVar[bool] = True

    def is_standard(self, scale: int) -> bool:
        """Never: no figure is published for a network on Y with bicubic's colors."""
        return False

    def prepare(self, picture: "EvaluationPicture", scale: int) -> "EvaluationPicture":
        """Returns the picture with planes that come from its small 8-bit picture in RGB."""
        if picture.hr is None:
            raise ValueError(f"{picture.filename} has no colors; read it with `color=True`.")
        pixels = imresize(_luma_or_rgb(picture.hr, picture.hr_y), 1 / scale)
        small = pixels / 255.0
        lr_y = small if small.ndim == 2 else rgb_to_ycbcr(small)[..., 0]
        return picture._replace(
            lr_y=lr_y.astype(np.float32),
            bicubic_y=imresize(lr_y, scale).astype(np.float32),
            small=pixels,
        )

    def colors(self, hr: np.ndarray, hr_y: np.ndarray, scale: int) -> LumaToRgb:
        """Returns what gives planes the colors of the small 8-bit picture."""
        return LumaToRgb(hr, hr_y, scale, small=imresize(hr, 1 / scale))

    def in_words(self) -> str:
        """Says in one line how a picture comes to be compared."""
        return (
            "RGB -> modcrop(s) -> MATLAB bicubic down by s in uint8 -> Y of BT.601 through the "
            "network, Cb and Cr up by bicubic -> RGB, x 255, round, clip to uint8 -> "
            f"{self._shave_in_words()}"
        )


def _luma_or_rgb(hr, hr_y):
    """A gray picture that was repeated three times is its own Y, 0..255, and stays a plane."""
    return hr_y if is_gray(hr, hr_y) else hr
