"""`FolderPictures`: datasets whose folder holds the pictures themselves, in `pictures/`."""

import tensorflow_datasets as tfds

from srcnn_tf.files.image_files import find_images
from tfds_builders.common.built_from import describe
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.common.pair_builder import PairBuilder
from tfds_builders.common.picture_examples import PictureExamples


class FolderPictures(PairBuilder, skip_registration=True):
    """All pictures of `pictures/` and the folders in it; `dataset.toml` names the one split."""

    def _info(self) -> tfds.core.DatasetInfo:
        return self._pair_info(metadata=tfds.core.MetadataDict())

    def _split_generators(self, dl_manager):
        del dl_manager  # Nothing is downloaded.
        folder = self.pictures_folder(None)
        ((split, expected),) = self.DATASET.splits.items()
        found = len(find_images(folder)) if folder.is_dir() else 0
        if found != expected:
            raise DatasetUnavailableError(
                f"{self.name}: {folder} holds {found} pictures, and dataset.toml says {expected}; "
                "correct one of them."
            )
        # Saved beside the records, so that they are never taken for those of other pictures.
        self.info.metadata.update(describe(folder))
        return {split: PictureExamples(self.name, folder, self.builder_config)}
