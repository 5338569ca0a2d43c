"""Programs that are killed at a chosen spot, each a process of its own, by a real SIGKILL.

The processes are forked from this one after the slow imports, so that twenty of them take seconds.
This process itself must not have started TensorFlow's devices; hence it is a program that tests
start: PYTHONPATH=tests python tests/robustness/faults_dying.py PLAN.json, where the plan is a list
of {"program", "arguments", "spot", "number", "delay", "pause", "behind"}; without a spot the
program runs to its end. The
program is one of bin/, or `tfds`, or a path. Lines run one after the other, but for those that are
"behind", which run beside what follows. It prints one line of JSON for each: {"signal", "status"}.
"""

import functools
import json
import os
import pathlib
import runpy
import signal
import sys
import threading
import time

import programs


def die():
    """Ends this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def arrange(spot: str | None, number: int, delay: float, pause: float | None) -> None:
    """Makes the program of this process die, or pause.

    Args:
      spot: `half-written`, at a rename of a temporary file, of which the second half is then cut;
        `before rename` and `after rename`, of a temporary file; `evaluation`, when a picture is
        scored; `example`, when one is made for a dataset, and `record`, when one is written;
        `folder`, before that of the dataset gets its name; `steps`, after a call into the graph.
      number: at which such occasion, counted from 1.
      delay: of `steps`, how many seconds later, at an arbitrary moment.
      pause: for this many seconds, instead of dying.
    """
    seen = [0]
    end = die if pause is None else functools.partial(time.sleep, pause)

    def occasion():
        seen[0] += 1
        return seen[0] == number

    if spot in ("half-written", "before rename", "after rename"):
        replace = pathlib.Path.replace

        def dying_replace(path, target):
            mine = path.suffix == ".partial" and occasion()
            if mine and spot == "half-written":
                os.truncate(path, path.stat().st_size // 2)
            if mine and spot != "after rename":
                end()
            replace(path, target)
            if mine:
                end()

        pathlib.Path.replace = dying_replace
    elif spot == "evaluation":
        from srcnn_tf.evaluation import scoring

        _before(scoring, "score", lambda: occasion() and end())
    elif spot == "example":
        from tfds_builders.common import pairs

        _before(pairs, "example", lambda: occasion() and end())
    elif spot == "record":
        import tensorflow as tf

        _before(tf.io.TFRecordWriter, "write", lambda: occasion() and end())
    elif spot == "folder":
        rename = os.rename

        def dying_rename(source, target):
            if os.path.isdir(source) and occasion():  # noqa: PTH112
                end()
            rename(source, target)

        os.rename = dying_rename
    elif spot == "steps":
        from srcnn_tf.training.log_window import LogWindow

        _before(LogWindow, "add", lambda: occasion() and threading.Timer(delay, end).start())
    elif spot is not None:
        raise ValueError(f"There is no spot {spot!r}.")


def _before(owner, name, action):
    original = getattr(owner, name)

    def wrapped(*arguments, **options):
        action()
        return original(*arguments, **options)

    setattr(owner, name, wrapped)


def start(step: dict) -> int:
    """Starts one line of the plan in a process of its own; returns its number."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.dup2(2, 1)
            arrange(
                step.get("spot"), step.get("number", 1), step.get("delay", 0.0), step.get("pause")
            )
            _run(step["program"], step["arguments"])
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else int(error.code is not None)
            if isinstance(error.code, str):
                print(error.code, file=sys.stderr)
        except BaseException:
            # As Python itself does at the end of a program.
            sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        os._exit(code)
    return child


def _run(program, arguments):
    if program.startswith("/"):
        os.execv(program, [program, *arguments])
    if program == "tfds":
        from tensorflow_datasets.scripts.cli import main as tfds_main

        sys.argv = ["tfds", *arguments]
        tfds_main.launch_cli()
    else:
        sys.argv = programs.command(program, *arguments)[1:]
        runpy.run_path(sys.argv[0], run_name="__main__")


def ended(child: int) -> dict:
    """Waits for a process; returns how it ended."""
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status), "status": None}
    return {"signal": None, "status": os.WEXITSTATUS(status)}


def main():
    """Imports what programs need, then runs the plan."""
    plan = json.loads(pathlib.Path(sys.argv[1]).read_text())
    if any(step["program"] in ("train", "tfds") for step in plan):
        import tfds_builders  # noqa: F401
    if any(step["program"] == "tfds" for step in plan):
        import tensorflow_datasets.scripts.cli.main  # noqa: F401
    started, ends = [], {}
    for step in plan:
        started.append(start(step))
        if not step.get("behind"):
            ends[started[-1]] = ended(started[-1])
    for child in started:
        print(json.dumps(ends.get(child) or ended(child)), flush=True)


if __name__ == "__main__":
    main()
