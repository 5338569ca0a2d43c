"""The datasets: importing this package registers all six for `tfds.load` and `tfds.builder`."""

from tfds_builders.bsd200 import bsd200_dataset_builder
from tfds_builders.image_folder import image_folder_dataset_builder
from tfds_builders.sample_photos import sample_photos_dataset_builder
from tfds_builders.set5 import set5_dataset_builder
from tfds_builders.set14 import set14_dataset_builder
from tfds_builders.t91 import t91_dataset_builder

__all__ = [
    "bsd200_dataset_builder",
    "image_folder_dataset_builder",
    "sample_photos_dataset_builder",
    "set5_dataset_builder",
    "set14_dataset_builder",
    "t91_dataset_builder",
]
