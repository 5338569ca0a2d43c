"""Signals end programs with a sentence, even where the main thread does not come back."""

import signal
import subprocess
import sys
import time

import programs
import pytest

_START = """
import ctypes, multiprocessing, os, signal, sys, time
from srcnn_tf.training import stop_signals, waiting
with stop_signals.ended_by_signals("name", "and a hint."):
"""
_PYTHON = "print('ready', flush=True)\ntime.sleep(30)"
# A call that goes on after a signal, and lets go of Python's lock, as TensorFlow's do.
_DEAF = """
with waiting.waiting_for("batches"):
    print("ready", flush=True)
    library, barrier = ctypes.CDLL(None), ctypes.create_string_buffer(64)
    library.pthread_barrier_init(barrier, None, 2)
    library.pthread_barrier_wait(barrier)
"""
_CHILD = """
child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
child.start()
time.sleep(0.3)
child.terminate()
child.join()
time.sleep(5)
print("alive", flush=True)
"""


def _start(body):
    indented = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return subprocess.Popen(
        [sys.executable, "-c", _START + indented],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=programs.environment(),
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "body, hint", [(_PYTHON, "and a hint."), (_DEAF, "it waited for batches, for ")]
)
def test_signals_end_with_a_sentence(number, body, hint):
    with _start(body) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)  # Until it is in the call.
        started = time.monotonic()
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
        assert time.monotonic() - started < 5
        assert process.returncode == 128 + number
        assert errors.startswith(f"name: stopped by {signal.Signals(number).name}; {hint}")


@pytest.mark.slow
def test_signals_of_forked_children_are_their_own():
    with _start(_CHILD) as process:
        output, errors = process.communicate(timeout=30)
        assert (process.returncode, output) == (0, "alive\n"), errors


def test_ignored_signals_stay_ignored():
    command = "trap '' INT; exec \"$@\""
    body = "print(repr(signal.getsignal(signal.SIGINT)), flush=True)"
    process = subprocess.run(
        ["/bin/sh", "-c", command, "sh", sys.executable, "-c", f"{_START}    {body}"],
        capture_output=True,
        text=True,
        env=programs.environment(),
    )
    assert "SIG_IGN" in process.stdout, process.stderr


@pytest.mark.parametrize(("cause", "status"), [("Stopped(15)", 143), ("ValueError()", 1)])
def test_an_import_that_a_signal_broke_off_ends_with_the_sentence(cause, status):
    """As TensorFlow's extensions do when they are stopped while they are loaded."""
    program = (
        "from srcnn_tf.training.stop_signals import Stopped, ended_by_signals\n"
        "with ended_by_signals('bin/figure'):\n"
        f"    raise ImportError('initialization failed') from {cause}\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        env=programs.environment(), capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == status
    if status == 143:
        assert result.stderr.splitlines()[-1] == "bin/figure: stopped by SIGTERM."
        assert "Traceback" not in result.stderr
