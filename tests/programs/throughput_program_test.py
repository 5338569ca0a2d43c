"""bin/benchmark --suite=throughput as a user runs it: everything, at tiny sizes."""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys

import benchmark_data
import pytest

from srcnn_tf.throughput import peers
from srcnn_tf.throughput.bench_resize import resize_cases
from srcnn_tf.throughput.timing import measure

_PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "bin" / "benchmark"


def _run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, str(_PROGRAM), "--suite=throughput", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | {"CUDA_VISIBLE_DEVICES": "-1"},
        timeout=300,
    )


@pytest.mark.slow
def test_all_works_are_measured_printed_and_written(tmp_path):
    benchmark_data.prepare("t91", 3, pictures=2, data_dir=tmp_path / "data")

    result = _run(
        "--quick",
        "--rounds=1",
        "--threads=1",
        "--groups=startup,input,training,pictures,networks,whole",
        "--data_dir=data",
        "--json=speed.json",
        cwd=tmp_path,
    )

    assert result.returncode == 0, result.stderr
    assert "QUICK" in result.stdout and "1 threads for everybody" in result.stdout
    record = json.loads((tmp_path / "speed.json").read_text())
    assert record["threads"] == 1 and set(record["peers"]) >= {"torch", "openvino"}
    groups = {work["group"] for work in record["works"]}
    assert groups == {"startup", "input", "training", "pictures", "networks", "whole"}
    for work in record["works"]:
        ours = work["timings"][0]
        assert ours["kind"] == "ours" and ours["ratio"] == 1
        assert work["title"] in result.stdout
        assert not [reason for reason in work["missing"].values() if "failed" in reason]
    training, pictures = (
        next(work for work in record["works"] if work["group"] == group)
        for group in ("training", "pictures")
    )
    # Losses over several updates, and pixels: all do the same work.
    assert all(timing["difference"] < 1e-3 for timing in training["timings"])
    exact = [t for t in pictures["timings"] if "bfloat16" not in t["label"]]
    assert all(timing["difference"] < 1e-5 for timing in exact)
    for name, version in record["peers"].items():
        assert f"{name} {version}" in result.stdout if version else name in result.stdout


def test_peers_that_are_not_installed_are_named_and_not_missed(monkeypatch):
    find = importlib.util.find_spec
    absent = {"torch", "basicsr"}
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name in absent else find(name)
    )

    measured = [measure(work, 1, sleep=lambda _: None) for work in resize_cases(1, quick=True)]

    assert peers.versions()["torch"] is None
    for measurement in measured:
        labels = {timing.label for timing in measurement.timings}
        assert {"imresize float32", "imresize float64", "imresize uint8", "Pillow, mode F"} < labels
        assert measurement.missing["BasicSR float32"] == "not installed: basicsr, torch"
        # uint8 is rounded in two passes; the others agree to rounding.
        assert max(timing.difference for timing in measurement.timings) < 0.02
        floats = [t.difference for t in measurement.timings if "uint8" not in t.label]
        assert max(floats) < 1e-5


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--weights=x"], "--weights is for --suite=quality"),
        (["--groups=cooking"], "only these are known"),
        (["--threads=100000"], "at most here"),
        (["--rounds=1000000000"], "1000"),
    ],
)
def test_wrong_input_is_one_sentence(tmp_path, arguments, complaint):
    result = _run(*arguments, cwd=tmp_path)

    assert result.returncode != 0
    assert complaint in result.stderr and "Traceback" not in result.stderr
