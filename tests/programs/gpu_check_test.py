"""tests/gpu_check at tiny sizes on the processor: all of its code runs to its end."""

import json
import pathlib
import subprocess
import sys

import pytest

_PROGRAM = pathlib.Path(__file__).resolve().parents[1] / "gpu_check"


def _run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, str(_PROGRAM), "--device=cpu", "--short", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=480,
    )


@pytest.mark.slow
def test_all_sections_run_in_order_of_worth_and_are_written(tmp_path):
    told = _run(cwd=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    record = json.loads((tmp_path / "gpu_check.json").read_text())
    found = record["sections"]
    assert list(found) == [
        "devices",
        "parity",
        "precisions",
        "hundred_thousand",
        "suite",
        "memory",
        "tiles",
    ]
    assert all(each["ok"] is True for each in found.values())
    assert found["parity"]["crops"] is True and 0 < found["parity"]["gradients"] < 1e-4
    assert found["hundred_thousand"]["steps"] == 20
    for work in found["suite"]["works"]:
        assert not [why for why in work["missing"].values() if why.startswith("failed")]
    assert "(0 s left)" not in told.stdout


@pytest.mark.slow
def test_what_there_is_no_time_for_is_left_out(tmp_path):
    told = _run("--only=devices,parity", "--minutes=0.05", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    sections = json.loads((tmp_path / "gpu_check.json").read_text())["sections"]
    assert sections["parity"]["ok"] is None and "left out  parity" in told.stdout
