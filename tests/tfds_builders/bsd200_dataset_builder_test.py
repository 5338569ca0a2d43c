"""The bsd200 builder: TFDS's own checks, and the list of pictures that it asks for."""

import published_sets

from tfds_builders.bsd200.bsd200_dataset_builder import Builder


class Bsd200Test(published_sets.DummyDataTestCase):
    DATASET_CLASS = Builder
    SPLITS = {"test": 2}  # noqa: RUF012 - as TFDS has it


def test_manifest_is_the_reference_list(shared_data):
    published_sets.check_manifest(Builder, shared_data)
