"""`Recipe`: a named choice of everything that training depends on, and the registry of them."""

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from srcnn_tf.networks.families.family import family_of
from srcnn_tf.registry import Registry
from srcnn_tf.training.config import TrainConfig

# The recipe that a network's family names.
AUTO = "auto"


@dataclasses.dataclass(frozen=True)
class Recipe:
    """Fields of `TrainConfig` that differ from its defaults.

    Attributes:
      name: what users call it.
      fields: their values by name.
      description: one line, for help texts.
      aliases: other names, such as those it had before.
      streams: whether it takes sub-images, which are read from disk while it trains: `never`;
        `always`; or `own`, of the user's own pictures, which alone are cut into sub-images.
    """

    name: str
    fields: Mapping[str, Any]
    description: str = ""
    aliases: tuple[str, ...] = ()
    streams: Literal["never", "always", "own"] = "never"


RECIPES: Registry[Recipe] = Registry("recipe")
_ALIASES: dict[str, str] = {}


def register(recipe: Recipe) -> Recipe:
    """Adds a recipe.

    Raises:
      ValueError: another one has the name.
    """
    RECIPES.register(recipe.name, recipe)
    _ALIASES.update(dict.fromkeys(recipe.aliases, recipe.name))
    return recipe


def find_recipe(name: str, network: str = TrainConfig.network) -> Recipe:
    """Returns a recipe by name or alias; `auto` is the one that the network's family names.

    Raises:
      UnknownNameError: there is no such recipe, or no such network; a ValueError.
    """
    if name == AUTO:
        name = family_of(network).recipe
    return RECIPES[_ALIASES.get(name, name)]


def preset(name: str = AUTO, **changes: Any) -> TrainConfig:
    """Returns a recipe with changes made to it.

    Args:
      name: of the recipe; see `find_recipe`.
      **changes: fields of `TrainConfig`; `scale` is one that must be given.

    Raises:
      ValueError: no such recipe, or a value that `TrainConfig` does not take.
    """
    recipe = find_recipe(name, changes.get("network", TrainConfig.network))
    return TrainConfig(**{**recipe.fields, **changes})
