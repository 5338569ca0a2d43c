"""The t91 builder: TFDS's own checks, and the list of pictures that it asks for."""

import published_sets

from tfds_builders.t91.t91_dataset_builder import Builder


class T91Test(published_sets.DummyDataTestCase):
    DATASET_CLASS = Builder
    SPLITS = {"train": 2}  # noqa: RUF012 - as TFDS has it


def test_manifest_is_the_reference_list(shared_data):
    published_sets.check_manifest(Builder, shared_data)
