"""What cameras and the web do to a small picture: how often in training, and in validation."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from srcnn_tf.imaging.compression import jpeg_round_trip, webp_round_trip
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.imaging.rounding import quantize
from srcnn_tf.imaging.threads import share, usable_cores

if TYPE_CHECKING:
    from srcnn_tf.data.pipeline import EvaluationPicture, PackedPictures

# How held-out pictures are compressed: by the quality of a gray JPEG, or (None) not at all.
_CONDITIONS = {"q10": 10, "q40": 40, "q90": 90, "clean": None}
# A clean picture that is not enlarged is the original.
_CONDITIONS_AT_1 = {"q10": 10, "q40": 40, "q90": 90, "q95": 95}


@dataclasses.dataclass(frozen=True)
class PhotoDegradation:
    """How often what happens to the small pictures of training crops; all rounded to 8 bits.

    Attributes:
      compressed: share of the crops that are compressed; the others are as lossless files are.
      webp: share of the compressed ones that are WebP's; the others are JPEG's.
      recompressed: share of the compressed ones that are compressed once more, by JPEG.
      noisy: share of the crops that have noise, which compression comes after.
      noise_levels: the highest standard deviation of the noise, in 1/255 of white.
      qualities: lowest and highest quality, as Pillow counts it; all between are equally likely.
    """

    compressed: float
    webp: float
    recompressed: float
    noisy: float
    noise_levels: float
    qualities: tuple[int, int]


def webp_planes(packed: "PackedPictures", photo: PhotoDegradation, seed: int) -> np.ndarray:
    """Compresses the input of every packed picture by WebP, each at a quality of its own.

    TensorFlow cannot write WebP, and the codec is too slow for every step; JPEG's loss is drawn
    anew for each crop (`jpeg_op`), WebP's once a run for each picture, size and grid offset.

    Args:
      packed: from `pipeline.pack`.
      photo: how.
      seed: of all random choices.

    Returns:
      uint8 (total,), where `packed.pixels` has the pixel that it came from; 255 is white.
    """
    result = np.zeros(len(packed.pixels), np.uint8)
    # A picture can be listed several times.
    _, firsts = np.unique(packed.starts, return_index=True)

    def compress(number):
        start, rows, columns = (
            int(array[number]) for array in (packed.starts, packed.rows, packed.columns)
        )
        place = slice(start, start + rows * columns)
        random = np.random.Generator(np.random.PCG64([seed, start]))
        plane = packed.pixels[place, 0].reshape(rows, columns)
        if random.random() < photo.noisy:
            deviation = random.random() * photo.noise_levels / 255
            noise = random.standard_normal(plane.shape, np.float32)
            plane = plane + np.float32(deviation) * noise
        quality = int(random.integers(photo.qualities[0], photo.qualities[1] + 1))
        result[place] = webp_round_trip(quantize(plane, np.uint8), quality).ravel()

    share(compress, firsts.tolist(), usable_cores())
    return result


def at_scale_1(pictures: Sequence["EvaluationPicture"]) -> list["EvaluationPicture"]:
    """Returns pairs of scale 1, whose small picture is the original, of those of another scale."""
    planes = [picture.hr_y / np.float32(255) for picture in pictures]
    return [
        picture._replace(bicubic_y=plane, lr_y=plane)
        for picture, plane in zip(pictures, planes, strict=True)
    ]


def degraded_validation(
    pictures: Sequence["EvaluationPicture"], scale: int
) -> list["EvaluationPicture"]:
    """Returns every held-out picture as JPEG leaves it at several qualities, and clean.

    Args:
      pictures: of the scale.
      scale: the enlargement, at least 1.

    Returns:
      Pictures whose `condition` says which (`q10`, ..., `clean`); the small one is rounded to 8
      bits and compressed as Pillow does, and `bicubic_y` is what bicubic makes of that.
    """
    return [
        as_jpeg(picture, scale, quality)._replace(condition=condition)
        for condition, quality in (_CONDITIONS if scale > 1 else _CONDITIONS_AT_1).items()
        for picture in pictures
    ]


def as_jpeg(picture: "EvaluationPicture", scale: int, quality: int | None) -> "EvaluationPicture":
    """Returns a picture whose small plane was rounded to 8 bits, and compressed as a gray JPEG.

    Args:
      picture: with `lr_y`.
      scale: the enlargement, at least 1; `bicubic_y` is what bicubic makes of the JPEG.
      quality: as Pillow counts it; None compresses nothing.
    """
    small = quantize(picture.lr_y, np.uint8)
    if quality is not None:
        small = jpeg_round_trip(small, quality)
    lr_y = small / np.float32(255)
    bicubic_y = imresize(lr_y, scale) if scale > 1 else lr_y
    return picture._replace(lr_y=lr_y, bicubic_y=bicubic_y, luminance_alone=True)
