"""Giving a restored luminance plane the colors of its picture, `LumaToRgb`; and taking them off."""

import numpy as np

from srcnn_tf.imaging.color import rgb_to_y, rgb_to_ycbcr, ycbcr_to_rgb
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.imaging.rounding import quantize


def is_gray(hr: np.ndarray, hr_y: np.ndarray) -> bool:
    """Whether a picture is its own Y: (H, W), or (H, W, 3) that equals its Y in every channel."""
    return hr.ndim == 2 or bool((hr == hr_y[..., None]).all())


def luminance_of(restored: np.ndarray) -> np.ndarray:
    """Returns the Y of floats (H, W, 3) RGB; a plane (H, W) is luminance already."""
    return rgb_to_y(restored) if restored.ndim == 3 else restored


class LumaToRgb:
    """Colors planes of one picture as anyone would see them who enlarged it.

    Networks restore luminance only; the two chroma planes are shrunk and enlarged by MATLAB's
    bicubic, in float64 and without rounding in between, for every method alike: what differs
    between two colored pictures is the method.

    Attributes:
      is_gray: whether the picture is its own Y; its planes then stay planes.
    """

    def __init__(
        self, hr: np.ndarray, hr_y: np.ndarray, scale: int, small: np.ndarray | None = None
    ):
        """Takes a picture whose sides are multiples of the scale.

        Args:
          hr: the original, uint8 (H, W, 3) RGB or (H, W) gray.
          hr_y: its Y, uint8 (H, W). A single-channel picture that was repeated three times equals
            its Y in every channel, and counts as gray.
          scale: an integer, at least 1.
          small: uint8 (H/s, W/s, 3), whose chroma is enlarged instead; by default chroma is that of
            the original, shrunk without rounding.
        """
        self.is_gray = is_gray(hr, hr_y)
        self._original = hr[..., 0] if self.is_gray and hr.ndim == 3 else hr
        self._chroma = None
        if not self.is_gray:
            chroma = rgb_to_ycbcr((hr if small is None else small) / 255.0)[..., 1:]
            self._chroma = imresize(
                chroma if small is not None else imresize(chroma, 1 / scale), scale
            )

    @property
    def original(self) -> np.ndarray:
        """The original, uint8 (H, W, 3), or (H, W) if it is gray."""
        return self._original

    def __call__(self, plane: np.ndarray) -> np.ndarray:
        """Colors a float (H, W) plane, 1.0 = 255: uint8 (H, W, 3), or (H, W) if it is gray.

        What a network in color restored, (H, W, 3) RGB, has its own colors, and is only rounded.
        """
        return quantize(self.unrounded(plane), np.uint8)

    def unrounded(self, plane: np.ndarray) -> np.ndarray:
        """Colors a plane, and leaves it float64, 1.0 = 255, not clipped."""
        plane = plane.astype(np.float64)
        if self._chroma is None or plane.ndim == 3:
            return plane
        return ycbcr_to_rgb(np.concatenate([plane[..., None], self._chroma], axis=-1))
