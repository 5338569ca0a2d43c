"""Tests of keeping a folder to one process."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
import threading

import pytest

from srcnn_tf.files import folder_lock
from srcnn_tf.files.folder_lock import FolderInUseError, lock_folder

_HOLDER = """
import sys, time
from srcnn_tf.files.folder_lock import FolderInUseError, lock_folder
with lock_folder(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(name="holder")
def _holder(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_locked_folder_names_the_process(holder, tmp_path):
    with (
        pytest.raises(FolderInUseError, match=f"in use by process {holder.pid}"),
        lock_folder(tmp_path),
    ):
        pass


def test_lock_ends_with_a_killed_process(holder, tmp_path):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with lock_folder(tmp_path):
        pass


def test_folder_can_be_locked_again(tmp_path):
    for _ in range(2):
        with lock_folder(tmp_path / "new"):
            pass


def test_waiting_process_is_told_for_whom(holder, tmp_path):
    told = []

    def end(number):
        told.append(number)
        holder.kill()

    with lock_folder(tmp_path, end):
        assert told == [str(holder.pid)]
        assert (tmp_path / ".lock").read_text().strip() == str(os.getpid())


@pytest.mark.slow
def test_long_waits_say_for_how_long(holder, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(folder_lock, "_SECONDS_BETWEEN_LINES", 1.0)
    timer = threading.Timer(2.5, holder.kill)
    timer.start()
    with lock_folder(tmp_path, lambda number: None):
        pass
    assert caplog.messages[0] == (
        f"waiting for process {holder.pid}, which works in {tmp_path}, for 1 s already"
    )


def test_file_system_without_locks_works(tmp_path, monkeypatch):
    def refuse(file, how):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with lock_folder(tmp_path):
        pass
