"""A file is written whole or not at all, and looks like any other file afterwards."""

import json

import pytest

from srcnn_tf import atomic_files


def test_the_file_appears_with_its_folders(tmp_path):
    path = tmp_path / "new" / "folder" / "file.bin"

    with atomic_files.replacing(path) as temporary:
        temporary.write_bytes(b"content")
        assert not path.exists()

    assert path.read_bytes() == b"content"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.bin"]


def test_a_reader_sees_the_old_content_until_the_new_is_complete(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old")

    with atomic_files.replacing(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"

    assert path.read_text() == "new"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_everything_as_it_was(tmp_path, error):
    path = tmp_path / "file.txt"
    for existed in (False, True):
        if existed:
            path.write_text("old")
        with pytest.raises(error), atomic_files.replacing(path) as temporary:
            temporary.write_text("half")
            raise error

        assert [entry.name for entry in tmp_path.iterdir()] == ["file.txt"] * existed
    assert path.read_text() == "old"


def test_permissions_are_those_of_an_ordinary_new_file(tmp_path):
    ordinary = tmp_path / "ordinary"
    ordinary.touch()

    atomic_files.write_text(str(tmp_path / "ours"), "text")

    assert (tmp_path / "ours").stat().st_mode == ordinary.stat().st_mode


def test_text_and_json_are_read_back(tmp_path):
    atomic_files.write_text(tmp_path / "text", "ä → z\n")
    atomic_files.write_json(tmp_path / "json", {"psnr": [32.5, None], "name": "ä"})

    assert (tmp_path / "text").read_text(encoding="utf-8") == "ä → z\n"
    assert json.loads((tmp_path / "json").read_text(encoding="utf-8")) == {
        "psnr": [32.5, None],
        "name": "ä",
    }


def test_what_json_cannot_hold_leaves_the_old_file(tmp_path):
    atomic_files.write_json(tmp_path / "json", 1)

    with pytest.raises(TypeError):
        atomic_files.write_json(tmp_path / "json", {"bad": object()})

    assert (tmp_path / "json").read_text() == "1\n"
