"""Runs small clusters of real processes, loses one in every way, and compares the weights.

PYTHONPATH=tests python tests/robustness/cluster_runs.py

Each line: what was done to which process, how the others ended, and how far the weights of the run
that was started again are from those of one device. Takes some minutes.
"""

import pathlib
import tempfile
import time

import clusters
import numpy as np
import small_runs

_CONFIG = {"steps": 20, "batch_size": 8, "evaluate_every": 5, "jit_compile": False}


def main(folder):
    """Runs all cases, and prints a line for each."""
    from srcnn_tf.training import loop

    config = small_runs.config(**_CONFIG)
    loop.train(config, small_runs.pictures(), folder / "alone", data="blocks")
    print(f"undisturbed, 2 processes: {_finished(folder, folder / 'undisturbed')}", flush=True)
    odd = _options(folder / "odd") | {"config": _CONFIG | {"seed": 2}}
    chief, follower = clusters.finish(clusters.start(_options(folder / "odd"), odd))
    print(f"other flags: the follower said: {follower[2][:160]}; the chief: {chief[2][:160]}")
    for name, index in [
        ("SIGKILL", 1),
        ("SIGKILL", 0),
        ("SIGTERM", 1),
        ("SIGSTOP", 1),
        ("SIGSTOP", 0),
    ]:
        case = folder / f"{name} {index}"
        options = [_options(case), _options(case)]
        options[index] |= {"signal": name, "at": 10}
        processes = clusters.start(*options)
        other = 1 - index
        begin = time.monotonic()
        [(status, output, error)] = clusters.finish([processes[other]])
        seconds = time.monotonic() - begin
        processes[index].kill()
        clusters.finish([processes[index]])
        said = output.strip() if status == 0 else error
        role = "chief" if index == 0 else "follower"
        print(
            f"{name} to the {role} after step 10: the other process ended with status {status} "
            f"({said[:160]}) {seconds:.0f} s after both were started; started again: "
            f"{_finished(folder, case)}",
            flush=True,
        )


def _finished(folder, case):
    """Runs a cluster to its end, and compares its weights."""
    for status, _, error in clusters.finish(clusters.start(_options(case), _options(case))):
        assert status == 0, error
    return f"largest difference of a weight {_difference(folder / 'alone', case):.1e}"


def _options(case):
    return {"workdir": str(case), "config": _CONFIG}


def _difference(one, other):
    from srcnn_tf.networks.weight_files import read_weights

    arrays, others = (read_weights(path / "last.safetensors")[0] for path in (one, other))
    return max(np.abs(array - others[name]).max() for name, array in arrays.items())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(pathlib.Path(name))
