"""Reads many damaged files: no crash, no hang, no unbounded memory, and only errors of our own.

PYTHONPATH=tests python tests/robustness/faults_fuzz.py --cases=100000 --seed=1

Each case is a pure function of (seed, target, number). Cases run in child processes, so that one
that crashes or hangs is named and the rest goes on. Not collected by pytest, which runs some
hundred cases in `tests/robustness/fuzz_test.py`.
"""

import argparse
import contextlib
import mmap
import os
import pathlib
import resource
import signal
import struct
import sys
import tempfile
import time
import warnings

import faults_corpus as corpus
import numpy as np

from srcnn_tf.files import image_files, picture_files
from srcnn_tf.networks import weight_files
from srcnn_tf.training import checkpoints

SECONDS_A_CASE = 10
MEMORY = 1 << 30  # beyond what the process has when it begins
PIXELS = 4_000_000
_IN_ONE_PROCESS = 1000


class Target:
    """What is fuzzed: a reader, valid files for it, and how it may end.

    `read(path)` returns what it read, which `accept` checks; only `errors` may be raised.
    """

    def __init__(self, files, suffix, read, accept, errors):
        self.files, self.suffix, self.read = files, suffix, read
        self.accept, self.errors = accept, errors

    def content(self, seed: int, number: int) -> bytes:
        """Returns the damaged file of that case."""
        random = np.random.default_rng([seed, number])
        return corpus.damaged(self.files[random.integers(len(self.files))], self.files, random)

    def run(self, path: pathlib.Path, seed: int, number: int) -> str:
        """Returns `read`, `refused`, or what went wrong."""
        path.write_bytes(self.content(seed, number))
        try:
            result = self.read(path)
        except self.errors as error:
            return "refused" if str(path.stem) in str(error) else f"does not name it: {error}"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return "read" if self.accept(result) else "what was read is wrong"


def targets(folder: pathlib.Path) -> dict[str, Target]:
    """Makes all targets; `folder` is written in."""
    pictures, matlab = corpus.pictures(), corpus.authors_files()
    ours = corpus.weight_files(folder)
    picture_error, weights_error = image_files.ImageFileError, weight_files.WeightsError
    return {
        "image_files": Target(
            pictures, ".bin", image_files.read_image, _is_uint8_picture, picture_error
        ),
        "picture_files": Target(
            pictures, ".bin", picture_files.read_picture, _is_picture, picture_error
        ),
        "weights": Target(
            ours, ".safetensors", weight_files.read_weights, _is_network, weights_error
        ),
        "mat": Target(
            matlab,
            ".mat",
            lambda path: weight_files.read_weights(path, 3),
            _is_network,
            weights_error,
        ),
        "checkpoints": Target(
            _checkpoints(folder), ".safetensors", _restore, lambda _: True, _DAMAGED
        ),
    }


_DAMAGED = checkpoints.CheckpointError


def _checkpoints(folder):
    path = checkpoints.save(folder / "checkpoints", 7, {"x": np.arange(9.0), "step": np.array(7)})
    content = path.read_bytes()
    path.unlink()
    return [content]


def _restore(path):
    # A checkpoint is known by its name.
    folder = path.with_name(f"{path.stem}_checkpoints")
    folder.mkdir(exist_ok=True)
    path.replace(checkpoints.path_of(folder, 7))
    return checkpoints.restore(folder)


def _is_uint8_picture(pixels):
    shape = pixels.shape
    return pixels.dtype == np.uint8 and min(shape) > 0 and (len(shape) == 2 or shape[2:] == (3,))


def _is_picture(picture):
    pixels = picture.pixels
    return pixels.ndim == 3 and 1 <= pixels.shape[2] <= 4 and pixels.dtype in (np.uint8, np.uint16)


def _is_network(result):
    return all(np.isfinite(array).all() for array in result[0].values())


@contextlib.contextmanager
def restrained():
    """Limits pixels and silences the decoders' messages."""
    with image_files.pixel_limit(PIXELS), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _child(target, path, seed, first, last, shared):
    """Runs cases and writes to `shared` the number of the current one; never returns."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 2)
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    counts = {}
    with restrained():
        for number in range(first, last):
            shared[:8] = struct.pack("<Q", number)
            # Processor time, so that a busy machine is not taken for a hang; ends even a loop in C.
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_A_CASE)
            outcome = target.run(path, seed, number)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            counts[outcome] = counts.get(outcome, 0) + 1
            if outcome not in ("read", "refused"):
                print(f"case {number}: {outcome}", flush=True)
            # After each, so that a crash does not lose the counts.
            shared[8:24] = struct.pack("<QQ", counts.get("read", 0), counts.get("refused", 0))
    sys.stdout.flush()
    os._exit(0)


def fuzz(name: str, target: Target, folder: pathlib.Path, seed: int, cases: int) -> dict:
    """Runs `cases` cases in child processes and returns counts, peak memory and seconds."""
    shared = mmap.mmap(-1, 24)
    result = {"read": 0, "refused": 0, "bad": 0}
    began = time.monotonic()
    first = 0
    while first < cases:
        last = min(first + _IN_ONE_PROCESS, cases)
        shared[:24] = bytes(24)
        child = os.fork()
        if child == 0:
            _child(target, folder / f"case{target.suffix}", seed, first, last, shared)
        _, status, usage = os.wait4(child, 0)
        number, read, refused = struct.unpack("<QQQ", shared[:24])
        result["peak"] = max(result.get("peak", 0), usage.ru_maxrss // 1024)
        result["read"] += read
        result["refused"] += refused
        if status:
            what = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else status
            print(f"{name} case {number}: the process ended with {what}", flush=True)
            result["bad"] += number + 1 - first - read - refused
            first = number + 1
            continue
        result["bad"] += last - first - read - refused
        first = last
    return result | {"seconds": time.monotonic() - began}


def main():
    """Reads the command line and prints a line for each target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000, help="over all targets together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", help="one target only")
    options = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        chosen = targets(folder)
        if options.target:
            chosen = {options.target: chosen[options.target]}
        for name, target in chosen.items():
            result = fuzz(name, target, folder, options.seed, options.cases // len(chosen))
            bad += result["bad"]
            print(
                f"{name}: {result['read']} read, {result['refused']} refused, {result['bad']} bad,"
                f" peak {result['peak']} MB, {result['seconds']:.0f} s",
                flush=True,
            )
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
