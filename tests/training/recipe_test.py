"""Tests of the recipe's checks."""

import dataclasses

import pytest

from srcnn_tf.training.recipe import PRESETS, TrainConfig, preset


def test_seed_preset_is_the_recipe_it_names():
    config = preset("seed", scale=2)
    assert (config.batch_size, config.steps, config.network) == (91, 100_000, "srcnn-9-5-5")
    assert config.patch_size == 33
    assert (config.sizes, config.shifts) == ((1.0,), 1)
    assert not config.turns


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_valid_recipe_and_takes_changes(name):
    assert preset(name, scale=3, steps=7) == dataclasses.replace(preset(name, scale=3), steps=7)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("network", "srcnn-1-2-3"),
        ("initialization", "zeros"),
        ("optimizer", "sgd"),
        ("loss", "l3"),
        ("precision", "int8"),
        ("scale", 1),
        ("steps", 0),
        ("batch_size", 0),
        ("patch_size", 16),
        ("shifts", 0),
        ("full_range", 1.5),
        ("sizes", ()),
        ("sizes", (1.5,)),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("final_learning_rate", 2.0),
        ("ema_decay", 1.0),
        ("validation_pictures", -1),
        ("steps_per_call", 0),
    ],
)
def test_senseless_value_is_named(field, value):
    with pytest.raises(ValueError, match=field if field != "network" else "no network"):
        TrainConfig(**{"scale": 3, field: value})


def test_unknown_preset_is_refused():
    names = "default, shipped, shipped_plain, shipped_sizes, subimages, seed"
    with pytest.raises(ValueError, match=names):
        preset("fast", scale=3)
