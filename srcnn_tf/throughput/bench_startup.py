"""Cases: how long programs take to start, and whether they load TensorFlow needlessly."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

from srcnn_tf.throughput.targets import Seconds
from srcnn_tf.throughput.timing import Case, Contender

_IMPORT = "import srcnn_tf; import sys; sys.exit('tensorflow' in sys.modules)"


def start_cases(quick: bool = False) -> list[Case]:
    """Starting Python, the package, and the programs as `python -m srcnn_tf` does."""
    cases = [
        _case("python, empty program", ["-c", "pass"], None),
        _case("import srcnn_tf", ["-c", _IMPORT], 0.3),
    ]
    for name in ("upscale",) if quick else ("upscale", "train", "benchmark"):
        program = ["-m", "srcnn_tf", name]
        cases.append(_case(f"{name} --help", [*program, "--help"], 1))
        cases.append(_case(f"{name} with a wrong flag", [*program, "--wrong"], 1))
    return cases


def _case(title, arguments, limit):
    def contenders():
        return [Contender("start", lambda: _run(arguments), measures_itself=True, kind="ours")]

    targets = [] if limit is None else [Seconds("start", limit)]
    return Case("startup", title, 1, "starts", contenders, targets)


def _run(arguments) -> float:
    """Seconds of one start, in an environment where importing TensorFlow is an error."""
    with tempfile.TemporaryDirectory() as folder:
        stub = pathlib.Path(folder) / "tensorflow"
        stub.mkdir()
        (stub / "__init__.py").write_text("raise SystemExit('TensorFlow was imported')")
        paths = [folder, os.environ.get("PYTHONPATH", "")]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}
        before = time.perf_counter()
        process = subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True
        )
        seconds = time.perf_counter() - before
    if "TensorFlow was imported" in process.stderr:
        raise RuntimeError("TensorFlow is loaded")
    # The only failure that is meant.
    if process.returncode and "(--help lists the flags)" not in process.stderr:
        raise RuntimeError(process.stderr.strip().splitlines()[-1])
    return seconds
