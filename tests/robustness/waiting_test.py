"""Whoever waits says for whom and for how long, and ends on a signal within five seconds."""

import contextlib
import json
import signal
import socket
import subprocess
import threading
import time

import faults_kill
import programs
import pytest

_SUBIMAGES = ["--preset=subimages", "--dataset=image_folder", "--scale=3", "--device=cpu"]


@pytest.fixture(scope="module")
def subimages(tmp_path_factory):
    """Flags of bin/train that stream sub-images that are prepared."""
    folder = tmp_path_factory.mktemp("subimages")
    photos = faults_kill.write_photos(folder / "photos", side=20)
    places = [f"--manual_dir={photos}", f"--data_dir={folder / 'data'}"]
    result = programs.run(
        "train", *_SUBIMAGES, *places, "--steps=1", "--batch_size=4", "--network=srcnn-9-1-5",
        "--test_sets=none", cwd=folder,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return [*_SUBIMAGES, *places, "--batch_size=4", "--network=srcnn-9-1-5", "--test_sets=none"]


@contextlib.contextmanager
def _started(program, *arguments, cwd, **environment):
    process = subprocess.Popen(
        programs.command(program, *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=programs.environment(**environment),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _line(process, stream, *parts):
    """Returns the first line of a process that holds all parts; kills it after two minutes."""
    timer = threading.Timer(120, process.kill)
    timer.start()
    lines = []
    for line in stream:
        lines.append(line)
        if all(part in line for part in parts):
            timer.cancel()
            return line
    timer.cancel()
    pytest.fail(f"no line holds {parts}:\n{''.join(lines)}")


def _assert_ends(process, number, *parts):
    started = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert time.monotonic() - started < 5
    assert process.returncode == 128 + number, errors
    assert "Traceback" not in errors
    last = errors.strip().splitlines()[-1]
    assert f"stopped by {signal.Signals(number).name}" in last
    for part in parts:
        assert part in last


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


_SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.mark.parametrize("number", _SIGNALS)
def test_cluster_that_is_not_complete(tmp_path, number):
    mine, missing = (f"127.0.0.1:{_free_port()}" for _ in range(2))
    task = {"type": "worker", "index": 0}
    config = json.dumps({"cluster": {"worker": [mine, missing]}, "task": task})
    with _started("train", "--scale=2", cwd=tmp_path, TF_CONFIG=config) as process:
        _line(process, process.stderr, f"waiting for {missing} of the cluster, for 10 s already")
        _assert_ends(process, number)


@pytest.mark.parametrize("number", _SIGNALS)
def test_data_worker_without_dispatcher(tmp_path, number):
    address = f"127.0.0.1:{_free_port()}"
    arguments = "--role=worker", f"--dispatcher={address}"
    with _started("data_service", *arguments, cwd=tmp_path) as process:
        _line(process, process.stderr, f"waiting for the dispatcher at {address}, for 10 s already")
        _assert_ends(process, number)


@pytest.mark.parametrize("number", _SIGNALS)
def test_dispatcher_says_who_may_reach_it(tmp_path, number):
    with _started("data_service", "--role=dispatcher", "--host=me", cwd=tmp_path) as process:
        assert _line(process, process.stdout, "serving").startswith("serving grpc://me:")
        _line(
            process, process.stderr, "listening on all network interfaces, without authentication"
        )
        _assert_ends(process, number)


def test_training_without_dispatcher(tmp_path, subimages):
    address = f"127.0.0.1:{_free_port()}"
    arguments = *subimages, f"--data_service=grpc://{address}"
    with _started("train", *arguments, cwd=tmp_path) as process:
        _line(process, process.stderr, f"waiting for the dispatcher at {address}, for 10 s already")
        _assert_ends(process, signal.SIGTERM)


@pytest.mark.slow
def test_training_whose_service_has_no_workers(tmp_path, subimages):
    port = _free_port()
    serve = "--role=dispatcher", f"--port={port}"
    with _started("data_service", *serve, cwd=tmp_path) as dispatcher:
        _line(dispatcher, dispatcher.stdout, "serving")
        service = f"grpc://127.0.0.1:{port}"
        with _started("train", *subimages, f"--data_service={service}", cwd=tmp_path) as process:
            _line(process, process.stderr, f"no step comes; waiting for batches from {service}")
            _assert_ends(process, signal.SIGTERM, f"waited for batches from {service}")
