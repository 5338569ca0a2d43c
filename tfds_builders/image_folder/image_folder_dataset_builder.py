"""A user's own pictures, from `--manual_dir`, as pairs for super-resolution."""

from typing import ClassVar

import tensorflow_datasets as tfds

from srcnn_tf.files.image_files import find_images
from tfds_builders.common import folder_layout, pairs, sources, subimages
from tfds_builders.common.built_from import describe
from tfds_builders.common.given_pairs import GivenPairs
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.common.pair_builder import PairBuilder
from tfds_builders.common.picture_examples import PictureExamples

# Not among those that are built where none is named, since few folders hold `hr/` and `lr/`.
_PAIRED = [
    pairs.PairConfig(
        name=f"x{scale}_pairs",
        description=f"Pairs of the user's own: hr/, and lr/, which is smaller by {scale}.",
        scale=scale,
        paired=True,
    )
    for scale in pairs.SCALES
]


class Builder(PairBuilder):
    """A folder's pictures, a config for each scale, each of them also strict."""

    BUILDER_CONFIGS: ClassVar = [
        *pairs.scale_configs(),
        *(
            pairs.PairConfig(
                name=f"x{scale}_strict",
                description=f"Shrunk and enlarged by {scale}; a broken picture stops the build.",
                scale=scale,
                strict=True,
            )
            for scale in pairs.SCALES
        ),
        *subimages.configs(),
    ]

    @tfds.core.utils.classproperty
    @classmethod
    def builder_configs(cls) -> dict[str, pairs.PairConfig]:
        """All configs by name: also those that are built only if they are named."""
        return {config.name: config for config in [*cls.BUILDER_CONFIGS, *_PAIRED]}

    def _info(self) -> tfds.core.DatasetInfo:
        return self._pair_info(metadata=tfds.core.MetadataDict())

    def _split_generators(self, dl_manager):
        folder = sources.manual_folder(dl_manager, self.DATASET)
        if folder is None:
            raise DatasetUnavailableError(
                f"image_folder: no folder is named.\n{self.MANUAL_DOWNLOAD_INSTRUCTIONS}"
            )
        if not find_images(folder):
            raise DatasetUnavailableError(
                f"image_folder: {folder} holds no pictures.\n{self.MANUAL_DOWNLOAD_INSTRUCTIONS}"
            )
        # Saved beside the records, so that they are never taken for those of another folder.
        self.info.metadata.update(describe(folder))
        if self.builder_config.paired:
            self.info.metadata["pairs"] = "given"
        places = folder_layout.splits(folder)
        return {split: self._generate_examples(place) for split, place in places.items()}

    def _generate_examples(self, folder):
        make = GivenPairs if self.builder_config.paired else PictureExamples
        return make(self.name, folder, self.builder_config)
