"""Tests of training on several devices and processes: the weights are those of one."""

import json
import pathlib
import signal

import clusters
import numpy as np
import pytest
import small_runs

from srcnn_tf.networks.weight_files import read_weights
from srcnn_tf.training import loop, strategies

# As on one device, except for the order of summation.
_TOLERANCE = 1e-5
_PLAIN = {"jit_compile": False}


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> pathlib.Path:
    """The folder of a run on one device."""
    folder = tmp_path_factory.mktemp("alone")
    loop.train(small_runs.config(**_PLAIN), small_runs.pictures(), folder, data="blocks")
    return folder


def _assert_close(folder, other):
    for name in ("last", "best"):
        one, two = (read_weights(path / f"{name}.safetensors")[0] for path in (folder, other))
        for key, array in one.items():
            np.testing.assert_allclose(two[key], array, atol=_TOLERANCE, rtol=0)


@pytest.mark.slow
def test_two_devices_end_with_the_weights_of_one(tmp_path, alone):
    [(status, output, error)] = clusters.finish(
        [clusters.python("mirrored_process.py", str(tmp_path))]
    )
    assert status == 0, error
    said = json.loads(output)
    assert (said["step"], said["replicas"]) == (12, 2)
    _assert_close(alone, tmp_path / "even")

    assert "--batch_size that is a multiple of 2" in said["refused"]
    # An overflow in one replica is one of all: none applies the step, all lower the scale.
    overflow = said["overflow"]
    assert overflow["counts"] == [[1, 1], [2, 1]]
    first, good, after = overflow["scales"]
    assert first == good
    assert after == [scale / 2 for scale in good]
    assert overflow["finite"]
    assert overflow["same"]


@pytest.mark.slow
def test_cluster_that_loses_a_process_keeps_its_weights(tmp_path, alone):
    # The other process has no such folder: only the chief's is read or written.
    folders = [str(tmp_path / "run"), "/proc/nowhere"]
    chief, follower = ({"workdir": folder, "config": _PLAIN} for folder in folders)
    ended, killed = clusters.finish(
        clusters.start(chief, {**follower, "signal": "SIGKILL", "at": 8})
    )
    assert killed[0] == -signal.SIGKILL
    assert ended[0] == 1
    assert "start all of them again" in ended[2]

    for status, output, error in clusters.finish(clusters.start(chief, follower)):
        assert status == 0, error
        assert json.loads(output) == {"step": 12, "interrupted": False}
    assert "resuming at step 5" in (tmp_path / "run" / "train.log").read_text()
    _assert_close(alone, tmp_path / "run")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"cluster": {"worker": ["a:1", "b:1"]}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 1}}',
        '{"cluster": {"worker": ["a:1"], "ps": ["b:1"]}, "task": {"type": "ps", "index": 0}}',
    ],
)
def test_a_damaged_tf_config_is_named(monkeypatch, text):
    monkeypatch.setenv("TF_CONFIG", text)
    for name in ("auto", "multi_worker"):
        with pytest.raises(strategies.StrategyError, match="TF_CONFIG is not as it should be"):
            strategies.create_strategy(name)


def test_a_cluster_needs_tf_config(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    with pytest.raises(strategies.StrategyError, match="needs the environment variable TF_CONFIG"):
        strategies.create_strategy("multi_worker")
