"""Tests of the shipped networks: that they are there, load offline, and score as they say."""

import re

import numpy as np
import pytest

from srcnn_tf.data.catalog import DATASETS
from srcnn_tf.engines.keras_models import load_pretrained
from srcnn_tf.engines.runners import runner
from srcnn_tf.evaluation.scoring import score
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.pretrained_weights import FOLDER, pretrained, pretrained_path, stem_path
from srcnn_tf.networks.weight_files import read_network
from srcnn_tf.networks.weights_info import WeightsError
from srcnn_tf.training.kept_records import without_paths
from srcnn_tf.training.publishing import CHECK, check_score, checked, unseen

_SHIPPED = pretrained()


@pytest.mark.parametrize("info", _SHIPPED, ids=lambda info: f"{info.network}_x{info.scale}")
def test_a_shipped_network_scores_as_recorded_and_beats_bicubic(info):
    network = load_pretrained(info.network, info.scale)
    assert network.count_params() == find_architecture(info.network, info.scale).parameters
    measured = check_score(network, info.scale)
    assert measured == pytest.approx(info.scores[CHECK]["psnr"], abs=0.01)
    picture = checked(network, info.scale)
    assert measured > score(picture.bicubic_y, picture.hr_y, info.scale).psnr + 0.5


@pytest.mark.parametrize("info", _SHIPPED, ids=lambda info: f"{info.network}_x{info.scale}")
def test_what_is_no_photograph_is_answered_within_a_few_times_full_scale(info):
    """Deep networks that are trained long without weight decay answer with thousands."""
    random = np.random.default_rng(1)
    shades = np.linspace(0, 1, 48, dtype=np.float32) * np.ones((48, 1), np.float32)
    noise = random.random((48, 48), np.float32)
    pictures = {
        "dithered": (shades > noise).astype(np.float32),
        "salt and pepper": np.where(noise < 0.1, np.rint(noise * 10), shades),
        "noise of 50 levels": shades + random.normal(0, 50 / 255, (48, 48)),
        "checks": np.indices((48, 48)).sum(axis=0) % 2.0,
    }
    run = runner(read_network(pretrained_path(info.network, info.scale)))
    for name, picture in pictures.items():
        if run.architecture.grid == "bicubic":
            picture = imresize(picture, info.scale)
        assert np.abs(run(picture.astype(np.float32))).max() < 5, name


@pytest.mark.parametrize("info", _SHIPPED, ids=lambda info: f"{info.network}_x{info.scale}")
def test_a_shipped_network_says_where_it_comes_from(info):
    for field in ("command", "config", "precision", "device", "versions", "commit", "date"):
        assert info.provenance[field], field
    assert "bin/train" in info.provenance["command"]
    assert info.provenance["config"]["validation_pictures"] == 0
    assert info.training_sets
    assert all("training" in DATASETS[name].roles for name in info.training_sets)
    assert info.steps == info.provenance["config"]["steps"]
    if info.scale > 1:
        scored = set(unseen(info, ["set5", "set14", "bsd100", "bsd200"]))
    else:
        scored = {"live1 q10", "classic5 q40"}
    assert scored | {CHECK} <= set(info.scores)
    assert not {"bsd200"} & set(info.scores) & set(info.training_sets)


def test_what_is_shipped_names_no_place_of_a_machine_and_is_small():
    for info in _SHIPPED:
        assert not re.search(r"[=\s](/|~|\.\./)|_dir|workdir", info.provenance["command"])
        start = info.provenance["config"]["initial_weights"]
        assert start == "" or stem_path(start)
    for path in FOLDER.glob("runs/*/*"):
        if path.suffix != ".png":
            text = path.read_text(encoding="utf-8")
            assert without_paths(text) == text, path
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 9.5e6


def test_a_network_that_is_not_shipped_is_named_with_what_is():
    with pytest.raises(WeightsError, match=r"No trained srcnn-9-5-5 for x7.*there is"):
        load_pretrained("srcnn-9-5-5", scale=7)
