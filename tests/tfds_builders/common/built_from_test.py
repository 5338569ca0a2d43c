"""A folder counts as the one that records were built from exactly if its pictures are the same."""

import json
import os
import shutil

import pytest
from PIL import Image

from tfds_builders.common import built_from


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "photos" / "more").mkdir(parents=True)
    for name, shade in (("a.bmp", 10), ("more/b.bmp", 20)):
        Image.new("L", (8, 8), shade).save(tmp_path / "photos" / name)
    return tmp_path / "photos"


@pytest.fixture
def records(tmp_path, folder):
    (tmp_path / "records").mkdir()
    described = built_from.describe(folder)
    (tmp_path / "records" / "metadata.json").write_text(json.dumps(described))
    return tmp_path / "records"


def _put_times_back(path, change):
    before = path.stat()
    change(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("what", ["nothing", "touched", "copied", "moved", "other file"])
def test_same_pictures_are_known_again(folder, records, what, monkeypatch):
    if what == "touched":
        os.utime(folder / "a.bmp")
    if what == "copied":
        folder = shutil.copytree(folder, folder.with_name("copy"))
    if what == "moved":
        folder = folder.rename(folder.with_name("moved"))
    if what == "other file":
        (folder / "notes.txt").write_text("not a picture")
    assert built_from.why_outdated(records, folder) is None
    assert built_from.changed_since(records) is None
    # The records were told, so that no byte of a picture is read again.
    monkeypatch.setattr(built_from, "_contents", None)
    assert built_from.why_outdated(records, folder) is None


def _same_size_and_time(folder):
    pixels = (folder / "a.bmp").read_bytes()
    _put_times_back(folder / "a.bmp", lambda path: path.write_bytes(pixels[:-1] + b"x"))


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.bmp").unlink(),
        lambda folder: shutil.copy(folder / "a.bmp", folder / "c.bmp"),
        lambda folder: (folder / "a.bmp").rename(folder / "c.bmp"),
        lambda folder: Image.new("L", (8, 9)).save(folder / "a.bmp"),
        _same_size_and_time,
    ],
    ids=["removed", "added", "renamed", "another size", "another byte, same size and time"],
)
def test_every_change_is_noticed(folder, records, change):
    change(folder)
    reason = f"the pictures in {folder} are not those that its records were built from"
    assert built_from.why_outdated(records, folder) == reason
    assert built_from.changed_since(records) == str(folder)


def test_other_folder_of_like_named_pictures_is_another(folder, records):
    other = shutil.copytree(folder, folder.with_name("other"))
    _same_size_and_time(other)
    reason = f"its records were built from {folder}, not from {other}"
    assert built_from.why_outdated(records, other) == reason


def test_records_of_earlier_versions_are_known_again(folder, records):
    told = {"fingerprint": built_from.fingerprint(folder)}
    (records / "metadata.json").write_text(json.dumps(told))
    assert built_from.why_outdated(records, folder) is None
    (folder / "a.bmp").unlink()
    assert "are not those" in built_from.why_outdated(records, folder)


def test_records_without_a_description_are_outdated(tmp_path, folder):
    assert "are not those" in built_from.why_outdated(tmp_path / "absent", folder)
