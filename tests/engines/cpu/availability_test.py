"""Where no machine code can be made, other engines run, and one line says so."""

import subprocess
import sys

import programs
import pytest

_ENLARGE = """
import logging, numpy as np, srcnn_tf
from srcnn_tf.engines import runner
logging.basicConfig(format="%(message)s")
network = srcnn_tf.load_network("srcnn-9-1-5", 2)
used = [runner(network).engine for _ in range(3)]
picture = np.random.default_rng(0).integers(0, 256, (20, 20), np.uint8)
result = srcnn_tf.upscale(picture, 2, network)
print(used, result.shape, int(result.sum()))
"""
# Linux's PR_SET_MDWE: what was writable is never executable again, as hardened services have it.
_FORBID = """
import ctypes, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) != 0:
    sys.exit(77)
"""
_WITHOUT_TENSORFLOW = "import sys; sys.modules['tensorflow'] = None\n"


def _run(code):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=programs.environment(),
        timeout=100,
    )


@pytest.fixture(scope="module")
def expected():
    return _run(_WITHOUT_TENSORFLOW + _ENLARGE).stdout


@pytest.mark.slow
def test_without_llvmlite_numpy_runs_and_says_so_once(expected):
    hide = "import sys; sys.modules['llvmlite'] = None\n"
    result = _run(_WITHOUT_TENSORFLOW + hide + _ENLARGE)
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("llvmlite is not installed: pip install llvmlite") == 1
    assert result.stdout == expected.replace("cpu", "numpy")


@pytest.mark.slow
def test_without_llvmlite_tensorflow_runs_where_it_is_installed(expected):
    result = _run("import sys; sys.modules['llvmlite'] = None\n" + _ENLARGE)
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("llvmlite is not installed: pip install llvmlite") == 1
    found, wanted = result.stdout.split(), expected.replace("cpu", "tensorflow").split()
    assert found[:-1] == wanted[:-1]
    # A level here and there may be rounded to the other side.
    assert abs(int(found[-1]) - int(wanted[-1])) <= 10


def test_where_written_memory_may_not_be_executed_numpy_runs(expected):
    result = _run(_FORBID + _WITHOUT_TENSORFLOW + _ENLARGE)
    if result.returncode == 77:
        pytest.skip("this Linux cannot forbid executable memory to a process")
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("forbids memory that was written to be executed") == 1
    assert result.stdout == expected.replace("cpu", "numpy")
