"""A dataset's folder describes it, and a wrong description is one sentence."""

import pytest

from srcnn_tf.data.dataset_folder import DatasetFolderError, read_dataset

_RIGHT = """
title = "Dunes"
description = "sand"
source = "folder"
splits = { test = 3 }
roles = { benchmark = "test" }
"""


def _folder(tmp_path, text, name="dunes"):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "dataset.toml").write_text(text)
    return folder


def test_description_is_read(tmp_path):
    dataset = read_dataset(_folder(tmp_path, _RIGHT))
    assert (dataset.name, dataset.title, dataset.source) == ("dunes", "Dunes", "folder")
    assert dataset.folder == tmp_path / "dunes"
    assert dataset.roles["benchmark"] == "test" and dataset.pictures("benchmark") == 3
    assert dataset.homepage is None and dataset.mirror is None


@pytest.mark.parametrize(
    "before, after, complaint",
    [
        ("title", "titel", "'titel' is not known; there is: title, description, source"),
        ('description = "sand"', "", "'description' is missing"),
        ('"Dunes"', "3", "'title' must be a text"),
        ("{ test = 3 }", "3", "'splits' must be a table"),
        ('"folder"', '"cloud"', "source must be one of urls, tfds, folder, package, user"),
        ("benchmark =", "test =", "roles must be some of training, benchmark"),
        ('= "test"', "= 1", "roles must name a split each"),
        ('= "test"', '= "train"', "roles must name one of the splits: test"),
        ("{ test = 3", "{ all = 3", "not 'all'"),
        ("test = 3", "test = 0", "splits must say how many pictures each has"),
        ("test = 3", "test = 3, train = 2", "there is exactly one split"),
        ("title", "title title", "cannot be read"),
    ],
)
def test_wrong_description_is_explained(tmp_path, before, after, complaint):
    assert before in _RIGHT
    folder = _folder(tmp_path, _RIGHT.replace(before, after))
    with pytest.raises(DatasetFolderError, match=complaint) as raised:
        read_dataset(folder)
    assert str(folder / "dataset.toml") in str(raised.value)


def test_folder_without_description_is_named(tmp_path):
    with pytest.raises(DatasetFolderError, match=r"absent is not a dataset's folder"):
        read_dataset(tmp_path / "absent")


def test_name_must_do_as_module_and_flag(tmp_path):
    with pytest.raises(DatasetFolderError, match="'My-Dunes' must be lower-case"):
        read_dataset(_folder(tmp_path, _RIGHT, name="My-Dunes"))
