"""A user's own pictures, from `--manual_dir`, as pairs for super-resolution."""

import hashlib
import logging
import os
import pathlib
from typing import ClassVar

import tensorflow_datasets as tfds

from srcnn_tf.image_files import ImageFileError, find_images, read_image
from tfds_builders import pairs, sources, subimages
from tfds_builders.manifest import DatasetUnavailableError

_LOGGER = logging.getLogger(__name__)


def fingerprint(folder: str | os.PathLike) -> str:
    """Returns a digest of the names, sizes and times of a folder's pictures, to tell folders apart.

    Raises:
      srcnn_tf.image_files.ImageFileError: it is not a folder.
    """
    digest = hashlib.sha256()
    for name in find_images(folder):
        state = (pathlib.Path(folder) / name).stat()
        entry = f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n"
        digest.update(entry.encode(errors="surrogateescape"))
    return digest.hexdigest()


class Builder(tfds.core.GeneratorBasedBuilder):
    """A folder's pictures, a config for each scale, each of them also strict."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES: ClassVar = {"1.0.0": "Initial release."}
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
        names = find_images(folder)
        if not names:
            raise DatasetUnavailableError(
                f"image_folder: {folder} holds no pictures.\n{self.MANUAL_DOWNLOAD_INSTRUCTIONS}"
            )
        # Saved beside the records, so that they are never taken for those of another folder.
        self.info.metadata["fingerprint"] = fingerprint(folder)
        return {tfds.Split.TRAIN: self._generate_examples(folder, names)}

    def _generate_examples(self, folder, names):
        skipped = 0
        for name in names:
            try:
                yield from self._examples_of(folder, name)
            except ImageFileError as error:
                if self.builder_config.strict:
                    raise DatasetUnavailableError(
                        f"image_folder: {error}\n"
                        "Nothing was built; mend or remove the picture, or use a config that is"
                        " not strict."
                    ) from None
                skipped += 1
                _LOGGER.warning("Skipped: %s", error)
        count = f"image_folder: {len(names) - skipped} of {len(names)} pictures, {skipped} skipped"
        if skipped == len(names):
            raise DatasetUnavailableError(f"{count}; none of those in {folder} can be used.")
        _LOGGER.log(logging.WARNING if skipped else logging.INFO, count)

    def _examples_of(self, folder, name):
        path = pathlib.Path(folder, name)
        pixels = read_image(path)
        if min(pixels.shape[:2]) < self.builder_config.scale:
            raise ImageFileError(
                f"{path} is {pixels.shape[1]}x{pixels.shape[0]} pixels, too small to be shrunk by"
                f" {self.builder_config.scale}; remove it."
            )
        try:
            name.encode()
        except UnicodeEncodeError:
            raise ImageFileError(f"{path!r} has a name that is not UTF-8; rename it.") from None
        if self.builder_config.subimage_size:
            yield from subimages.examples(pixels, name, self.builder_config)
        else:
            yield name, pairs.example(pixels, name, self.builder_config.scale)
