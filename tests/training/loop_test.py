"""Tests of whole training runs: learning, stopping, resuming, and refusing."""

import json
import os
import signal
import threading

import numpy as np
import pytest
from small_runs import arrays as _arrays
from small_runs import assert_same_weights as _assert_same_weights
from small_runs import config as _config
from small_runs import pictures as _pictures
from small_runs import train as _train

from srcnn_tf.files import folder_lock
from srcnn_tf.networks.weight_files import read_weights
from srcnn_tf.training import loop
from srcnn_tf.training.run_records import read_metrics


@pytest.mark.slow
def test_stopped_run_ends_with_the_same_weights(tmp_path):
    _train(_config(), tmp_path / "whole")
    for stop in (4, 7, None):
        result = _train(_config(), tmp_path / "parts", stop_after=stop)
        assert result.step == (stop or 12)
        assert result.finished == (stop is None)

    _assert_same_weights(
        tmp_path / "whole" / "last.safetensors", tmp_path / "parts" / "last.safetensors"
    )
    whole, parts = (read_metrics(tmp_path / run / "metrics.jsonl") for run in ("whole", "parts"))
    validation = [line for line in whole if line["kind"] == "validation"]
    assert [line["step"] for line in validation] == [5, 10, 12]
    resumed = {line["step"]: line for line in parts if line["kind"] == "validation"}
    assert [resumed[line["step"]] for line in validation] == validation


@pytest.mark.slow
def test_no_step_is_logged_twice(tmp_path):
    _train(_config(), tmp_path, stop_after=7)
    with (tmp_path / "metrics.jsonl").open("a") as file:
        file.write(json.dumps({"kind": "train", "step": 9, "loss": 1.0}) + '\n{"kind": "tra')
    _train(_config(), tmp_path)
    steps = [line["step"] for line in read_metrics(tmp_path / "metrics.jsonl")]
    assert steps == sorted(steps)
    assert 9 not in steps


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_saves_and_the_same_call_resumes(tmp_path, number):
    config = _config(steps=100_000, evaluate_every=100_000)
    timer = threading.Timer(4, os.kill, (os.getpid(), number))
    timer.start()
    stopped = _train(config, tmp_path)
    timer.join()
    assert not stopped.finished
    assert stopped.checkpoint.is_file()
    resumed = _train(config, tmp_path, stop_after=stopped.step + 3)
    assert resumed.step == stopped.step + 3


@pytest.mark.parametrize(
    "precision",
    [
        "float32",
        *(
            pytest.param(f"mixed_{half}", marks=pytest.mark.slow)
            for half in ("bfloat16", "float16")
        ),
    ],
)
def test_the_loss_falls_and_saved_weights_are_float32(tmp_path, precision):
    config = _config(precision=precision, steps=50, evaluate_every=50, log_every=10)
    result = _train(config, tmp_path)
    losses = [
        line["loss"] for line in read_metrics(tmp_path / "metrics.jsonl") if line["kind"] == "train"
    ]
    assert losses[-1] < 0.8 * losses[0]
    assert all(array.dtype == np.float32 for array in _arrays(result.weights).values())


@pytest.mark.slow
def test_training_beats_bicubic_on_held_out_pictures(tmp_path):
    config = _config(steps=150, evaluate_every=50, validation_pictures=2)
    result = _train(config, tmp_path)
    lines = [
        line for line in read_metrics(tmp_path / "metrics.jsonl") if line["kind"] == "validation"
    ]
    assert result.validation.psnr > lines[-1]["bicubic_psnr"] + 0.5
    best = read_weights(tmp_path / "best.safetensors")[1]
    assert best.scores["validation"]["psnr"] == max(line["psnr"] for line in lines)


@pytest.mark.slow
def test_seed_decides_the_weights(tmp_path):
    pictures = _pictures()
    for name, order, seed in (("a", 1, 5), ("b", -1, 5), ("c", 1, 6)):
        config = _config(seed=seed, steps=6, evaluate_every=6)
        loop.train(config, sorted(pictures)[::order], tmp_path / name, data="blocks")
    _assert_same_weights(tmp_path / "a/last.safetensors", tmp_path / "b/last.safetensors")
    one, other = _arrays(tmp_path / "a/last.safetensors"), _arrays(tmp_path / "c/last.safetensors")
    assert not np.array_equal(one["conv1/kernel"], other["conv1/kernel"])


@pytest.mark.slow
def test_weights_say_how_they_were_made(tmp_path):
    result = _train(_config(), tmp_path, command="bin/train --scale=3")
    _, info = read_weights(result.weights)
    assert (info.network, info.scale, info.channel) == ("srcnn-9-1-5", 3, "Y")
    assert "9 pictures trained on, 1 held out" in info.training_data
    assert info.provenance["command"] == "bin/train --scale=3"
    assert info.provenance["config"]["seed"] == 1
    assert "tensorflow" in info.provenance["versions"]
    assert info.provenance["device"]


@pytest.mark.slow
def test_training_on_all_pictures_has_no_best(tmp_path):
    result = _train(_config(validation_pictures=0), tmp_path)
    assert result.validation is None
    assert result.weights == tmp_path / "last.safetensors"
    assert not (tmp_path / "best.safetensors").exists()


@pytest.mark.slow
def test_training_starts_from_given_weights(tmp_path):
    first = _train(_config(), tmp_path / "first")
    config = _config(
        initial_weights=str(first.weights), learning_rate=1e-9, adam_learning_rate=1e-9
    )
    second = _train(config, tmp_path / "second")
    given = _arrays(first.weights)
    for name, array in _arrays(second.weights).items():
        np.testing.assert_allclose(array, given[name], atol=1e-6)


@pytest.mark.slow
def test_weights_of_another_network_cannot_start_a_run(tmp_path):
    first = _train(_config(), tmp_path / "first")
    config = _config(network="srcnn-9-3-5", initial_weights=str(first.weights))
    with pytest.raises(loop.TrainingError, match="srcnn-9-1-5"):
        _train(config, tmp_path / "second")


@pytest.mark.slow
def test_a_folder_with_another_recipe_is_left_alone(tmp_path):
    _train(_config(), tmp_path, stop_after=4)
    before = (tmp_path / "last.safetensors").read_bytes()
    with pytest.raises(loop.TrainingError, match=r"batch_size: 4 there, 5 now"):
        _train(_config(batch_size=5), tmp_path)
    assert (tmp_path / "last.safetensors").read_bytes() == before


def test_a_folder_that_another_run_uses_is_left_alone(tmp_path):
    with folder_lock.lock_folder(tmp_path), pytest.raises(loop.TrainingError, match="in use by"):
        _train(_config(), tmp_path)
    assert not list(tmp_path.glob("*.safetensors"))


def test_nan_loss_ends_the_run(tmp_path):
    config = _config(
        optimizer="adam", learning_rate=1e30, warmup_steps=0, steps=40, evaluate_every=20
    )
    with pytest.raises(loop.TrainingError, match="no longer a number"):
        _train(config, tmp_path)
    for path in tmp_path.glob("**/*.safetensors"):
        assert np.isfinite(_arrays(path)["conv1/kernel"]).all()


def test_pictures_that_are_too_small_are_refused(tmp_path):
    with pytest.raises(ValueError, match="--patch_size"):
        _train(_config(patch_size=61), tmp_path)


@pytest.mark.slow
def test_a_finished_run_is_prolonged(tmp_path, caplog):
    # With a constant rate and no average a prolonged run is one that was that long from the start.
    constant = {"final_learning_rate": 1.0, "warmup_steps": 0, "ema_decay": 0.0}
    _train(_config(steps=12, **constant), tmp_path / "whole")
    _train(_config(steps=7, **constant), tmp_path / "longer")
    with caplog.at_level("INFO", "srcnn_tf"):
        result = _train(_config(steps=12, **constant), tmp_path / "longer")
    assert result.finished and result.step == 12
    assert "prolonged from 7 to 12 steps" in caplog.text
    _assert_same_weights(
        tmp_path / "whole" / "last.safetensors", tmp_path / "longer" / "last.safetensors"
    )
    with pytest.raises(loop.TrainingError, match="steps: 12 there, 7 now"):
        _train(_config(steps=7, **constant), tmp_path / "longer")
