"""Photographs that scikit-image carries, as pairs for super-resolution: nothing to download."""

import importlib.util
import pathlib

import tensorflow_datasets as tfds

from tfds_builders.common.manifest import DatasetUnavailableError, Picture, verified_files
from tfds_builders.common.pair_builder import PairBuilder

_TRAIN = (
    Picture(
        "astronaut.png",
        791555,
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    ),
    Picture(
        "coins.png",
        75825,
        "f8d773fc9cfa6f4d8e5942dc34d0a0788fcaed2a4fefbbed0aef5398d7ef4cba",
    ),
    Picture(
        "grass.png",
        217893,
        "b6b6022426b38936c43a4ac09635cd78af074e90f42ffa8227ac8b7452d39f89",
    ),
    Picture(
        "gravel.png",
        194247,
        "c48615b451bf1e606fbd72c0aa9f8cc0f068ab7111ef7d93bb9b0f2586440c12",
    ),
    Picture(
        "motorcycle_left.png",
        644701,
        "db18e9c4157617403c3537a6ba355dfeafe9a7eabb6b9b94cb33f6525dd49179",
    ),
    Picture(
        "rocket.jpg",
        112525,
        "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
    ),
)
# No JPEG among these: its artifacts would be scored as if they were detail.
_TEST = (
    Picture(
        "camera.png",
        139512,
        "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a",
    ),
    Picture(
        "chelsea.png",
        240512,
        "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    ),
    Picture(
        "coffee.png",
        466706,
        "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    ),
)
_HINT = 'Install scikit-image in the version that fits: pip install "srcnn_tf[datasets]"'


def pictures_folder() -> pathlib.Path:
    """Returns the folder of the installed scikit-image's pictures, without importing scikit-image.

    Raises:
      DatasetUnavailableError: scikit-image is not installed.
    """
    package = importlib.util.find_spec("skimage")
    if package is None or not package.submodule_search_locations:
        raise DatasetUnavailableError(f"sample_photos: scikit-image is not installed.\n{_HINT}")
    return pathlib.Path(package.submodule_search_locations[0]) / "data"


class Builder(PairBuilder):
    """scikit-image's photographs, a config for each scale."""

    def _split_generators(self, dl_manager):
        del dl_manager  # Nothing is downloaded.
        folder = pictures_folder()
        train = verified_files(self.name, folder, _TRAIN, _HINT)
        test = verified_files(self.name, folder, _TEST, _HINT)
        return {
            tfds.Split.TRAIN: self._generate_examples(train),
            tfds.Split.TEST: self._generate_examples(test),
        }
