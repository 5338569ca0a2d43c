"""Kills `tfds build` at random moments, starts two at once, and compares the records.

PYTHONPATH=tests python tests/robustness/faults_build.py --kills=12 --seed=1
PYTHONPATH=tests python tests/robustness/faults_build.py --kills=6 --seed=1 --beam

Every build is a real command. Prints one line for each kill and exits with 1 if anything half-made
passed for a dataset, or the records differ from those of an undisturbed build. Not collected by
pytest, which runs some kills at chosen spots in `tests/robustness/kill_test.py`.
"""

import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

import faults_kill
import programs

_BUILDER = programs.CHECKOUT / "tfds_builders" / "image_folder"
_VERSION = pathlib.Path("image_folder", "x2", "1.1.0")
_BEAM = (
    "--beam_pipeline_options=runner=FnApiRunner,direct_num_workers=2,"
    "direct_running_mode=multi_processing"
)


def building(folder: pathlib.Path, name: str, *options: str) -> list[str]:
    """Returns what follows `tfds` to build the photos in `folder` as data called `name`."""
    return [
        "build",
        str(_BUILDER),
        "--config=x2",
        "--num_shards=3",
        f"--manual_dir={folder / 'photos'}",
        f"--data_dir={folder / name}",
        *options,
    ]


def records(data_dir: pathlib.Path) -> list[list[bytes]]:
    """Returns the records of every shard; parsed, since protobuf may order fields differently.

    Raises:
      FileNotFoundError: there is no dataset.
    """
    import tensorflow as tf
    import tensorflow_datasets as tfds

    builder = tfds.builder_from_directory(data_dir / _VERSION)
    return [
        [
            tf.train.Example.FromString(record).SerializeToString(deterministic=True)
            for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator()
        ]
        for path in builder.info.splits["train"].filepaths
    ]


def leftovers(data_dir: pathlib.Path) -> list[str]:
    """Returns what an interrupted build left, by TFDS's name for it."""
    return sorted(path.name for path in data_dir.rglob("incomplete.*"))


class _Command:
    """A `tfds build` in a session of its own, so that none of its child processes is overlooked."""

    def __init__(self, arguments):
        self.begin = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tensorflow_datasets.scripts.cli.main", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=programs.environment(TF_CPP_MIN_LOG_LEVEL="2"),
            text=True,
            start_new_session=True,
        )

    def wait_for_folder(self, data_dir) -> float:
        """Returns after how many seconds it began to write, or ended."""
        while not leftovers(data_dir / _VERSION.parent) and self.process.poll() is None:
            time.sleep(0.002)
        return time.monotonic() - self.begin

    def kill(self) -> tuple[int, int]:
        """Returns its exit status, and how many processes that it started lived on for 5 s."""
        self.process.kill()
        self.process.communicate()
        for _ in range(50):
            left = _session(self.process.pid)
            if not left:
                break
            time.sleep(0.1)
        for number in left:
            os.kill(number, signal.SIGKILL)
        return self.process.returncode, len(left)

    def finish(self) -> tuple[int, str]:
        """Waits for its end; returns its exit status and what it said."""
        said, _ = self.process.communicate()
        return self.process.returncode, said


def _session(number) -> list[int]:
    """Returns the living processes of a session."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = path.read_text().rpartition(") ")[2].split()[:4]
        except OSError:
            continue
        if int(session) == number and state != "Z":
            found.append(int(path.parent.name))
    return found


def _kill_again_and_again(folder, options, kills, chance) -> list[str]:
    """Returns what went wrong."""
    whole = _Command(building(folder, "whole", *options))
    until_folder = whole.wait_for_folder(folder / "whole")
    status, said = whole.finish()
    seconds = time.monotonic() - whole.begin
    if status:
        return [said]
    print(f"undisturbed: writes after {until_folder:.2f} s, done after {seconds:.2f} s")
    expected, wrong = records(folder / "whole"), []
    data_dir = folder / "killed"
    for number in range(kills):
        command = _Command(building(folder, "killed", *options))
        if number % 3 == 0:
            delay = chance.uniform(0, until_folder)
            moment = f"{delay:6.3f} s after its start"
        else:
            # The process ends after the folder got its name.
            delay = chance.uniform(0, 0.6 * (seconds - until_folder))
            # Leftovers of earlier kills must not be taken for this one's.
            before = leftovers(data_dir)
            while leftovers(data_dir) in ([], before) and command.process.poll() is None:
                time.sleep(0.001)
            moment = f"{delay:6.3f} s after its first file"
        time.sleep(delay)
        status, orphans = command.kill()
        there = (data_dir / _VERSION).exists()
        left = leftovers(data_dir / _VERSION.parent)
        print(
            f"killed {moment}: ended by {status}, {len(left)} unfinished folders, dataset "
            f"{'there' if there else 'not there'}, {orphans} processes left",
            flush=True,
        )
        if there:
            if records(data_dir) != expected:
                wrong.append(f"a half-made dataset passes for whole: {moment}")
            # So that the next build has something to do.
            (data_dir / _VERSION).rename(folder / f"whole_{number}")
    status, said = _Command(building(folder, "killed", *options)).finish()
    if status:
        return [*wrong, said]
    if records(data_dir) != expected:
        wrong.append("the records differ")
    return wrong + leftovers(data_dir)


def _two_at_once(folder, options) -> list[str]:
    """Returns what went wrong."""
    commands = [_Command(building(folder, "both", *options)) for _ in range(2)]
    ends = [command.finish() for command in commands]
    waited = [said for _, said in ends if "waiting for it" in said]
    print(f"two at once: ended with {[status for status, _ in ends]}, {len(waited)} waited")
    for said in waited:
        print(*(line for line in said.splitlines() if "waiting for it" in line), sep="\n")
    if any(status for status, _ in ends):
        return [said for _, said in ends]
    whole = records(folder / "both") == records(folder / "whole")
    return ([] if whole else ["the records differ"]) + leftovers(folder / "both")


def main():
    """Reads the command line, kills, and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--beam", action="store_true", help="build by two worker processes")
    options = parser.parse_args()
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        faults_kill.write_photos(folder / "photos", 30, side=40)
        extra = [_BEAM] if options.beam else []
        wrong = _kill_again_and_again(folder, extra, options.kills, random.Random(options.seed))
        wrong += _two_at_once(folder, extra)
        print(*(wrong or ["nothing half-made, nothing different, nothing left"]), sep="\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
