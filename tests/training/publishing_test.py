"""A run is taken into the package with its scores and records, and without its machine's paths."""

import dataclasses
import json

import numpy as np
import pytest

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.engines.keras_models import create_network
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.networks import pretrained_weights
from srcnn_tf.networks.network import initial_network
from srcnn_tf.networks.weight_files import (
    read_network,
    read_weights,
    save_weights,
    write_network,
)
from srcnn_tf.networks.weights_info import WeightsError, WeightsInfo
from srcnn_tf.training import publishing

_INFO = WeightsInfo(
    network="srcnn-9-1-5",
    scale=2,
    training_data="t91 x2: 91 pictures trained on",
    steps=5,
    provenance={
        "command": "bin/train --scale=2 --workdir=/home/ann/r --data_dir /a/tfds --config=/c/a.j",
        "config": {"validation_pictures": 0, "initial_weights": ""},
    },
)


@pytest.fixture(name="run")
def _run(tmp_path):
    network = create_network("srcnn-9-1-5")
    save_weights(tmp_path / "run" / "last.safetensors", network.get_arrays(), _INFO)
    (tmp_path / "run" / "config.json").write_text('{"network": "n", "data": "t91", "scale": 2}')
    (tmp_path / "run" / "train.log").write_text("a checkpoint /home/ann/r/7 is damaged\n")
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
    assert info.provenance["command"] == "bin/train --scale=2 --config=a.j"
    assert info.provenance["training_seconds"] == 1
    records = tmp_path / "shipped/runs/srcnn-9-1-5_x2"
    for record in ("config.json", "metrics.jsonl", "curve.png"):
        assert (records / record).is_file()
    assert (records / "train.log").read_text() == "a checkpoint 7 is damaged\n"


def test_a_published_file_is_scored_again(run, tmp_path):
    pair = degrade(np.random.default_rng(0).integers(0, 256, (40, 40), np.uint8), 2)
    pictures = [EvaluationPicture("a", pair.hr_y[..., 0], pair.bicubic_y[..., 0])]
    publishing.ship(run, tmp_path / "shipped", {"noise": pictures})
    path = tmp_path / "shipped" / "srcnn-9-1-5_x2.safetensors"
    before = read_network(path)

    publishing.rescore(path, {"bsd200": pictures})

    after = read_network(path)
    assert after.info.scores == before.info.scores | {"bsd200": before.info.scores["noise"]}
    assert after.replace(info=before.info) == before


@pytest.mark.parametrize("scale", [1, 2])
def test_a_network_for_photographs_is_scored_on_jpegs(tmp_path, scale):
    network = initial_network("slim-4x8-photo", scale)
    made = {"config": {"validation_pictures": 0, "compressed": 0.5}, "training_seconds": 1}
    info = dataclasses.replace(_INFO, network=network.name, scale=scale, provenance=made)
    path = tmp_path / "net.safetensors"
    write_network(path, network.replace(info=info))
    pair = degrade(publishing.check_picture(), 2)
    planes = (plane[..., 0] for plane in (pair.hr_y, pair.bicubic_y, pair.lr_y))

    publishing.rescore(path, {"rings": [EvaluationPicture("a", *planes)]})

    scores = read_network(path).info.scores
    assert {"rings q10", "rings q40", publishing.CHECK} < set(scores)
    assert ("rings" in scores) == (scale > 1)
    # An untrained network adds nothing to bicubic's, or the JPEG's, quality.
    assert scores["rings q10"]["psnr"] < scores["rings q40"]["psnr"] < 60
    assert np.isfinite(scores[publishing.CHECK]["psnr"])


def test_what_was_trained_on_is_not_scored(run, tmp_path):
    info = dataclasses.replace(_INFO, training_data="t91,bsd200 x2: 291 pictures trained on")
    assert publishing.unseen(info, ["set5", "bsd200"]) == ["set5"]
    assert publishing.unseen(_INFO, ["set5", "bsd200"]) == ["set5", "bsd200"]
    save_weights(run / "last.safetensors", create_network("srcnn-9-1-5").get_arrays(), info)
    with pytest.raises(ValueError, match="was trained on bsd200"):
        publishing.ship(run, tmp_path / "shipped", {"bsd200": []})


def test_a_run_that_starts_from_a_published_network_says_which(run, tmp_path, monkeypatch):
    shipped = tmp_path / "shipped"
    monkeypatch.setattr(pretrained_weights, "FOLDER", shipped)
    started = {"validation_pictures": 0, "initial_weights": str(run / "last.safetensors")}
    info = dataclasses.replace(
        _INFO, scale=3, provenance={"command": "bin/train", "config": started}
    )
    second = tmp_path / "second"
    save_weights(second / "last.safetensors", create_network("srcnn-9-1-5").get_arrays(), info)
    with pytest.raises(WeightsError, match=r"is not the srcnn-9-1-5_x2 of the package"):
        publishing.ship(second, shipped, {})
    (second / "config.json").write_text("{}")

    publishing.ship(run, shipped, {})
    publishing.ship(second, shipped, {})

    _, info = read_weights(shipped / "srcnn-9-1-5_x3.safetensors")
    assert info.provenance["config"]["initial_weights"] == "srcnn-9-1-5_x2"
    recipe = json.loads((shipped / "runs/srcnn-9-1-5_x3/config.json").read_text())
    assert recipe["initial_weights"] == "srcnn-9-1-5_x2"
    assert pretrained_weights.runs_in_order() == ["srcnn-9-1-5_x2", "srcnn-9-1-5_x3"]


def test_run_with_held_out_pictures_is_refused(run, tmp_path):
    info = dataclasses.replace(_INFO, provenance={"config": {"validation_pictures": 10}})
    save_weights(run / "last.safetensors", create_network("srcnn-9-1-5").get_arrays(), info)
    with pytest.raises(WeightsError, match="--validation_pictures=0"):
        publishing.ship(run, tmp_path / "shipped", {})
    assert not (tmp_path / "shipped").exists()
