"""A file is written whole or not at all, and looks like any other file afterwards."""

import json
import os
import signal
import subprocess
import sys

import programs
import pytest

from srcnn_tf.files import atomic_files


def test_the_file_appears_with_its_folders(tmp_path):
    path = tmp_path / "new" / "folder" / "file.bin"

    with atomic_files.atomic_write(path) as temporary:
        temporary.write_bytes(b"content")
        assert not path.exists()

    assert path.read_bytes() == b"content"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.bin"]


def test_old_content_stays_until_the_new_is_complete(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old")

    with atomic_files.atomic_write(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"

    assert path.read_text() == "new"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_failure_changes_nothing(tmp_path, error):
    path = tmp_path / "file.txt"
    for existed in (False, True):
        if existed:
            path.write_text("old")
        with pytest.raises(error), atomic_files.atomic_write(path) as temporary:
            temporary.write_text("half")
            raise error

        assert [entry.name for entry in tmp_path.iterdir()] == ["file.txt"] * existed
    assert path.read_text() == "old"


def test_permissions_are_those_of_a_new_file(tmp_path):
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


def test_failed_json_keeps_the_old_file(tmp_path):
    atomic_files.write_json(tmp_path / "json", 1)

    with pytest.raises(TypeError):
        atomic_files.write_json(tmp_path / "json", {"bad": object()})

    assert (tmp_path / "json").read_text() == "1\n"


_WRITER = """
import sys, time
from srcnn_tf.files import atomic_files
with atomic_files.atomic_write(sys.argv[1]) as temporary:
    temporary.write_text("half")
    print("writing", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def writer(tmp_path):
    """Another process, in the middle of writing `file.txt` until its standard input is closed."""
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path / "file.txt")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=programs.environment(),
        text=True,
    ) as process:
        assert process.stdout.readline() == "writing\n"
        yield process
        process.kill()


def test_leftovers_of_killed_processes_are_removed(tmp_path, writer):
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    names = [entry.name for entry in tmp_path.iterdir()]
    assert len(names) == 1 and names[0].endswith(".partial"), "the test needs something left"
    others = {
        ".file.txt.too-long-a-name.partial",
        ".file.txt.abcdefgh",
        ".other.txt.abcdefgh.partial",
        "file.txt.abcdefgh.partial",
        ".file.txt.ABCDEFGH.partial",
    }
    for name in others:
        (tmp_path / name).touch()

    atomic_files.write_text(tmp_path / "file.txt", "whole")

    assert {entry.name for entry in tmp_path.iterdir()} == {"file.txt", *others}
    assert (tmp_path / "file.txt").read_text() == "whole"


def test_files_of_living_processes_stay(tmp_path, writer):
    atomic_files.write_text(tmp_path / "file.txt", "mine")
    assert (tmp_path / "file.txt").read_text() == "mine"

    writer.communicate(timeout=60)

    assert writer.returncode == 0
    assert (tmp_path / "file.txt").read_text() == "half"


def test_unwritable_path_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="below") as caught:
        atomic_files.write_text(tmp_path / "file" / "below", "text")
    assert caught.value.filename == str(tmp_path / "file" / "below")

    with (
        pytest.raises(OSError, match=r"No space left on device.*target"),
        atomic_files.atomic_write(tmp_path / "target"),
    ):
        raise OSError(28, "No space left on device")


def test_text_with_bytes_of_a_file_name_is_written(tmp_path):
    atomic_files.write_text(tmp_path / "a.txt", "b\udcffc")
    assert (tmp_path / "a.txt").read_text() == "b?c"
