"""Programs that are killed at a chosen spot, each a process of its own, by a real SIGKILL.

The processes are forked from this one after the slow imports, so that twenty of them take seconds.
This process itself must not have started TensorFlow's devices; hence it is a program that tests
start: python tests/faults_dying.py PLAN.json, where the plan is a list of {"program", "arguments",
"spot", "number", "delay"}; without a spot the program runs to its end. It prints one line of JSON
for each: {"signal", "status"}.
"""

import json
import os
import pathlib
import runpy
import signal
import sys
import threading
import traceback

import programs


def die():
    """Ends this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def arrange(spot: str | None, number: int, delay: float) -> None:
    """Makes the program of this process die.

    Args:
      spot: `half-written`, at a rename of a temporary file, of which the second half is then cut;
        `before rename` and `after rename`, of a temporary file; `evaluation`, when a picture is
        scored; `example`, when one is made for a data set; `steps`, after a call into the graph.
      number: at the how-manieth such occasion, from 1.
      delay: of `steps`, how many seconds later, which is in the midst of anything.
    """
    seen = [0]

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
                die()
            replace(path, target)
            if mine:
                die()

        pathlib.Path.replace = dying_replace
    elif spot == "evaluation":
        from srcnn_tf import evaluation

        _before(evaluation, "score", lambda: occasion() and die())
    elif spot == "example":
        from tfds_builders import pairs

        _before(pairs, "example", lambda: occasion() and die())
    elif spot == "steps":
        from srcnn_tf.log_window import LogWindow

        _before(LogWindow, "add", lambda: occasion() and threading.Timer(delay, die).start())
    elif spot is not None:
        raise ValueError(f"There is no spot {spot!r}.")


def _before(owner, name, action):
    original = getattr(owner, name)

    def wrapped(*arguments, **options):
        action()
        return original(*arguments, **options)

    setattr(owner, name, wrapped)


def run(step: dict) -> dict:
    """Runs one line of the plan in a process of its own; returns how it ended."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.dup2(2, 1)
            arrange(step.get("spot"), step.get("number", 1), step.get("delay", 0.0))
            sys.argv = programs.command(step["program"], *step["arguments"])[1:]
            runpy.run_path(sys.argv[0], run_name="__main__")
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else int(error.code is not None)
            if isinstance(error.code, str):
                print(error.code, file=sys.stderr)
        except BaseException:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(code)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status), "status": None}
    return {"signal": None, "status": os.WEXITSTATUS(status)}


def main():
    """Imports what programs need, then runs the plan."""
    plan = json.loads(pathlib.Path(sys.argv[1]).read_text())
    if any(step["program"] != "upscale" for step in plan):
        import tfds_builders  # noqa: F401
    for step in plan:
        print(json.dumps(run(step)), flush=True)


if __name__ == "__main__":
    main()
