"""The set14 builder: TFDS's own checks, and the list of pictures that it asks for."""

import published_sets
import tensorflow_datasets as tfds

from tfds_builders.set14.set14_dataset_builder import Builder


class Set14Test(published_sets.DummyDataTestCase):
    DATASET_CLASS = Builder
    SPLITS = {"test": 2}  # noqa: RUF012 - as TFDS has it


def test_manifest_is_the_reference_list(shared_data):
    published_sets.check_manifest(Builder, shared_data)


def test_examples_are_as_degrade_makes_them(shared_data, tmp_path):
    # Set14 holds a single-channel picture, and sides that are no multiples of 4.
    pictures = shared_data / "set14"
    builder = Builder(config="x4", data_dir=tmp_path)
    config = tfds.download.DownloadConfig(manual_dir=pictures)
    builder.download_and_prepare(download_config=config)

    examples = builder.as_dataset(split="test").as_numpy_iterator()
    published_sets.check_examples(examples, pictures, scale=4)
