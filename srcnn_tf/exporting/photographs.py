"""Pinned photographs: what int8 is calibrated on, and what shows how much a precision loses."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from srcnn_tf.evaluation.scoring import score
from srcnn_tf.exporting.contents import Contents
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.degradation import degrade

# They come with scikit-image, which compares their checksums. Different ones for either purpose.
CALIBRATED_ON = ("astronaut", "coins", "grass", "gravel", "rocket")
SCORED_ON = ("camera", "chelsea", "coffee")
# Sides and number of the squares that are cut from each to calibrate, of the small picture.
_SIDE, _SQUARES = 64, 8
# Sides of what is scored, of the large picture: enough, and soon done.
_SCORED_SIDE = 240


class Loss(NamedTuple):
    """Mean PSNR of Y over photographs that were shrunk and enlarged again, in dB."""

    before: float  # by `upscale`
    after: float  # by the file

    @property
    def decibels(self) -> float:
        """How much the file loses."""
        return self.before - self.after


def calibration(contents: Contents) -> Iterator[np.ndarray]:
    """Yields inputs of the graph, one square of a photograph each."""
    random = np.random.default_rng(0)
    for name in CALIBRATED_ON:
        pair = degrade(_photograph(name), contents.scale)
        small = pair.lr if contents.color else pair.lr_y
        for _ in range(_SQUARES):
            top, left = (random.integers(side - _SIDE + 1) for side in small.shape[:2])
            yield small[None, top : top + _SIDE, left : left + _SIDE]


def loss(contents: Contents, run, upscaled) -> Loss:
    """Scores a file and `upscale` under the papers' protocol.

    Args:
      contents: what the file holds.
      run: a `Run` of it.
      upscaled: what `run` should give: from (1, H, W, C) to (1, sH, sW, C).
    """
    scores = []
    for name in SCORED_ON:
        photograph = _middle(_photograph(name))
        pair = degrade(photograph, contents.scale)
        if contents.color:
            small, hr_y = pair.lr, rgb_to_y(pair.hr)
        else:
            small, hr_y = pair.lr_y, pair.hr_y[..., 0]
        planes = (_luminance(each(small[None])[0]) for each in (upscaled, run))
        scores.append([score(plane, hr_y, contents.scale, ("psnr",)).psnr for plane in planes])
    return Loss(*(float(mean) for mean in np.mean(scores, axis=0)))


def _luminance(enlarged: np.ndarray) -> np.ndarray:
    return rgb_to_y(enlarged / 255.0) if enlarged.dtype == np.uint8 else enlarged[..., 0]


def _middle(pixels: np.ndarray) -> np.ndarray:
    top, left = ((side - _SCORED_SIDE) // 2 for side in pixels.shape[:2])
    return pixels[top : top + _SCORED_SIDE, left : left + _SCORED_SIDE]


def _photograph(name: str) -> np.ndarray:
    import skimage.data

    return getattr(skimage.data, name)()
