"""What every example of every dataset holds, and making it from a picture."""

import dataclasses
import io

import numpy as np
import tensorflow_datasets as tfds
from PIL import Image

from srcnn_tf.imaging.degradation import SCALES, SrPair, degrade
from srcnn_tf.imaging.ranges import ARRAYS

SUPERVISED_KEYS = ("lr", "hr")


@dataclasses.dataclass(kw_only=True, eq=False)
class PairConfig(tfds.core.BuilderConfig):
    """A dataset at one scale."""

    scale: int = 2
    # These are read by `image_folder`.
    strict: bool = False  # a broken picture is an error
    paired: bool = False  # the smaller pictures are given, too (see `given_pairs`)
    subimage_size: int = 0  # side of the sub-images (see `subimages`); 0 for whole pictures
    subimage_stride: int = 14  # pixels from one sub-image to the next


def scale_configs() -> list[PairConfig]:
    """Returns the configs `x2`, `x3` and `x4`."""
    return [
        PairConfig(name=f"x{scale}", description=f"Shrunk and enlarged by {scale}.", scale=scale)
        for scale in SCALES
    ]


def features() -> tfds.features.FeaturesDict:
    """Returns the features of `srcnn_tf.imaging.degradation.SrPair`, and the picture's file name.

    What is trained and scored on is stored as raw bytes: zlib would save 15% of the float planes,
    but it unpacks at some 250 MB/s, where raw bytes cost a copy. A PNG of `hr_y` would be two
    thirds as large, and took most of the time that reading took.
    """

    def plane(name):
        return tfds.features.Tensor(
            shape=(None, None, 1),
            dtype=np.dtype(ARRAYS[name].dtype),
            encoding=tfds.features.Encoding.BYTES,
            doc=_doc(name),
        )

    def color(name):
        return tfds.features.Image(
            shape=(None, None, 3), dtype=np.uint8, encoding_format="png", doc=_doc(name)
        )

    return tfds.features.FeaturesDict(
        {
            "hr": color("hr"),
            "lr": color("lr"),
            "hr_y": plane("hr_y"),
            "lr_y": plane("lr_y"),
            "bicubic_y": plane("bicubic_y"),
            "filename": tfds.features.Text(),
        }
    )


def _doc(name: str) -> tfds.features.Documentation:
    """What `builder.info.features` says of an array."""
    array = ARRAYS[name]
    return tfds.features.Documentation(desc=array.meaning, value_range=array.values)


def example(pixels: np.ndarray, filename: str, scale: int) -> dict:
    """Returns one example, ready for TFDS to write.

    Args:
      pixels: uint8 (H, W) or (H, W, 3).
      filename: what identifies the picture within its dataset.
      scale: see `srcnn_tf.imaging.degradation.degrade`, which also says what is raised.
    """
    return example_of(degrade(pixels, scale), filename)


def example_of(pair: SrPair, filename: str) -> dict:
    """Returns the example of a pair, ready for TFDS to write."""
    return {
        "hr": _png(pair.hr),
        "lr": _png(pair.lr),
        "hr_y": pair.hr_y,
        "lr_y": pair.lr_y,
        "bicubic_y": pair.bicubic_y,
        "filename": filename,
    }


def _png(pixels: np.ndarray) -> io.BytesIO:
    # Handed an array, TFDS would encode it by a TensorFlow op, and TensorFlow would thereupon
    # claim the memory of every GPU. Encoded here, a dataset is built without waking TensorFlow.
    # Level 1 is three times faster than Pillow's default, for files 2% larger.
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "PNG", compress_level=1)
    encoded.seek(0)
    return encoded
