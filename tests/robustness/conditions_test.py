"""Every program under every condition: exit status, a sentence, no traceback, nothing half-written.

The programs do real work on small data. What is a condition's own (a full disk, a signal) is done
to the process; what must then hold is the same for all programs.
"""

import fcntl
import os
import pty
import re
import resource
import signal
import struct
import subprocess
import termios
import threading
import time

import benchmark_data
import faults_kill
import numpy as np
import programs
import pytest
from PIL import Image

_CONDITIONS = (
    "Ctrl-C",
    "SIGTERM",
    "closed output",
    "full output",
    "full disk",
    "read-only folder",
    "no HOME",
    "C locale",
    "no terminal",
    "40 columns",
    "NO_COLOR",
)
_PROGRAMS = ("upscale", "figure", "benchmark", "train", "data_service", "ship_weights")
# What each writes, and how it says that it was stopped.
_RESULT = {
    "upscale": "Ü_x2.png",
    "figure": "figure.png",
    "benchmark": "scores.json",
    "train": "run/last.safetensors",
    "data_service": "journal",
}
_UNWRITABLE = "/sys/srcnn_tf"


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A folder with pictures and prepared datasets."""
    folder = tmp_path_factory.mktemp("work")
    benchmark_data.prepare("set5", 2, pictures=2, data_dir=folder / "data")
    faults_kill.write_photos(folder / "photos")
    pixels = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    Image.fromarray(pixels).save(folder / "Ü.png")
    (folder / "many").mkdir()
    for number in range(20):
        Image.fromarray(pixels).resize((1600, 1200)).save(folder / "many" / f"{number}.png")
    result = programs.run("train", *_training(folder, folder / "first"), cwd=folder)
    assert result.returncode == 0, result.stderr
    return folder


def _training(work, workdir, steps=3):
    arguments = faults_kill.training(work, "run", steps)[:-1]
    return [*arguments, f"--workdir={workdir}", "--test_sets=none"]


def _arguments(program, work, out, endless):
    """Returns what a program works on; `endless` is long enough to be stopped."""
    # A contact sheet of many takes long, a picture's figure less than it may take to be stopped.
    shown = ["--photos", *(f"many/{number}.png" for number in range(20))] if endless else ["Ü.png"]
    return {
        "upscale": ["-i", "many" if endless else "Ü.png", "-o", f"{out}/", "--device=cpu"],
        "figure": [*shown, "--scale=2", f"--output={out}/figure.png", "--device=cpu"],
        "benchmark": [
            "--datasets=set5", "--scales=2", "--data_dir=data", f"--json={out}/scores.json",
            "--weights=none", "--device=cpu",
        ],
        "train": _training(work, out / "run", 100_000 if endless else 3),
        "data_service": ["--role=dispatcher", f"--work_dir={out}/journal"],
        "ship_weights": ["--runs=nothing"],
    }[program]  # fmt: skip


def _environment(condition):
    changes = {
        "no HOME": {"HOME": "/proc/nowhere", "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": ""},
        "C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        "NO_COLOR": {"NO_COLOR": "1"},
    }
    return programs.environment(**changes.get(condition, {}))


def _limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))


class _Run:
    """A program that was run under a condition: its status and what it said."""

    def __init__(self, program, condition, work, out):
        stops = condition in ("Ctrl-C", "SIGTERM")
        self.terminal = condition == "40 columns"
        self.output, self.errors = b"", b""
        target = out if condition != "read-only folder" else type(out)(_UNWRITABLE)
        arguments = _arguments(program, work, target, stops)
        streams = self._streams(condition)
        self.process = subprocess.Popen(
            programs.command(program, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=streams[0],
            stderr=streams[1],
            cwd=work,
            env=_environment(condition),
            preexec_fn=_limit_files if condition == "full disk" else None,
        )
        for stream in {*streams} - {subprocess.PIPE}:
            os.close(stream)
        self._read(program, condition, stops)
        self.status = self.process.returncode

    def _streams(self, condition):
        if condition == "closed output":
            read, write = os.pipe()
            os.close(read)
            return write, subprocess.PIPE
        if condition == "full output":
            return os.open("/dev/full", os.O_WRONLY), subprocess.PIPE
        if condition == "40 columns":
            self.master, slave = pty.openpty()
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
            return slave, slave
        return subprocess.PIPE, subprocess.PIPE

    def _read(self, program, condition, stops):
        threads = [
            threading.Thread(target=self._collect, args=(name, stream))
            for name, stream in self._open_streams()
        ]
        for thread in threads:
            thread.start()
        if stops or program == "data_service":
            started = time.monotonic()
            while self.process.poll() is None and not self._is_at_work(program):
                assert time.monotonic() - started < 100, self.said
                time.sleep(0.05)
            self.process.send_signal(signal.SIGINT if condition == "Ctrl-C" else signal.SIGTERM)
            stopped = time.monotonic()
        self.process.wait(timeout=200)
        if stops:
            # Soon, also on a machine that is busy with other tests.
            assert time.monotonic() - stopped < 20
        for thread in threads:
            thread.join()

    def _open_streams(self):
        if self.terminal:
            return [("output", self.master)]
        named = ("output", self.process.stdout), ("errors", self.process.stderr)
        return [(name, stream.fileno()) for name, stream in named if stream]

    def _collect(self, name, number):
        try:
            while data := os.read(number, 4096):
                setattr(self, name, getattr(self, name) + data)
        except OSError:  # A terminal that nobody has open any more.
            pass

    def _is_at_work(self, program):
        words = {"upscale": b"->", "benchmark": b"protocol", "train": b"step ", "figure": b""}
        if program == "figure":
            time.sleep(2)
        return words.get(program, b"listening") in self.output + self.errors

    @property
    def said(self):
        return (self.output + self.errors).decode("utf-8", "replace")


def _expected_status(program, condition):
    if condition == "closed output":
        # These say nothing on standard output while they work.
        return {"ship_weights": 1, "figure": 141}.get(program, 141)
    if condition in ("full output", "full disk", "read-only folder"):
        return 1
    if program == "ship_weights":
        return 1  # There is no run of that name.
    if condition in ("Ctrl-C", "SIGTERM") or program == "data_service":
        if program == "train":
            return 0  # It has saved, and says what goes on from there.
        return 130 if condition == "Ctrl-C" else 143
    return 0


@pytest.mark.slow
@pytest.mark.parametrize("program", _PROGRAMS)
@pytest.mark.parametrize("condition", _CONDITIONS)
def test_program_under_condition(work, tmp_path, program, condition):
    run = _Run(program, condition, work, tmp_path)
    assert run.status == _expected_status(program, condition), run.said
    assert "Traceback" not in run.said, run.said
    assert not re.search(r"^[IWEF]\d{4} ", run.said, re.MULTILINE), run.said
    assert not re.search(r"\x1b\[[0-9;]*m", run.said), "colors"
    assert not list(tmp_path.rglob("*.partial"))
    last = run.said.strip().splitlines()[-1] if run.said.strip() else ""
    if condition == "closed output" and run.status == 141:
        assert b"cannot" not in run.errors
    elif run.status:
        assert re.match(r"bin/\w+: .*\w", last) or last.startswith("failed: "), run.said
    elif program in _RESULT and condition not in ("Ctrl-C", "SIGTERM"):
        assert (tmp_path / _RESULT[program]).exists(), run.said
