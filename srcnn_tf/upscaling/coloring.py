"""Giving a luminance plane back the colors of its picture, to look at."""

import numpy as np

from srcnn_tf.imaging.color import rgb_to_ycbcr, ycbcr_to_rgb
from srcnn_tf.imaging.resize import imresize


class LumaToRgb:
    """Colors planes of one picture as anyone would see them who enlarged it.

    Networks sharpen luminance only; the two chroma planes are enlarged by bicubic, for every method
    alike, so that what differs between two pictures is the method.
    """

    def __init__(self, hr: np.ndarray, hr_y: np.ndarray, scale: int):
        """Takes the original's pixels, uint8 (H, W, 3) or (H, W), its Y, uint8 (H, W), and scale.

        Sides are multiples of the scale. A picture that is its own Y stays gray.
        """
        self._original = hr
        self._chroma = None
        if hr.ndim == 3 and not (hr == hr_y[..., None]).all():
            chroma = rgb_to_ycbcr(hr.astype(np.float32) / 255)[..., 1:]
            self._chroma = imresize(imresize(chroma, 1 / scale), scale)

    @property
    def original(self) -> np.ndarray:
        """The original, uint8 (H, W, 3), or (H, W) if it is gray."""
        return self._original if self._chroma is not None else self._gray_original()

    def __call__(self, plane: np.ndarray) -> np.ndarray:
        """Colors a float (H, W) plane, 1.0 = 255: uint8 (H, W, 3), or (H, W) if it is gray."""
        if self._chroma is None:
            return _to_bytes(plane)
        planes = np.concatenate([plane[..., None].astype(np.float32), self._chroma], axis=-1)
        return _to_bytes(ycbcr_to_rgb(planes))

    def _gray_original(self):
        return self._original if self._original.ndim == 2 else self._original[..., 0]


def _to_bytes(values):
    return np.clip(np.floor(values * np.float32(255) + np.float32(0.5)), 0, 255).astype(np.uint8)
