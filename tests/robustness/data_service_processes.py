"""Counts what two trainers get from a dispatcher and two data workers, all real processes.

PYTHONPATH=tests python tests/robustness/data_service_processes.py

First one epoch undisturbed; then one with the dispatcher killed and started again; then endless
epochs, as in training, of which each trainer takes 60,000 records, with one data worker killed
by SIGKILL in the first. (A single epoch would never end: trainers wait for the dead worker.) Takes
some four minutes.
"""

import collections
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import types

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_SHARDS, _EACH = 200, 100
_ENDLESS = 60_000  # records after which a trainer stops, more than one pass has


def main(folder):
    """Runs the three cases, and prints a line for each."""
    _write_shards(folder)
    for case in ("undisturbed", "dispatcher restarted", "worker killed"):
        _run(folder, case)


def _run(folder, case):
    work_dir = folder / f"journal {case}"
    port = _free_port()
    # All at once, as machines boot: each waits for what it needs.
    dispatch = ["--role=dispatcher", f"--port={port}", f"--work_dir={work_dir}"]
    dispatcher = _serve(*dispatch)
    work = ["--role=worker", f"--dispatcher=localhost:{port}", "--host=localhost"]
    workers = [_serve(*work) for _ in range(2)]
    passes = "endless" if case == "worker killed" else "one"
    arguments = [sys.executable, __file__, str(folder), f"grpc://localhost:{port}", passes]
    trainers = [
        subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for _ in range(2)
    ]
    try:
        for server in [dispatcher, *workers]:
            assert server.stdout.readline(), "a server did not start"
        for trainer in trainers:
            assert trainer.stdout.readline() == "started\n"
        if case == "worker killed":
            workers[0].kill()
        elif case == "dispatcher restarted":
            dispatcher.kill()
            dispatcher.wait()
            time.sleep(2)
            dispatcher = _serve(*dispatch)
        seen = [json.loads(trainer.communicate(timeout=600)[0]) for trainer in trainers]
    finally:
        for process in [dispatcher, *workers, *trainers]:
            process.kill()
    counts = collections.Counter(seen[0] + seen[1])
    print(
        f"{case}: {_SHARDS * _EACH} records in {_SHARDS} shards; trainers got {len(seen[0])} and "
        f"{len(seen[1])}; {len(counts)} different, each at most {max(counts.values())} time(s), "
        f"{_SHARDS * _EACH - len(counts)} never seen",
        flush=True,
    )


def _train(folder, service, passes):
    """Reads as a trainer would; prints the records' numbers."""
    from srcnn_tf.data import data_service

    paths = sorted(map(str, folder.glob("shard-*")))
    shards = [types.SimpleNamespace(filename=path, skip=0, take=_EACH) for path in paths]
    records = data_service.records_of_epochs(shards, seed=1, passes=1 if passes == "one" else None)
    numbers = []
    served = data_service.served(records, service=service, job="pass")
    for record in served.take(_ENDLESS).as_numpy_iterator():
        numbers.append(int(record))
        if len(numbers) == 1000:
            print("started", flush=True)
        time.sleep(0.001)
    print(json.dumps(numbers))


def _write_shards(folder):
    import tensorflow as tf

    for shard in range(_SHARDS):
        with tf.io.TFRecordWriter(str(folder / f"shard-{shard:03d}")) as writer:
            for number in range(_EACH):
                writer.write(str(shard * _EACH + number).encode())


def _serve(*flags):
    """Starts a server, which prints a line when it is ready."""
    program = [sys.executable, str(_ROOT / "bin" / "data_service"), *flags]
    return subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _free_port():
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if len(sys.argv) == 4:
        _train(pathlib.Path(sys.argv[1]), *sys.argv[2:])
    else:
        with tempfile.TemporaryDirectory() as name:
            main(pathlib.Path(name))
