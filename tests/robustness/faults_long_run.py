"""A long run of a small network: memory, open files and step time at step 500 and at the end.

PYTHONPATH=tests python tests/robustness/faults_long_run.py --steps=20000

Not collected by pytest. Exits with 1 if memory grew by more than 5 % or files were left open.
"""

import argparse
import contextlib
import itertools
import pathlib
import resource
import statistics
import sys
import tempfile
import time

import small_runs

from srcnn_tf.training import loop, reporter


def main():
    """Trains, and looks at the process at every evaluation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=20_000)
    options = parser.parse_args()
    seen = []

    def look(step):
        status = pathlib.Path("/proc/self/statm").read_text().split()
        memory = int(status[1]) * resource.getpagesize() / 2**20
        files = len(_open_files())
        seen.append((step, memory, files, time.process_time()))

    checkpoint = reporter.Reporter.checkpoint

    def checkpoint_and_look(self, step):
        path = checkpoint(self, step)
        look(step)
        return path

    reporter.Reporter.checkpoint = checkpoint_and_look
    config = small_runs.config(
        steps=options.steps,
        batch_size=1,
        patch_size=16,
        rescale_factors=(1.0,),
        grid_offsets=1,
        evaluate_every=250,
        log_every=250,
        steps_per_call=50,
    )
    with tempfile.TemporaryDirectory() as folder:
        loop.train(config, small_runs.pictures(), pathlib.Path(folder), data="blocks")
    # Processor seconds over windows of steps: a busy machine is not a slow program.
    paces = [
        (later[0], 1000 * (later[3] - earlier[3]) / (later[0] - earlier[0]))
        for earlier, later in itertools.pairwise(seen)
        if later[0] > earlier[0]
    ]
    early = next(look for look in seen if look[0] >= 500)
    last = seen[-1]
    for step, memory, files, _ in (early, last):
        pace = statistics.median(p for s, p in paces if abs(s - step) <= 1000)
        print(
            f"step {step}: {memory:.0f} MiB resident, {files} open files, "
            f"{pace:.2f} ms of processor a step"
        )
    sys.exit(1 if last[1] > 1.05 * early[1] or last[2] > early[2] else 0)


def _open_files():
    """Open files except fonts: Matplotlib keeps each one that a curve has needed."""
    links = []
    for file in pathlib.Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # The one that listed this folder.
            links.append(str(file.readlink()))
    return [link for link in links if not link.endswith(".ttf")]


if __name__ == "__main__":
    main()
