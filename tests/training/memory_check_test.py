"""Pictures are kept in memory where they fit: by their size, the recipe, and the machine."""

import pytest

from srcnn_tf.networks.families.family import network_names
from srcnn_tf.training import memory_check
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.recipes.recipe import preset


def test_estimate_matches_what_t91_takes():
    # 40,450,133 bytes of records, four positions, five sizes: 3,344 MB at the highest, of which
    # 693 are TensorFlow's own.
    config = TrainConfig(scale=3, grid_offsets=4, rescale_factors=(1.0, 0.9, 0.8, 0.7, 0.6))
    needed = memory_check.memory_check(40_450_133, config).needed
    assert needed == pytest.approx((3344 - 693) * 2**20, rel=0.15)


def test_the_recipe_multiplies_the_pictures():
    def needed(**changes):
        return memory_check.memory_check(10**9, TrainConfig(scale=2, **changes)).needed

    once = needed(rescale_factors=(1.0,), grid_offsets=1)
    assert needed(rescale_factors=(1.0,), grid_offsets=4) == pytest.approx(4 * once, rel=0.1)
    assert needed(rescale_factors=(1.0,), grid_offsets=9) == needed(
        rescale_factors=(1.0,), grid_offsets=4
    )
    assert needed(rescale_factors=(1.0, 0.5), grid_offsets=1) == pytest.approx(1.25 * once, rel=0.1)


def test_available_memory_decides(monkeypatch):
    monkeypatch.setattr(memory_check, "available_memory", lambda: 10**9)
    config = TrainConfig(scale=2, rescale_factors=(1.0,), grid_offsets=1)
    assert memory_check.memory_check(10**8, config).fits
    too_many = memory_check.memory_check(10**9, config)
    assert not too_many.fits
    assert str(too_many).endswith("GB of memory, and 1.0 GB are available")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"batch_size": 100_000_000},
            "training srcnn-9-5-5 on 100,000,000 crops of 64 x 64 needs at least about 9,83",
        ),
        ({"patch_size": 100_000}, "on 16 crops of 100,000 x 100,000 needs at least about "),
        (
            {"network": "slim-10x99", "batch_size": 999, "engine": "tensorflow"},
            "training slim-10x99 on 999 crops",
        ),
        (
            {"network": "slim-99x999", "patch_size": 210, "batch_size": 1},
            "needs at least about 26.",
        ),
    ],
)
def test_steps_that_no_memory_holds_are_estimated(monkeypatch, changes, words):
    monkeypatch.setattr(memory_check, "available_memory", lambda: 10**9)
    assert memory_check.step_check(TrainConfig(scale=2)).fits
    monkeypatch.setattr(memory_check, "available_memory", lambda: 7 * 10**9)
    absurd = memory_check.step_check(TrainConfig(scale=2, **changes))
    assert not absurd.fits
    assert words in str(absurd)
    assert str(absurd).endswith("GB of memory, and 7.0 GB are available")


def test_every_known_network_may_be_trained_on_a_small_machine(monkeypatch):
    monkeypatch.setattr(memory_check, "available_memory", lambda: 10**9)
    for network in network_names():
        config = preset("auto", scale=4, network=network)
        assert memory_check.step_check(config).fits
