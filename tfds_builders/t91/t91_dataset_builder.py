"""The 91 training pictures of Yang et al., as pairs for super-resolution."""

import pathlib
from typing import ClassVar

import tensorflow_datasets as tfds

from tfds_builders.common import manifest, pairs, sources
from tfds_builders.common.beam_generation import BeamMixin
from tfds_builders.common.picture_examples import PictureExamples
from tfds_builders.common.whole_builds import AtomicBuildMixin

# Holds the same files under the same names, at a pinned commit.
_MIRROR = (
    "https://raw.githubusercontent.com/tegg89/SRCNN-Tensorflow"
    "/78be1a24697935fc39a3a8cf59a6632264afade7/Train"
)


class Builder(AtomicBuildMixin, BeamMixin, tfds.core.GeneratorBasedBuilder):
    """T91, a config for each scale."""

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES: ClassVar = {
        "1.0.0": "Initial release.",
        "1.1.0": "`hr_y` is stored as raw bytes, which are read faster than a PNG.",
    }
    BUILDER_CONFIGS = pairs.scale_configs()
    MANUAL_DOWNLOAD_INSTRUCTIONS = sources.how_to_supply("t91")
    PICTURES = manifest.read_manifest(
        pathlib.Path(__file__).with_name("checksums.tsv"), mirror=_MIRROR
    )

    def _info(self) -> tfds.core.DatasetInfo:
        return self.dataset_info_from_configs(
            features=pairs.features(),
            supervised_keys=pairs.SUPERVISED_KEYS,
            homepage="https://doi.org/10.1109/TIP.2010.2050625",
        )

    def _split_generators(self, dl_manager):
        paths = sources.locate(dl_manager, self.name, self.PICTURES)
        return {tfds.Split.TRAIN: self._generate_examples(paths)}

    def _generate_examples(self, paths):
        return PictureExamples.of_files(self.name, paths, self.builder_config)
