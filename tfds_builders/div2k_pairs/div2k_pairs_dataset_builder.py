"""DIV2K from the archives that TFDS's own `div2k` lists, as pairs at each scale, or sub-images."""

import functools
import pathlib
from collections.abc import Iterable
from typing import ClassVar

import tensorflow_datasets as tfds

from tfds_builders.common import archives, pairs, sources, subimages
from tfds_builders.common.manifest import DatasetUnavailableError, Picture
from tfds_builders.common.pair_builder import PairBuilder
from tfds_builders.common.picture_examples import PictureExamples

_FOLDERS = {"train": "DIV2K_train_HR", "validation": "DIV2K_valid_HR"}


@functools.cache
def _listed_by_tfds() -> dict[str, Picture]:
    """Returns the archive of each split, as TFDS's dataset lists it; loads that when first asked.

    Raises:
      DatasetUnavailableError: TFDS lists no such archive.
    """
    listed = tfds.builder_cls("div2k").url_infos or {}
    found = {}
    for split, folder in _FOLDERS.items():
        file = f"{folder}.zip"
        urls = [url for url in listed if url.endswith(f"/{file}")]
        if not urls:
            raise DatasetUnavailableError(f"div2k_pairs: TFDS's div2k lists no {file}.")
        info = listed[urls[0]]
        found[split] = Picture(file, info.size, info.checksum, (urls[0],))
    return found


class Builder(PairBuilder):
    """DIV2K's originals; the pairs are computed here, for each scale, and also cut into squares."""

    BUILDER_CONFIGS: ClassVar = [*pairs.scale_configs(), *subimages.configs()]

    @classmethod
    def published(cls) -> tuple[Picture, ...]:
        """Returns the archives."""
        return tuple(_listed_by_tfds().values())

    @classmethod
    def manual_names(cls) -> Iterable[str]:
        """Returns the names of the archives, and of the folders that are in them."""
        return (*_FOLDERS.values(), *(f"{folder}.zip" for folder in _FOLDERS.values()))

    def _split_generators(self, dl_manager):
        folder = sources.manual_folder(dl_manager, self.DATASET, self.manual_names())
        if folder is not None and all((folder / name).is_dir() for name in _FOLDERS.values()):
            return {split: self._pictures(split, folder / _FOLDERS[split]) for split in _FOLDERS}
        paths = sources.locate(dl_manager, self.DATASET, self.published())
        cache = pathlib.Path(dl_manager.download_dir) / self.name
        splits = {}
        for path, (split, archive) in zip(paths, _listed_by_tfds().items(), strict=True):
            splits[split] = self._pictures(split, *archives.unpacked([path], [archive], cache))
        return splits

    def _pictures(self, split, folder, names=None) -> PictureExamples:
        pictures = PictureExamples(self.name, folder, self.builder_config, names)
        found, expected = len(pictures.file_names()), self.DATASET.splits[split]
        if found != expected:
            raise DatasetUnavailableError(
                f"{self.name}: {folder} holds {found} pictures instead of {expected}; unpack the "
                "archive again."
            )
        return pictures
