"""`PublishedPictures`: datasets whose files are listed in `checksums.tsv`, byte for byte."""

from collections.abc import Iterable
from typing import ClassVar

from tfds_builders.common import sources
from tfds_builders.common.manifest import Picture, read_manifest
from tfds_builders.common.pair_builder import PairBuilder


class PublishedPictures(PairBuilder, skip_registration=True):
    """Pictures from `--manual_dir`, else downloaded; `dataset.toml` names the one split.

    Attributes:
      PICTURES: what the dataset consists of.
    """

    PICTURES: ClassVar[tuple[Picture, ...]]

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if hasattr(cls, "DATASET"):
            manifest = cls.DATASET.folder / "checksums.tsv"
            cls.PICTURES = read_manifest(manifest, cls.DATASET.mirror)

    @classmethod
    def manual_names(cls) -> Iterable[str]:
        """Returns the names of its files."""
        return (picture.file for picture in cls.PICTURES)

    def _split_generators(self, dl_manager):
        paths = sources.locate(dl_manager, self.DATASET, self.PICTURES)
        (split,) = self.DATASET.splits
        return {split: self._generate_examples(paths)}
