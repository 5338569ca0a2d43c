"""`PublishedPictures`: datasets whose files are listed in `checksums.tsv`, byte for byte."""

import pathlib
from collections.abc import Iterable, Sequence
from typing import ClassVar

from tfds_builders.common import archives, sources
from tfds_builders.common.manifest import DatasetUnavailableError, Picture, read_manifest
from tfds_builders.common.pair_builder import PairBuilder
from tfds_builders.common.picture_examples import PictureExamples


class PublishedPictures(PairBuilder, skip_registration=True):
    """Pictures from `--manual_dir`, else downloaded; `dataset.toml` names the one split.

    The files may be archives of pictures; those are unpacked into the download folder.

    Attributes:
      PICTURES: what the dataset consists of.
    """

    PICTURES: ClassVar[tuple[Picture, ...]]

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if hasattr(cls, "DATASET"):
            manifest = cls.DATASET.folder / "checksums.tsv"
            cls.PICTURES = read_manifest(manifest, cls.DATASET.mirror)
            if len({archives.is_archive(picture.file) for picture in cls.PICTURES}) > 1:
                raise ValueError(f"{manifest} lists pictures and archives; it must be one of them.")

    @classmethod
    def published(cls) -> tuple[Picture, ...]:
        """Returns what the dataset consists of."""
        return cls.PICTURES

    @classmethod
    def manual_names(cls) -> Iterable[str]:
        """Returns the names of its files."""
        return (picture.file for picture in cls.PICTURES)

    def _split_generators(self, dl_manager):
        paths = sources.locate(dl_manager, self.DATASET, self.PICTURES)
        ((split, expected),) = self.DATASET.splits.items()
        if not archives.is_archive(self.PICTURES[0].file):
            return {split: self._generate_examples(paths)}
        cache = pathlib.Path(dl_manager.download_dir) / self.name
        return {split: self.archived_pictures(paths, self.PICTURES, cache, expected)}

    def archived_pictures(
        self,
        paths: Sequence[pathlib.Path],
        pictures: Sequence[Picture],
        cache: pathlib.Path,
        expected: int,
    ) -> PictureExamples:
        """Returns the pictures in archives; see `archives.unpacked`.

        Raises:
          DatasetUnavailableError: there are not as many as `dataset.toml` says.
        """
        folder, names = archives.unpacked(paths, pictures, cache, self.DATASET.members)
        if len(names) != expected:
            raise DatasetUnavailableError(
                f"{self.name}: {', '.join(path.name for path in paths)} holds {len(names)} "
                f"pictures, and dataset.toml says {expected}; correct its splits or members."
            )
        return PictureExamples(self.name, folder, self.builder_config, names)
