"""Tests of profiles: which steps, where they are written, and that wrong ones are refused early."""

import os
import pathlib
import subprocess
import sys

import pytest
import small_runs

from srcnn_tf.networks.weight_files import read_weights
from srcnn_tf.training import loop, profiling

_PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "bin" / "train"


@pytest.mark.slow
def test_profile_is_written_and_changes_no_weight(tmp_path):
    config, pictures = small_runs.config(steps=8), small_runs.pictures()
    for name, steps in (("plain", None), ("profiled", range(4, 6))):
        loop.train(config, pictures, tmp_path / name, data="blocks", profile=steps)
    # Where TensorBoard looks for it.
    [profile] = tmp_path.glob("profiled/tensorboard/plugins/profile/*/*.xplane.pb")
    assert b"run_steps" in profile.read_bytes()
    plain, profiled = (
        read_weights(tmp_path / name / "last.safetensors")[0] for name in ("plain", "profiled")
    )
    assert all((plain[key] == profiled[key]).all() for key in plain)


def test_calls_end_at_the_profiles_bounds():
    profile = profiling.Profile(range(5, 9))
    assert [profile.steps_until_next(step) for step in (0, 4, 5, 8)] == [5, 1, 4, 1]
    assert profile.steps_until_next(9) > 1e9
    with profile:
        profile.reach(6)  # Without a folder no profile is started.


def test_steps_are_parsed():
    assert profiling.step_range("100:120") == range(100, 120)


@pytest.mark.parametrize("text", ["", "5", "5:", ":5", "5:5", "7:5", "-1:5", "a:b", "1:2:3"])
def test_wrong_steps_are_refused_without_tensorflow(tmp_path, text):
    with pytest.raises(ValueError, match="--profile="):
        profiling.step_range(text)
    if text != "7:5":
        return  # One start of the program is enough.
    (tmp_path / "tensorflow.py").write_text("raise SystemExit('TensorFlow was loaded')")
    path = os.pathsep.join([str(tmp_path), str(_PROGRAM.parents[1])])
    result = subprocess.run(
        [sys.executable, str(_PROGRAM), "--scale=3", f"--profile={text}"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
        timeout=300,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("bin/train: --profile=7:5 is not START:STOP")
    assert result.stderr.count("\n") == 1
