"""A user's own pictures, from `--manual_dir`, as pairs for super-resolution."""

import hashlib
import os
import pathlib
from typing import ClassVar

import tensorflow_datasets as tfds

from srcnn_tf.files.image_files import find_images
from tfds_builders.common import pairs, sources, subimages
from tfds_builders.common.beam_generation import BeamMixin
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.common.picture_examples import PictureExamples
from tfds_builders.common.whole_builds import AtomicBuildMixin


def fingerprint(folder: str | os.PathLike) -> str:
    """Returns a digest of the names, sizes and times of a folder's pictures, to tell folders apart.

    Raises:
      srcnn_tf.files.image_files.ImageFileError: it is not a folder.
    """
    digest = hashlib.sha256()
    for name in find_images(folder):
        state = (pathlib.Path(folder) / name).stat()
        entry = f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n"
        digest.update(entry.encode(errors="surrogateescape"))
    return digest.hexdigest()


class Builder(AtomicBuildMixin, BeamMixin, tfds.core.GeneratorBasedBuilder):
    """A folder's pictures, a config for each scale, each of them also strict."""

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES: ClassVar = {
        "1.0.0": "Initial release.",
        "1.1.0": "`hr_y` is stored as raw bytes, which are read faster than a PNG.",
    }
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
    MANUAL_DOWNLOAD_INSTRUCTIONS = sources.how_to_supply("image_folder")

    def _info(self) -> tfds.core.DatasetInfo:
        size = self.builder_config.subimage_size
        return self.dataset_info_from_configs(
            features=subimages.features(size) if size else pairs.features(),
            supervised_keys=("bicubic_y", "hr_y") if size else pairs.SUPERVISED_KEYS,
            metadata=tfds.core.MetadataDict(),
        )

    def _split_generators(self, dl_manager):
        folder = sources.manual_folder(dl_manager, self.name)
        if folder is None:
            raise DatasetUnavailableError(
                f"image_folder: no folder is named.\n{self.MANUAL_DOWNLOAD_INSTRUCTIONS}"
            )
        if not find_images(folder):
            raise DatasetUnavailableError(
                f"image_folder: {folder} holds no pictures.\n{self.MANUAL_DOWNLOAD_INSTRUCTIONS}"
            )
        # Saved beside the records, so that they are never taken for those of another folder.
        self.info.metadata["fingerprint"] = fingerprint(folder)
        return {tfds.Split.TRAIN: self._generate_examples(folder)}

    def _generate_examples(self, folder):
        return PictureExamples(self.name, folder, self.builder_config)
