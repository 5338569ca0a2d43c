"""Kills bin/train at many moments, and compares the results.

PYTHONPATH=tests python tests/robustness/faults_kill.py --kills=20 --seed=1

prints one line for each kill and exits with 1 if anything was lost. Not collected by pytest, which
runs a few of the same kills in `tests/robustness/kill_test.py`.
"""

import argparse
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

import numpy as np
import programs
from PIL import Image

from srcnn_tf.networks.weight_files import read_weights
from srcnn_tf.training import checkpoints

STEPS = 200
RECIPE = [
    "--scale=2",
    "--dataset=image_folder",
    "--network=srcnn-9-1-5",
    "--batch_size=4",
    "--patch_size=24",
    "--rescale_factors=1.0",
    "--grid_offsets=1",
    "--validation_pictures=1",
    "--evaluate_every=10",
    "--log_every=5",
    "--steps_per_call=5",
    "--precision=float32",
    "--test_sets=none",
    "--device=cpu",
]


def write_photos(folder: pathlib.Path, count: int = 6, side: int = 8) -> pathlib.Path:
    """Writes small pictures of `side` x `side` blocks of six pixels; returns the folder."""
    folder.mkdir()
    for number in range(count):
        source = np.random.default_rng(number)
        blocks = source.integers(20, 230, (side, side, 3), np.uint8).repeat(6, 0).repeat(6, 1)
        Image.fromarray(blocks).save(folder / f"{number}.png")
    return folder


def training(folder: pathlib.Path, name: str, steps: int = STEPS) -> list[str]:
    """Returns the flags of a run called `name` on the photos in `folder`, with data of its own."""
    return [
        *RECIPE,
        f"--steps={steps}",
        f"--manual_dir={folder / 'photos'}",
        f"--data_dir={folder / name}_data",
        f"--workdir={folder / name}",
    ]


def carry_out(folder: pathlib.Path, plan: list[dict]) -> list[dict]:
    """Runs a plan of `faults_dying`; returns how each process ended."""
    path = folder / "plan.json"
    path.write_text(json.dumps(plan))
    script = programs.CHECKOUT / "tests" / "robustness" / "faults_dying.py"
    ended = subprocess.run(
        [sys.executable, script, path],
        stdout=subprocess.PIPE,
        stderr=(folder / "said.log").open("a"),
        env=programs.environment(TF_CPP_MIN_LOG_LEVEL="2"),
        text=True,
        check=True,
    )
    return [json.loads(line) for line in ended.stdout.splitlines()]


def kill_within_a_second(arguments: list[str], delay: float) -> int:
    """Starts bin/train, kills it after `delay` seconds, and returns its exit status."""
    with subprocess.Popen(
        programs.command("train", *arguments),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=programs.environment(),
    ) as process:
        time.sleep(delay)
        process.kill()
        return process.wait()


def differences(one: pathlib.Path, other: pathlib.Path) -> list[str]:
    """Returns what differs, by a bit or more, between two finished runs."""
    found = []
    for name in ("last.safetensors", "best.safetensors"):
        (arrays, info), (others, other_info) = (read_weights(run / name) for run in (one, other))
        if info.steps != other_info.steps or not _same(arrays, others):
            found.append(name)
    mine, theirs = (checkpoints.restore(run / "checkpoints") for run in (one, other))
    if mine[0] != theirs[0] or not _same(mine[1], theirs[1]):
        found.append("checkpoint")
    return found + [path.name for path in other.rglob("*.partial")]


def _same(arrays, others):
    return arrays.keys() == others.keys() and all(
        array.tobytes() == others[name].tobytes() for name, array in arrays.items()
    )


def _moments(kills, chance):
    """Yields (spot, number, delay): all kinds in turn, in random order, some steps apart."""
    spots = ("first second", "half-written", "before rename", "after rename", "evaluation", "steps")
    chosen = [spots[number % len(spots)] for number in range(kills)]
    chance.shuffle(chosen)
    for spot in chosen:
        # At each evaluation: last, perhaps best, records and checkpoint are written.
        number = chance.randint(1, 4 if spot != "steps" else 6)
        yield spot, number, chance.uniform(0, 0.9 if spot == "first second" else 0.2)


def main():
    """Reads the command line, kills, and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write_photos(folder / "photos")
        killed = training(folder, "killed")
        moments = list(_moments(options.kills, random.Random(options.seed)))
        plan = [{"program": "train", "arguments": training(folder, "whole")}]
        for spot, number, delay in moments:
            if spot == "first second":
                status = kill_within_a_second(killed, delay)
                print(f"{spot:14} {delay:6.3f} s  ended by signal {-status}", flush=True)
            else:
                plan.append({"program": "train", "arguments": killed, "spot": spot})
                plan[-1] |= {"number": number, "delay": delay}
        plan.append({"program": "train", "arguments": killed})
        first, *ends, last = carry_out(folder, plan)
        for step, end in zip(plan[1:-1], ends, strict=True):
            moment = (
                f"{step['number']:2} + {step['delay']:5.3f} s" if step["spot"] == "steps" else ""
            )
            print(f"{step['spot']:14} {moment or step['number']:<12} {end}")
        bad = [end for end in ends if end["signal"] != signal.SIGKILL]
        if bad or first["status"] or last["status"]:
            print((folder / "said.log").read_text())
            sys.exit(f"not all ended as they should: {first} {bad} {last}")
        found = differences(folder / "whole", folder / "killed")
        print(f"{len(moments)} kills; differences from the run never killed: {found or 'none'}")
        sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
