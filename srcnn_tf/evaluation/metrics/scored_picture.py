"""`ScoredPicture`: what every metric is given, a restored picture beside its original."""

import functools

import numpy as np

from srcnn_tf.imaging.cropping import shave
from srcnn_tf.imaging.luma import LumaToRgb
from srcnn_tf.imaging.rounding import quantize


class ScoredPicture:
    """A restored picture and its original, both rounded to 8 bits and shaved by the scale.

    Colors are made when a metric first asks for them. h and w are the shaved sides, H - 2s, W - 2s.

    Attributes:
      hr_y: uint8 (h, w): Y of the original, 16..235, or 0..255 where it is its own Y.
      y: uint8 (h, w): the restored Y.
      scale: by how much the picture was enlarged, and how many pixels are shaved off.
    """

    def __init__(
        self, plane: np.ndarray, hr_y: np.ndarray, scale: int, hr: np.ndarray | None = None
    ):
        """Rounds and shaves.

        Args:
          plane: the restored Y, float (H, W), 1.0 = 255, without NaN.
          hr_y: the original's, uint8 (H, W).
          scale: an integer, at least 1.
          hr: the original, uint8 (H, W, 3) RGB or (H, W) gray; only metrics of color need it.

        Raises:
          ValueError: nothing is left after shaving.
        """
        self.hr_y = shave(hr_y, scale)
        self.y = quantize(shave(plane, scale), np.uint8)
        self.scale = scale
        self._whole = plane, hr_y, hr

    @functools.cached_property
    def hr(self) -> np.ndarray:
        """The original, uint8 (h, w, 3) RGB; gray is repeated three times. Raises as `rgb`."""
        return self._shaved(self._color.original)

    @functools.cached_property
    def rgb(self) -> np.ndarray:
        """The restored picture, uint8 (h, w, 3) RGB, with the colors of bicubic (`LumaToRgb`).

        Raises:
          ValueError: the original's colors were not read.
        """
        return self._shaved(self._color(self._whole[0]))

    @functools.cached_property
    def _color(self):
        _, hr_y, hr = self._whole
        if hr is None:
            raise ValueError(
                "A metric of color needs the original in RGB: give `hr`, or read the pictures "
                "with `read_pictures(..., color=True)`."
            )
        return LumaToRgb(hr, hr_y, self.scale)

    def _shaved(self, picture):
        if picture.ndim == 2:
            picture = np.repeat(picture[..., None], 3, axis=2)
        return shave(picture, self.scale)
