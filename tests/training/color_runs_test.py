"""Networks in color train, resume, score and enlarge by their names."""

import dataclasses
import json

import numpy as np
import pytest
import small_runs
from small_runs import short_recipe

from srcnn_tf.engines.runners import runner, self_ensemble
from srcnn_tf.evaluation.scoring import evaluate
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.weight_files import read_network
from srcnn_tf.training import run_pictures
from srcnn_tf.training.loop import train
from srcnn_tf.upscaling.whole_pictures import upscale

_NAMES = ["srcnn-9-1-5-rgb", "slim-2x8-ycbcr", "fsrcnn-rgb"]


def _train(config, folder, **options):
    return train(config, small_runs.colored_pictures(), folder, data="blocks", **options)


@pytest.mark.slow
@pytest.mark.parametrize("name", _NAMES)
def test_it_trains_resumes_scores_and_enlarges(name, tmp_path):
    config = short_recipe(name)
    result = _train(config, tmp_path / "whole")
    assert result.finished and np.isfinite(result.validation.psnr)
    _train(config, tmp_path / "stopped", stop_after=5)
    _train(config, tmp_path / "stopped")
    small_runs.assert_same_weights(
        tmp_path / "whole" / "last.safetensors", tmp_path / "stopped" / "last.safetensors"
    )
    saved = json.loads((tmp_path / "whole" / "config.json").read_text())
    assert 0.0 in (saved.get("full_range"), saved.get("config", {}).get("full_range"))

    network = read_network(tmp_path / "whole" / "last.safetensors")
    assert network.architecture == find_architecture(name, 3)
    run = runner(network)
    pictures = small_runs.colored_pictures(3)
    colored, gray = evaluate(pictures, 3, run), evaluate(small_grays(), 3, run)
    assert all(np.isfinite(score.network.psnr) for score in (*colored, *gray))
    ensemble = evaluate(pictures, 3, self_ensemble(run))
    assert ensemble[0].network.psnr == pytest.approx(colored[0].network.psnr, abs=1)
    strip = run_pictures.side_by_side(run_pictures.sample(pictures, 3), run)
    assert strip.dtype == np.uint8 and strip.ndim == 2

    random = np.random.default_rng(0)
    for channels in (1, 2, 3, 4):
        small = random.integers(0, 256, (13, 9, channels), dtype=np.uint8)
        whole = upscale(small, 3, network)
        assert whole.shape == (39, 27, channels)
        tiled = upscale(small, 3, network, tile=10).astype(int)
        assert np.abs(tiled - whole).max() <= 1


def small_grays():
    """Gray pictures as records hold them: their Y three times."""
    return [
        picture._replace(hr=np.repeat(picture.hr_y[..., None], 3, axis=2))
        for picture in small_runs.pictures(2)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["srcnn-9-1-5-rgb", "srcnn-9-1-5-ycbcr"])
def test_its_recipe_beats_bicubic_soon(name, tmp_path):
    result = _train(short_recipe(name, steps=300, evaluate_every=300, log_every=100), tmp_path)
    scores = evaluate(small_runs.colored_pictures(3), 3, runner(result.network))
    assert np.mean([score.network.psnr - score.bicubic.psnr for score in scores]) > 0.3


def test_engines_train_alike(tmp_path):
    results = [
        _train(short_recipe("srcnn-9-1-5-rgb", engine=engine, steps=3), tmp_path / engine)
        for engine in ("cpu", "tensorflow")
    ]
    ours, theirs = (result.network.get_arrays() for result in results)
    for name, array in ours.items():
        np.testing.assert_allclose(array, theirs[name], rtol=0, atol=1e-4)


def test_what_cannot_be_is_one_sentence(tmp_path):
    with pytest.raises(ValueError, match="degraded in luminance"):
        short_recipe("slim-10x16-photo-rgb")
    with pytest.raises(ValueError, match="equivariant must be off"):
        short_recipe("srcnn-9-1-5-rgb", equivariant=True)
    with pytest.raises(ValueError, match="has no colors"):
        train(
            short_recipe("srcnn-9-1-5-rgb"),
            small_runs.pictures(),
            tmp_path,
            data="blocks",
        )
    config = short_recipe("srcnn-9-1-5-rgb", full_range=0.5)
    assert config.full_range == 0 and not config.equivariant
    assert dataclasses.replace(config, network="srcnn-9-1-5").full_range == 0
