"""Tests of taking a run into the package."""

import dataclasses
import json

import numpy as np
import pytest

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.engines.keras_models import create_network
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.networks.weight_files import read_weights, save_weights
from srcnn_tf.networks.weights_info import WeightsError, WeightsInfo
from srcnn_tf.training import publishing

_INFO = WeightsInfo(
    network="srcnn-9-1-5",
    scale=2,
    training_data="t91 x2: 91 pictures trained on",
    steps=5,
    provenance={"config": {"validation_pictures": 0}},
)


@pytest.fixture(name="run")
def _run(tmp_path):
    network = create_network("srcnn-9-1-5")
    save_weights(tmp_path / "run" / "last.safetensors", network.get_arrays(), _INFO)
    (tmp_path / "run" / "config.json").write_text("{}")
    line = {"kind": "train", "step": 5, "loss": 0.5, "learning_rate": 0.1, "steps_per_second": 9.0}
    (tmp_path / "run" / "metrics.jsonl").write_text(json.dumps(line) + "\n")
    return tmp_path / "run"


def test_published_file_holds_weights_and_scores(run, tmp_path):
    pair = degrade(np.random.default_rng(0).integers(0, 256, (40, 40), np.uint8), 2)
    pictures = [EvaluationPicture("a", pair.hr_y[..., 0], pair.bicubic_y[..., 0])]

    scores = publishing.ship(run, tmp_path / "shipped", {"noise": pictures})

    arrays, info = read_weights(tmp_path / "shipped" / "srcnn-9-1-5_x2.safetensors")
    for name, array in read_weights(run / "last.safetensors")[0].items():
        np.testing.assert_array_equal(arrays[name], array)
    assert info.scores["noise"]["psnr"] == scores["noise"][0].network.psnr
    assert info.scores[publishing.CHECK]["psnr"] > 10
    for record in ("config.json", "metrics.jsonl", "curve.png"):
        assert (tmp_path / "shipped/runs/srcnn-9-1-5_x2" / record).is_file()


def test_run_with_held_out_pictures_is_refused(run, tmp_path):
    info = dataclasses.replace(_INFO, provenance={"config": {"validation_pictures": 10}})
    save_weights(run / "last.safetensors", create_network("srcnn-9-1-5").get_arrays(), info)
    with pytest.raises(WeightsError, match="--validation_pictures=0"):
        publishing.ship(run, tmp_path / "shipped", {})
    assert not (tmp_path / "shipped").exists()
