"""The 200 BSD pictures that the SRCNN paper tests on, as pairs for super-resolution."""

import pathlib
from typing import ClassVar

import tensorflow_datasets as tfds

from tfds_builders.common import manifest, pairs, sources
from tfds_builders.common.beam_generation import BeamMixin
from tfds_builders.common.picture_examples import PictureExamples
from tfds_builders.common.whole_builds import AtomicBuildMixin


class Builder(AtomicBuildMixin, BeamMixin, tfds.core.GeneratorBasedBuilder):
    """BSD200, a config for each scale."""

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES: ClassVar = {
        "1.0.0": "Initial release.",
        "1.1.0": "`hr_y` is stored as raw bytes, which are read faster than a PNG.",
    }
    BUILDER_CONFIGS = pairs.scale_configs()
    MANUAL_DOWNLOAD_INSTRUCTIONS = sources.how_to_supply("bsd200")
    PICTURES = manifest.read_manifest(pathlib.Path(__file__).with_name("checksums.tsv"))

    def _info(self) -> tfds.core.DatasetInfo:
        return self.dataset_info_from_configs(
            features=pairs.features(),
            supervised_keys=pairs.SUPERVISED_KEYS,
            homepage="https://www2.eecs.berkeley.edu/Research/Projects/CS/vision/bsds/",
        )

    def _split_generators(self, dl_manager):
        paths = sources.locate(dl_manager, self.name, self.PICTURES)
        return {tfds.Split.TEST: self._generate_examples(paths)}

    def _generate_examples(self, paths):
        return PictureExamples.of_files(self.name, paths, self.builder_config)
