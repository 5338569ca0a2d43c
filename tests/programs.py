"""Running the programs of `bin/` as a user does: elsewhere than in the checkout, without a GPU."""

import os
import pathlib
import subprocess
import sys

CHECKOUT = pathlib.Path(__file__).resolve().parents[1]


def command(program: str, *arguments) -> list[str]:
    """Returns what runs `bin/<program>` in this Python."""
    return [sys.executable, str(CHECKOUT / "bin" / program), *map(str, arguments)]


def environment(**changes) -> dict[str, str]:
    """Returns this process's environment with changes, and the checkout's packages to import."""
    result = os.environ | {"CUDA_VISIBLE_DEVICES": "-1"} | changes
    folders = [result.get("PYTHONPATH"), str(CHECKOUT), str(CHECKOUT / "tests")]
    return result | {"PYTHONPATH": os.pathsep.join(folder for folder in folders if folder)}


def run(program: str, *arguments, cwd, limits=None, **changes) -> subprocess.CompletedProcess:
    """Runs `bin/<program>` to its end; returns its exit status and output.

    Args:
      program: its name.
      *arguments: its command-line arguments.
      cwd: the folder that it runs in.
      limits: called in the new process before the program starts, such as to set an rlimit.
      **changes: of the environment.
    """
    return subprocess.run(
        command(program, *arguments),
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment(**changes),
        preexec_fn=limits,
        timeout=300,
    )


def stub_tensorflow(folder: pathlib.Path) -> dict[str, str]:
    """Makes, in `folder`, an environment where importing TensorFlow says so and fails."""
    package = folder / "stub" / "tensorflow"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('TensorFlow was imported')")
    return {"PYTHONPATH": str(package.parent)}


def assert_one_sentence(result: subprocess.CompletedProcess, *parts: str) -> None:
    """Checks that a program failed, said all of `parts` on standard error, and no traceback."""
    assert result.returncode not in (0, None), result.stdout
    assert result.returncode > 0, f"died of signal {-result.returncode}"
    for part in parts:
        assert part in result.stderr, result.stderr
    assert "Traceback" not in result.stderr, result.stderr
    assert "TensorFlow was imported" not in result.stderr
