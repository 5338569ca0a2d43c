"""Whatever family is registered trains, resumes, scores and enlarges."""

import numpy as np
import pytest
import small_runs
from small_runs import short_recipe

from srcnn_tf.engines.runners import runner, self_ensemble
from srcnn_tf.evaluation.scoring import evaluate
from srcnn_tf.imaging.tiling import Tiler
from srcnn_tf.networks.families.family import FAMILIES, family_of, find_architecture
from srcnn_tf.networks.weight_files import read_network
from srcnn_tf.training.loop import train
from srcnn_tf.training.recipes.recipe import RECIPES
from srcnn_tf.upscaling.whole_pictures import upscale

_NAMES = pytest.mark.parametrize("name", [family.networks[0] for family in FAMILIES.values()])


def _train(config, folder, **options):
    return train(config, small_runs.pictures(), folder, data="blocks", **options)


@_NAMES
def test_it_is_known_by_name_and_names_a_recipe(name):
    family = family_of(name)
    assert name in family.networks
    assert RECIPES[family.recipe]
    for scale in (2, 3, 4):
        for known in family.networks:
            built = find_architecture(known, scale)
            assert (built.name, built.grid) == (known, family.grid)
            assert built.upscale == (scale if family.grid == "low" else 1)
    if family.grid == "low":
        with pytest.raises(ValueError, match="another network for every scale"):
            find_architecture(name)


@pytest.mark.slow
@_NAMES
def test_it_trains_resumes_and_enlarges(name, tmp_path):
    config = short_recipe(name)
    result = _train(config, tmp_path / "whole")
    assert result.finished and np.isfinite(result.validation.psnr)
    _train(config, tmp_path / "stopped", stop_after=5)
    _train(config, tmp_path / "stopped")
    small_runs.assert_same_weights(
        tmp_path / "whole" / "last.safetensors", tmp_path / "stopped" / "last.safetensors"
    )
    network = read_network(tmp_path / "whole" / "last.safetensors")
    assert network.architecture == find_architecture(name, 3)

    small = np.random.default_rng(0).integers(0, 256, (13, 9, 3), dtype=np.uint8)
    assert upscale(small, 3, network).shape == (39, 27, 3)
    tiled = upscale(small, 3, network, tile=10).astype(int)
    assert np.abs(tiled - upscale(small, 3, network)).max() <= 1
    plane = np.random.default_rng(1).random((13, 9), np.float32)
    answers = [runner(network, engine)(plane) for engine in ("auto", "numpy", "tensorflow")]
    for answer in answers[1:]:
        np.testing.assert_allclose(answer, answers[0], rtol=0, atol=1e-5)
    built, run = network.architecture, self_ensemble(runner(network))
    tiled = Tiler(11).run(plane, run, built.halo, built.upscale)
    np.testing.assert_allclose(tiled, run(plane), rtol=0, atol=1e-5)
    scores = evaluate(small_runs.pictures(3), 3, runner(network))
    assert all(np.isfinite(score.network.psnr) for score in scores)


@pytest.mark.slow
@_NAMES
@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_it_trains_in_mixed_precision(name, precision, tmp_path):
    result = _train(short_recipe(name, precision=precision), tmp_path)
    assert result.finished and np.isfinite(result.validation.psnr)


@pytest.mark.slow
@_NAMES
def test_its_recipe_beats_bicubic_soon(name, tmp_path):
    config = short_recipe(name, steps=300, evaluate_every=300, log_every=100)
    result = _train(config, tmp_path)
    held_out = evaluate(small_runs.pictures(3), 3, runner(result.network))
    gains = [score.network.psnr - score.bicubic.psnr for score in held_out]
    assert np.mean(gains) > 0.3, gains
