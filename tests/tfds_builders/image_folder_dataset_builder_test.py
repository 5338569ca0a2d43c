"""The image_folder builder: any pictures, keyed by path; broken ones skipped, or refused."""

import logging
import pathlib
import shutil

import numpy as np
import pytest
import tensorflow_datasets as tfds

from srcnn_tf.files.image_files import read_image
from srcnn_tf.imaging.degradation import degrade
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.image_folder.image_folder_dataset_builder import Builder

_DUMMY_DATA = pathlib.Path(str(Builder.code_path)).with_name("dummy_data")
_GOOD = ["color.jpg", "holiday/color.jpg", "holiday/gray.tif"]


@pytest.mark.slow
class ImageFolderTest(tfds.testing.DatasetBuilderTestCase):
    DATASET_CLASS = Builder
    BUILDER_CONFIG_NAMES_TO_TEST = ["x2", "x3", "x4"]  # noqa: RUF012 - as TFDS has it
    SPLITS = {"train": len(_GOOD)}  # noqa: RUF012


def _build(config, manual_dir, data_dir):
    builder = Builder(config=config, data_dir=data_dir)
    builder.download_and_prepare(
        download_config=tfds.download.DownloadConfig(manual_dir=manual_dir)
    )
    return builder


def test_names_are_relative_paths(tmp_path):
    builder = _build("x3", _DUMMY_DATA, tmp_path)

    examples = {
        example["filename"].decode(): example
        for example in builder.as_dataset(split="train").as_numpy_iterator()
    }
    assert sorted(examples) == _GOOD
    for name in _GOOD:
        pair = degrade(read_image(_DUMMY_DATA / name), 3)
        np.testing.assert_array_equal(examples[name]["bicubic_y"], pair.bicubic_y)


def test_broken_and_tiny_pictures_are_named_and_counted(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        _build("x2", _DUMMY_DATA, tmp_path)

    assert "broken.png" in caplog.text
    assert "tiny.png is 1x1 pixels" in caplog.text
    assert "3 of 5 pictures, 2 skipped" in caplog.messages[-1]


def test_strict_build_refuses_broken_pictures(tmp_path):
    with pytest.raises(DatasetUnavailableError, match=r"broken\.png"):
        _build("x2_strict", _DUMMY_DATA, tmp_path)
    assert not Builder(config="x2_strict", data_dir=tmp_path).is_prepared()

    shutil.copytree(_DUMMY_DATA / "holiday", tmp_path / "holiday")
    builder = _build("x2_strict", tmp_path / "holiday", tmp_path)
    assert builder.info.splits["train"].num_examples == 2


@pytest.mark.parametrize("content", ["absent", "empty", "no pictures", "broken pictures"])
def test_a_folder_without_usable_pictures_is_refused(tmp_path, content):
    folder = tmp_path / "photos"
    if content != "absent":
        folder.mkdir()
    if content == "no pictures":
        (folder / "notes.txt").touch()
    if content == "broken pictures":
        (folder / "broken.png").touch()

    with pytest.raises(DatasetUnavailableError, match=str(folder)):
        _build("x2", folder, tmp_path / "data")
    assert not Builder(config="x2", data_dir=tmp_path / "data").is_prepared()


def test_missing_folder_argument_is_explained(tmp_path):
    with pytest.raises(DatasetUnavailableError, match="--manual_dir=FOLDER"):
        _build("x2", None, tmp_path / "data")
