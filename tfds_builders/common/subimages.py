"""Sub-images: small squares of both luminance planes, for sets too large to keep as pictures."""

from collections.abc import Iterator

import numpy as np
import tensorflow_datasets as tfds

from srcnn_tf.imaging.degradation import luminance_pair
from tfds_builders.common import pairs

# The paper's, for training its 9-1-5 and 9-5-5 alike.
SIZE, STRIDE = 33, 14
SUPERVISED_KEYS = ("bicubic_y", "hr_y")


def configs() -> list[pairs.PairConfig]:
    """Returns the configs `x2_subimages`, `x3_subimages` and `x4_subimages`."""
    return [
        pairs.PairConfig(
            name=f"x{scale}_subimages",
            description=f"Squares of {SIZE} pixels, {STRIDE} apart, for training at x{scale}.",
            scale=scale,
            subimage_size=SIZE,
            subimage_stride=STRIDE,
        )
        for scale in pairs.SCALES
    ]


def features(size: int) -> tfds.features.FeaturesDict:
    """Returns the features of a sub-image; `filename`, `row` and `column` say what it was cut from.

    Planes are raw bytes, since a PNG of so few pixels would be no smaller and slow to unpack.
    `bicubic_y` is float16, which is at most 0.07 of 255 levels off, for half the bytes of float32.
    """

    def plane(dtype):
        return tfds.features.Tensor(
            shape=(size, size, 1), dtype=dtype, encoding=tfds.features.Encoding.BYTES
        )

    return tfds.features.FeaturesDict(
        {
            "hr_y": plane(np.uint8),
            "bicubic_y": plane(np.float16),
            "filename": tfds.features.Text(),
            "row": np.int32,
            "column": np.int32,
        }
    )


def fits(pixels: np.ndarray, config: pairs.PairConfig) -> bool:
    """Returns whether a picture, uint8 (H, W) or (H, W, 3), is large enough for a sub-image."""
    return min(s - s % config.scale for s in pixels.shape[:2]) >= config.subimage_size


def examples(
    pixels: np.ndarray, filename: str, config: pairs.PairConfig
) -> Iterator[tuple[str, dict]]:
    """Yields (key, example) for every sub-image of a picture, from its top left, row by row.

    The whole picture is degraded and then cut, as the paper's authors do, so that bicubic sees
    what lies around a sub-image; what is left at the right and the bottom is not used.

    Args:
      pixels: uint8 (H, W) or (H, W, 3).
      filename: what identifies the picture within its dataset.
      config: with its `subimage_size`, for which the picture is large enough (`fits`), and
        `subimage_stride`.
    """
    size, stride = config.subimage_size, config.subimage_stride
    hr_y, bicubic_y = luminance_pair(pixels, config.scale)
    bicubic_y = bicubic_y.astype(np.float16)
    rows, columns = hr_y.shape[:2]
    for row in range(0, rows - size + 1, stride):
        for column in range(0, columns - size + 1, stride):
            here = np.s_[row : row + size, column : column + size]
            # The place comes first in the key: a file's name may hold any sign but it has no end.
            yield (
                f"{row},{column},{filename}",
                {
                    "hr_y": hr_y[here],
                    "bicubic_y": bicubic_y[here],
                    "filename": filename,
                    "row": row,
                    "column": column,
                },
            )
