"""`ScoredPicture`: what every metric is given, a restored picture beside its original."""

import functools

import numpy as np

from srcnn_tf.evaluation.protocols.protocol import SRCNN, Protocol


class ScoredPicture:
    """A restored picture and its original, as the protocol compares them.

    By default both are rounded to 8 bits and shaved by the scale; the protocol `float` gives
    float64, 0..255, in place of uint8. Colors are made when a metric first asks for them. h and w
    are the shaved sides.

    Attributes:
      hr_y: uint8 (h, w): Y of the original, 16..235, or 0..255 where it is its own Y.
      y: uint8 (h, w): the restored Y.
      scale: by how much the picture was enlarged.
      protocol: what says how the two are compared.
    """

    def __init__(
        self,
        plane: np.ndarray,
        hr_y: np.ndarray,
        scale: int,
        hr: np.ndarray | None = None,
        protocol: Protocol = SRCNN,
        restored: np.ndarray | None = None,
    ):
        """Rounds and shaves.

        Args:
          plane: the restored Y, float (H, W), 1.0 = 255, without NaN.
          hr_y: the original's, uint8 (H, W).
          scale: an integer, at least 1.
          hr: the original, uint8 (H, W, 3) RGB or (H, W) gray; only metrics of color need it.
          protocol: how the two are compared.
          restored: the restored picture in RGB, (H, W, 3) or gray (H, W), uint8 or floats with
            1.0 = 255, where its colors are its own; by default they are bicubic's.

        Raises:
          ValueError: nothing is left after shaving.
        """
        self.hr_y = protocol.original(hr_y, scale)
        self.y = protocol.compared(plane, scale)
        self.scale = scale
        self.protocol = protocol
        self._whole = plane, hr_y, hr
        self._restored = restored

    @functools.cached_property
    def hr(self) -> np.ndarray:
        """The original, uint8 (h, w, 3) RGB; gray is repeated three times. Raises as `rgb`."""
        return self.protocol.original(_three_channels(self._color.original), self.scale)

    @functools.cached_property
    def rgb(self) -> np.ndarray:
        """The restored picture, uint8 (h, w, 3) RGB, with the colors of bicubic (`LumaToRgb`).

        Raises:
          ValueError: the original's colors were not read.
        """
        color = self._color
        if self._restored is not None:
            pixels = _three_channels(self._restored)
            as_it_is = self._restored.dtype == np.uint8
            compared = self.protocol.original if as_it_is else self.protocol.compared
            return compared(pixels, self.scale)
        colored = _three_channels(color.unrounded(self._whole[0]))
        return self.protocol.compared(colored, self.scale)

    @functools.cached_property
    def _color(self):
        _, hr_y, hr = self._whole
        if hr is None:
            raise ValueError(
                "A metric of color needs the original in RGB: give `hr`, or read the pictures "
                "with `read_pictures(..., color=True)`."
            )
        return self.protocol.colors(hr, hr_y, self.scale)


def _three_channels(picture):
    return np.repeat(picture[..., None], 3, axis=2) if picture.ndim == 2 else picture
