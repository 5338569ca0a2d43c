"""`PairBuilder`: what every dataset's `Builder` derives from, a config for each scale."""

import pathlib
import sys
from typing import ClassVar

import tensorflow_datasets as tfds

from srcnn_tf.data.dataset_folder import Dataset, read_dataset
from tfds_builders.common import pairs, sources
from tfds_builders.common.atomic_builds import AtomicBuildMixin
from tfds_builders.common.beam_generation import BeamMixin
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
        if cls.DATASET.source in ("urls", "user"):
            cls.MANUAL_DOWNLOAD_INSTRUCTIONS = sources.how_to_supply(cls.DATASET)

    def _info(self) -> tfds.core.DatasetInfo:
        return self._pair_info()

    def _pair_info(self, **options) -> tfds.core.DatasetInfo:
        """Returns the information on pairs, with TFDS's further options."""
        return self.dataset_info_from_configs(
            features=pairs.features(),
            supervised_keys=pairs.SUPERVISED_KEYS,
            homepage=self.DATASET.homepage,
            **options,
        )

    def _generate_examples(self, paths) -> PictureExamples:
        return PictureExamples.of_files(self.name, paths, self.builder_config)
