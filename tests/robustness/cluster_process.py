"""Trains a small run as one process of a cluster; no tests.

TF_CONFIG=... PYTHONPATH=tests python tests/robustness/cluster_process.py '{"workdir": "/tmp/run"}'

Further keys: `config` (fields of TrainConfig to change), and `signal`: after the step `at` this
process gets the signal of that name, SIGKILL as if its machine had failed, SIGSTOP as if it hung.
"""

import json
import os
import pathlib
import signal
import sys

import small_runs


def main(options):
    """Trains, prints the result as JSON, and ends with status 1 and a sentence if it fails."""
    from srcnn_tf.programs import startup
    from srcnn_tf.training import loop, strategies

    startup.configure_logging()
    strategy = strategies.create_strategy("multi_worker")
    _signal_myself(loop, options)
    try:
        result = loop.train(
            small_runs.config(**options.get("config", {})),
            small_runs.pictures(),
            pathlib.Path(options["workdir"]),
            data="blocks",
            strategy=strategy,
        )
    except loop.TrainingError as error:
        sys.exit(str(error))
    print(json.dumps({"step": result.step, "interrupted": result.interrupted}))


def _signal_myself(loop, options):
    """Sends the signal that is asked for, after the step that is asked for."""
    update = loop.Progress.update

    def updated(progress, step, loss):
        update(progress, step, loss)
        if step == options.get("at"):
            os.kill(os.getpid(), signal.Signals[options["signal"]])

    loop.Progress.update = updated


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
