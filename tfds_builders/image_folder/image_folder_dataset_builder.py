"""A user's own pictures, from `--manual_dir`, as pairs for super-resolution."""

from typing import ClassVar

import tensorflow_datasets as tfds

from srcnn_tf.files.image_files import find_images
from tfds_builders.common import pairs, sources, subimages
from tfds_builders.common.built_from import describe
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.common.pair_builder import PairBuilder
from tfds_builders.common.picture_examples import PictureExamples


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
        return {tfds.Split.TRAIN: self._generate_examples(folder)}

    def _generate_examples(self, folder):
        return PictureExamples(self.name, folder, self.builder_config)
