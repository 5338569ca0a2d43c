"""DIV2K as TFDS lists it, with three pictures instead of nine hundred."""

import dataclasses
import hashlib
import pathlib
import shutil
from unittest import mock

import pytest
import tensorflow_datasets as tfds

from tfds_builders.common.manifest import DatasetUnavailableError, Picture
from tfds_builders.common.preparation import prepared_builder
from tfds_builders.div2k_pairs import div2k_pairs_dataset_builder
from tfds_builders.div2k_pairs.div2k_pairs_dataset_builder import Builder

_DUMMY_DATA = pathlib.Path(str(Builder.code_path)).with_name("dummy_data")
_SPLITS = {"train": 2, "validation": 1}
_FEW = dataclasses.replace(Builder.DATASET, splits=_SPLITS)


@pytest.mark.slow
class Div2kPairsTest(tfds.testing.DatasetBuilderTestCase):
    DATASET_CLASS = Builder
    SPLITS = _SPLITS
    BUILDER_CONFIG_NAMES_TO_TEST = ["x2", "x3", "x4"]  # noqa: RUF012 - as TFDS has it

    def setUp(self):
        super().setUp()
        patch = mock.patch.object(Builder, "DATASET", _FEW)
        patch.start()
        self.addCleanup(patch.stop)


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(Builder, "DATASET", _FEW)


def test_archives_are_those_of_tfds():
    train, validation = Builder.published()
    assert train.file == "DIV2K_train_HR.zip" and train.size == 3_530_603_713
    assert validation.file == "DIV2K_valid_HR.zip" and len(validation.sha256) == 64
    assert all(each.urls[0].startswith("https://") for each in (train, validation))


def test_archives_in_a_manual_folder_are_unpacked(tmp_path, few, monkeypatch):
    listed = {}
    for split, name in (("train", "DIV2K_train_HR"), ("validation", "DIV2K_valid_HR")):
        path = shutil.make_archive(tmp_path / "manual" / name, "zip", _DUMMY_DATA, name)
        content = pathlib.Path(path).read_bytes()
        listed[split] = Picture(f"{name}.zip", len(content), hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(div2k_pairs_dataset_builder, "_listed_by_tfds", lambda: listed)
    builder = prepared_builder("div2k_pairs", 2, tmp_path / "data", tmp_path / "manual")
    names = {
        split: sorted(record["filename"].decode() for record in records)
        for split, records in tfds.as_numpy(builder.as_dataset()).items()
    }
    assert names == {"train": ["0001.png", "0002.png"], "validation": ["0801.png"]}


def test_sub_images_are_cut(tmp_path, few):
    builder = prepared_builder("div2k_pairs", 3, tmp_path, _DUMMY_DATA, subimages=True)
    # 50 x 60 pixels, 14 apart, 33 wide.
    assert builder.info.splits["train"].num_examples == 2 * 2 * 2


def test_number_of_pictures_is_checked(tmp_path):
    with pytest.raises(DatasetUnavailableError, match="holds 2 pictures instead of 800"):
        prepared_builder("div2k_pairs", 2, tmp_path, _DUMMY_DATA)
