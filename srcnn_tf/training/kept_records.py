"""What of a run is kept beside its published weights: no path of a machine, and not too long."""

import itertools
import json
import os
import pathlib
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from srcnn_tf.files import atomic_files
from srcnn_tf.training import run_records

CONFIG, LOG = "config.json", "train.log"
# Of the lines about steps; a run of 100,000 steps has a thousand.
_LINES = 250
# Flags that say where things are on the machine that trained, and change no weight.
_PLACES = ("data_dir", "manual_dir", "workdir")
# Absolute, of the home folder, or leading out of the working folder; not `steps/s`, not a URL.
_PATH = re.compile(r"(?<![\w.:/~-])(?:~|\.\.?)?/(?:[\w.~+@-]+/)*([\w.~+@-]+)/?")
_DEVICE = re.compile(r"^[\d-]+ [\d:]+ device: (.+)$", re.MULTILINE)
_STEP = re.compile(r" step (\d+)/\d+  loss ")


def without_paths(text: str) -> str:
    """Replaces each path that leads to a place on one machine by its last part."""
    return _PATH.sub(r"\1", text)


def portable_command(command: str, initial_weights: str = "") -> str:
    """Returns how a run was called, without the folders of the machine that it ran on.

    Args:
      command: as `bin/train` was called.
      initial_weights: what `--initial_weights` is replaced by, if it is there.
    """
    kept = []
    words = iter(shlex.split(command))
    for word in words:
        name, equals, value = word.lstrip("-").partition("=")
        flag = word.startswith("-")
        if flag and name in (*_PLACES, "initial_weights") and not equals:
            value = next(words, "")
        if flag and name in _PLACES:
            continue
        if flag and name == "initial_weights":
            word = f"--initial_weights={initial_weights or value}"
        kept.append(without_paths(word))
    return shlex.join(kept)


def training_seconds(run: str | os.PathLike) -> float:
    """Returns how long a run's steps took together, by its records; 0 if it has none."""
    path, seconds, before = pathlib.Path(run) / run_records.METRICS, 0.0, 0
    if not path.is_file():
        return seconds
    for line in run_records.read_metrics(path):
        if line["kind"] == "train":
            seconds += (line["step"] - before) / line["steps_per_second"]
            before = line["step"]
    return seconds


def devices(run: str | os.PathLike) -> str:
    """Returns what a run was trained on, by its log: `A, then B` if it went on elsewhere; or ""."""
    path, found = pathlib.Path(run) / LOG, []
    if path.is_file():
        found = _DEVICE.findall(path.read_text(encoding="utf-8"))
    return ", then ".join(name for name, _ in itertools.groupby(found))


def keep_records(run: str | os.PathLike, folder: str | os.PathLike, changes: Mapping) -> None:
    """Writes a run's recipe, log, metrics and curve into a folder.

    Of the lines about training steps every so manieth is kept, with the first and the last, and
    all about held-out pictures; the curve is drawn of all.

    Args:
      run: the run's folder; what is not there is left out.
      folder: is made.
      changes: fields of the recipe to write otherwise.

    Raises:
      OSError: a file cannot be read or written.
      ValueError: the recipe or the metrics are damaged.
    """
    run, folder = pathlib.Path(run), pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if (run / CONFIG).is_file():
        recipe = json.loads((run / CONFIG).read_text(encoding="utf-8"))
        atomic_files.write_json(folder / CONFIG, recipe | changes)
    dropped: set[int] = set()
    if (run / run_records.METRICS).is_file():
        metrics = run_records.read_metrics(run / run_records.METRICS)
        dropped = _dropped([line["step"] for line in metrics if line["kind"] == "train"])
        kept = [each for each in metrics if each["kind"] != "train" or each["step"] not in dropped]
        text = "".join(json.dumps(line) + "\n" for line in kept)
        atomic_files.write_text(folder / run_records.METRICS, text)
        run_records.draw_run_curve(run, folder / run_records.CURVE)
    if (run / LOG).is_file():
        lines = (run / LOG).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not (m := _STEP.search(line)) or int(m[1]) not in dropped]
        text = "".join(without_paths(line) + "\n" for line in kept)
        atomic_files.write_text(folder / LOG, text)


def _dropped(steps: Sequence[Any]) -> set[int]:
    """Those that are left out so that not many more than `_LINES` are kept, evenly spread."""
    every = -(-len(steps) // _LINES)
    kept = {*steps[:1], *steps[::-1][::every]} if steps else set()
    return set(steps) - kept
