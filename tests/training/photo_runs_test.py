"""Runs on degraded pictures: scale 1 too, resumed exactly, judged under several conditions."""

import json

import numpy as np
import pytest
import small_runs

from srcnn_tf.engines.runners import runner
from srcnn_tf.networks.weight_files import read_network
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.loop import train
from srcnn_tf.training.recipes.recipe import preset
from srcnn_tf.training.run_records import read_metrics

_SHORT = {
    "steps": 12,
    "batch_size": 4,
    "patch_size": 14,
    "validation_pictures": 1,
    "evaluate_every": 6,
    "log_every": 6,
    "steps_per_call": 3,
}


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1, 3])
def test_it_trains_resumes_and_says_how_it_does_under_each_condition(scale, tmp_path):
    config = preset(network="slim-4x8-photo", scale=scale, **_SHORT)
    assert config.photo is not None
    pictures = small_runs.pictures(scale=max(scale, 2))
    for folder, stop in (("whole", None), ("parts", 5), ("parts", None)):
        result = train(config, pictures, tmp_path / folder, data="blocks", stop_after=stop)
    assert result.finished and np.isfinite(result.validation.psnr)
    small_runs.assert_same_weights(
        tmp_path / "whole" / "best.safetensors", tmp_path / "parts" / "best.safetensors"
    )
    lines = read_metrics(tmp_path / "whole" / "metrics.jsonl")
    gains = [line for line in lines if line["kind"] == "conditions"][-1]
    assert {"q10", "q40", "q90"} < set(gains)
    assert all(np.isfinite(value) for key, value in gains.items() if key != "kind")
    network = read_network(result.weights)
    assert (network.scale, network.architecture.upscale) == (scale, scale)
    assert runner(network)(np.zeros((9, 11), np.float32)).shape == (9 * scale, 11 * scale)


def test_recipes_for_photographs_fit_their_networks():
    assert preset(network="slim-10x32-photo", scale=1).photo.qualities == (5, 95)
    assert preset(network="slim-10x32", scale=2).photo is None
    with pytest.raises(ValueError, match="scale 1 is for cleaning"):
        preset(network="slim-10x32", scale=1)
    with pytest.raises(ValueError, match="compressed and noisy must be 0 for srcnn-9-5-5"):
        TrainConfig(scale=3, compressed=0.5)
    with pytest.raises(ValueError, match="qualities must be two"):
        TrainConfig(scale=3, qualities=(95, 5))


def test_older_recipes_have_clean_pictures():
    values = json.loads(json.dumps(TrainConfig(scale=3).__dict__))
    for name in ("compressed", "webp", "recompressed", "noisy", "noise_levels", "qualities"):
        del values[name]
    assert TrainConfig.from_json(values).photo is None
