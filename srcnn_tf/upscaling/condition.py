"""What a picture has been through: what its file says of compression, and what its pixels show."""

import dataclasses

import numpy as np

from srcnn_tf.files.picture_files import Picture
from srcnn_tf.imaging.blockiness import blockiness
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.noise_level import noise_level
from srcnn_tf.imaging.rounding import WHITE

# By the scale of the first network: JPEGs of a higher quality count as clean, since the network for
# clean pictures (at scale 1 the file as it is) then has the higher mean PSNR; NETWORK_CHOICE.md has
# the measurement.
CLEAN_QUALITIES = {1: 92, 2: 94, 3: 93, 4: 92}
# Shrunk pictures of T91 and BSD200 stay below this if they were never compressed, and exceed it in
# nineteen of twenty cases if they were JPEGs of quality 80.
_BLOCKY = 0.08
# In levels of 8 bits; see `noise_level`.
_NOISY = 3.0
# Side of the part in the middle that is looked at: a multiple of a block, and enough to tell.
_SIDE = 1024


@dataclasses.dataclass(frozen=True)
class Condition:
    """What is known of a picture.

    Attributes:
      lossy: the lossy format that it is stored in, such as `JPEG`; "" if that is lossless.
      quality: of a JPEG, 1 to 100 on libjpeg's scale.
      blockiness: how strongly its pixels show JPEG's grid; see `imaging.blockiness`.
      noise: how strong its noise is, in levels of 8 bits; see `imaging.noise_level`.
      clean_quality: JPEGs of a higher quality count as clean.
    """

    lossy: str = ""
    quality: int | None = None
    blockiness: float = 0.0
    noise: float = 0.0
    clean_quality: int = max(CLEAN_QUALITIES.values())

    @property
    def is_clean(self) -> bool:
        """Whether it is like the pictures that clean networks were trained on."""
        return not self._loss()

    def in_words(self) -> str:
        """Says what it was judged by, such as `a JPEG of quality 60`."""
        return self._loss() or (self._file() if self.lossy else "lossless, no blocks, no noise")

    def _loss(self) -> str:
        if self.lossy and (self.quality is None or self.quality <= self.clean_quality):
            return self._file()
        if self.blockiness > _BLOCKY:
            return f"{self._file()} that shows the blocks of an earlier JPEG"
        if self.noise > _NOISY:
            return f"{self._file()} with noise of some {self.noise:.0f} levels"
        return ""

    def _file(self) -> str:
        if self.quality is not None:
            return f"a JPEG of quality {self.quality}"
        article = "an" if self.lossy[:1] in ("A",) else "a"
        return f"{article} {self.lossy or 'lossless'} file"


def condition_of(picture: Picture, scale: int) -> Condition:
    """Judges a picture by its file and by the luminance of its middle.

    Args:
      picture: as its file has it.
      scale: of the first network that it is for, 1 to 4.
    """
    plane = _luminance(picture.pixels)
    return Condition(
        picture.lossy,
        picture.jpeg.quality if picture.jpeg else None,
        blockiness(plane),
        noise_level(plane),
        CLEAN_QUALITIES[scale],
    )


def _luminance(pixels: np.ndarray) -> np.ndarray:
    """Returns Y of the middle, float32 (H, W), 1.0 = white."""
    for axis in range(2):
        extra = max(0, pixels.shape[axis] - _SIDE) // 2
        pixels = pixels.take(range(extra, pixels.shape[axis] - extra), axis)
    values = (pixels / np.float64(WHITE[pixels.dtype])).astype(np.float32)
    return rgb_to_y(values[..., :3]) if values.shape[2] >= 3 else values[..., 0]
