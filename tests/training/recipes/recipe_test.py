"""Recipes by name, by older names, and by the network's family."""

import dataclasses

import pytest

from srcnn_tf.training.recipes.recipe import RECIPES, Recipe, find_recipe, preset, register


def test_srcnn_keras_is_the_recipe_it_names():
    config = preset("srcnn_keras", scale=2)
    assert (config.batch_size, config.steps, config.network) == (91, 100_000, "srcnn-9-5-5")
    assert config.patch_size == 33
    assert (config.rescale_factors, config.grid_offsets) == ((1.0,), 1)
    assert not config.dihedral


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_is_valid_and_takes_changes(name):
    # A recipe is for networks whose family names it, or for the default network.
    assert RECIPES[name].name == name
    if name in ("default", "long_equivariant", "long_plain", "rescaled", "srcnn_keras"):
        expected = dataclasses.replace(preset(name, scale=3), steps=7)
        assert preset(name, scale=3, steps=7) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("seed", "srcnn_keras"),
        ("shipped", "long_equivariant"),
        ("shipped_plain", "long_plain"),
        ("shipped_sizes", "rescaled"),
    ],
)
def test_older_names_still_mean_their_recipes(old, new):
    assert preset(old, scale=3) == preset(new, scale=3)


def test_auto_is_the_recipe_of_the_family():
    assert find_recipe("auto", "srcnn-9-1-5") is RECIPES["default"]
    assert preset(scale=3) == preset("default", scale=3)


def test_an_unknown_recipe_is_answered_with_the_known_ones():
    names = "default, .*long_equivariant, long_plain"
    with pytest.raises(ValueError, match=names):
        preset("fast", scale=3)


def test_a_recipe_can_be_added():
    register(Recipe("brief", {"steps": 5}))
    try:
        assert preset("brief", scale=2).steps == 5
    finally:
        RECIPES.unregister("brief")


def test_the_papers_network_is_trained_unless_another_is_asked_for():
    assert preset(scale=4).network == "srcnn-9-5-5"
