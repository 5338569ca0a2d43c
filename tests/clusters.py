"""Starting small training runs in processes of their own on this machine; no tests."""

import json
import os
import pathlib
import socket
import subprocess
import sys

_HERE = pathlib.Path(__file__).resolve().parent
_SCRIPTS = _HERE / "robustness"


def start(*options):
    """Starts the processes of a cluster, which talk over the loopback.

    Args:
      options: of each process, for `cluster_process.py`.
    """
    cluster = {"worker": [f"127.0.0.1:{port}" for port in _free_ports(len(options))]}
    return [
        python(
            "cluster_process.py",
            json.dumps(each),
            TF_CONFIG=json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}}),
        )
        for index, each in enumerate(options)
    ]


def python(script, *arguments, **environment):
    """Starts one script of `tests/robustness` on the CPU."""
    path = os.pathsep.join([str(_HERE.parent), str(_HERE)])
    settings = {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": path}
    return subprocess.Popen(
        [sys.executable, str(_SCRIPTS / script), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **settings, **environment},
    )


def finish(processes, timeout=300):
    """Waits for processes; returns each one's exit status, output and last line of errors."""
    results = []
    try:
        for process in processes:
            output, errors = process.communicate(timeout=timeout)
            lines = errors.strip().splitlines() or [""]
            results.append((process.returncode, output, lines[-1]))
    finally:
        for process in processes:
            process.kill()
    return results


def _free_ports(number):
    """Unused ports; all are reserved at once, so that they differ."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
