"""`PairBuilder`: what every dataset's `Builder` derives from, a config for each scale."""

import os
import pathlib
import sys
from collections.abc import Iterable
from typing import ClassVar

import tensorflow_datasets as tfds

from srcnn_tf.data.dataset_folder import Dataset, read_dataset
from srcnn_tf.files.image_files import ImageFileError
from tfds_builders.common import built_from, manual_folders, pairs, sources, subimages
from tfds_builders.common.atomic_builds import AtomicBuildMixin
from tfds_builders.common.beam_generation import BeamMixin
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.common.picture_examples import PictureExamples


# TFDS takes every class that it can instantiate for a dataset, unless it is told not to.
class PairBuilder(
    AtomicBuildMixin, BeamMixin, tfds.core.GeneratorBasedBuilder, skip_registration=True
):
    """Pairs at the scales of `pairs.SCALES`; where the pictures are, subclasses know.

    A dataset's own class is named `Builder`, and stands in `<name>_dataset_builder.py` beside
    `dataset.toml`.

    Attributes:
      DATASET: what `dataset.toml` says.
    """

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES: ClassVar = {
        "1.0.0": "Initial release.",
        "1.1.0": "`hr_y` is stored as raw bytes, which are read faster than a PNG.",
    }
    BUILDER_CONFIGS: ClassVar = pairs.scale_configs()
    DATASET: ClassVar[Dataset]

    def __init_subclass__(cls, skip_registration=False, **options):
        super().__init_subclass__(skip_registration=skip_registration, **options)
        if skip_registration:
            return  # Another base class.
        cls.DATASET = read_dataset(pathlib.Path(sys.modules[cls.__module__].__file__).parent)
        # Without these TFDS knows no manual folder.
        if cls.DATASET.downloaded or cls.DATASET.source == "user":
            cls.MANUAL_DOWNLOAD_INSTRUCTIONS = sources.how_to_supply(cls.DATASET)

    @classmethod
    def manual_names(cls) -> Iterable[str]:
        """Returns names of files or folders by which a folder is known to be this dataset's."""
        return ()

    @classmethod
    def pictures_folder(cls, manual_dir: str | os.PathLike | None) -> pathlib.Path | None:
        """Returns where the pictures are taken from; None for a package's, and for downloads.

        Args:
          manual_dir: as the user named it, or None; see `manual_folders.folder_of`.
        """
        if cls.DATASET.source == "folder":
            return cls.DATASET.folder / "pictures"
        if manual_dir is None or cls.DATASET.source == "package":
            return None
        manual_dir = pathlib.Path(manual_dir).expanduser()
        return manual_folders.folder_of(cls.DATASET, manual_dir, cls.manual_names())

    def why_outdated(self, manual_dir: str | os.PathLike | None) -> str | None:
        """Returns why records are not those of the user's pictures; see `built_from`.

        Raises:
          DatasetUnavailableError: the pictures cannot be read.
        """
        folder = self.pictures_folder(manual_dir)
        if folder is None or self.DATASET.source not in ("user", "folder"):
            return None
        try:
            return built_from.why_outdated(self.data_path, folder)
        except (ImageFileError, OSError) as error:
            raise DatasetUnavailableError(f"{self.name}: {error}") from None

    def _info(self) -> tfds.core.DatasetInfo:
        return self._pair_info()

    def _pair_info(self, **options) -> tfds.core.DatasetInfo:
        """Returns the information on pairs, or on sub-images, with TFDS's further options."""
        size = self.builder_config.subimage_size
        if size:
            return self.dataset_info_from_configs(
                features=subimages.features(size),
                supervised_keys=subimages.SUPERVISED_KEYS,
                homepage=self.DATASET.homepage,
                **options,
            )
        return self.dataset_info_from_configs(
            features=pairs.features(),
            supervised_keys=pairs.SUPERVISED_KEYS,
            homepage=self.DATASET.homepage,
            **options,
        )

    def _generate_examples(self, paths) -> PictureExamples:
        return PictureExamples.of_files(self.name, paths, self.builder_config)
