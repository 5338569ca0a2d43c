"""`Family`: networks that are built by one rule, and the registry that users' files add to.

Every network on luminance has two more by its name: `<name>-ycbcr` and `<name>-rgb`, which see and
restore three planes. No family builds these itself.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from srcnn_tf.imaging.color_modes import COLOR_MODES, LUMINANCE
from srcnn_tf.networks.architecture import Architecture
from srcnn_tf.networks.initialization import draw_arrays
from srcnn_tf.registry import Registry, UnknownNameError

Arrays = dict[str, np.ndarray]


class Equivariance(Protocol):
    """How a family's networks are built to treat all eight flips and rotations alike."""

    def supports(self, architecture: Architecture) -> bool:
        """Whether a network can be built so."""

    def symmetric_start(self, architecture: Architecture, arrays: Mapping) -> Arrays:
        """Returns such a network made of another."""

    def symmetric_tables(self, architecture: Architecture) -> list[np.ndarray]:
        """Returns, for each array, which weights are to be equal."""

    def asymmetry(self, architecture: Architecture, arrays: Mapping) -> float:
        """Returns the largest difference between weights that are to be equal."""


@dataclasses.dataclass(frozen=True)
class Family:
    """Networks that are built by one rule.

    Attributes:
      name: of the family, such as `srcnn`; its entry in the registry.
      networks: names of its best known members, which help texts list.
      build: `build(name, scale)` returns the architecture of that name, or None if it is not one of
        this family's. On the bicubic grid it should not depend on the scale, which may be None
        there. On the low grid it is asked with a scale.
      grid: of all members, `bicubic` or `low`.
      initialize: `initialize(architecture, initialization, seed)` draws the arrays that training
        starts from; see `initialization.draw_arrays`, which is the default.
      recipe: name of the recipe that `bin/train` takes for its networks if no other is asked for.
      equivariance: how networks are built that treat all flips and rotations alike, if they can.
      description: one line on it, for help texts.
    """

    name: str
    networks: tuple[str, ...]
    build: Callable[[str, int | None], Architecture | None]
    grid: str
    initialize: Callable[[Architecture, str, int], Arrays] = draw_arrays
    recipe: str = "default"
    equivariance: Equivariance | None = None
    description: str = ""


FAMILIES: Registry[Family] = Registry("family of networks")
# What follows a network's name if it is not on luminance.
COLORS = tuple(name for name in COLOR_MODES if name != LUMINANCE.name)


def register(family: Family) -> Family:
    """Adds a family, so that its networks train, score and enlarge by name.

    Raises:
      ValueError: another family has the name, or builds a network of the same name, so that one of
        the two would never be found.
    """
    for other in FAMILIES.values():
        if other is family or other.name == family.name:
            continue
        for name, builder in [
            *((name, other) for name in family.networks),
            *((name, family) for name in other.networks),
        ]:
            if any(_built(builder, each, 2) for each, _ in _readings(name)):
                raise ValueError(
                    f"The family {family.name} has a network {name!r}, and so has the family "
                    f"{other.name}; choose another name."
                )
    return FAMILIES.register(family.name, family)


def family_of(name: str) -> Family:
    """Returns the family that a network of that name belongs to.

    Raises:
      UnknownNameError: none; the message lists the best known networks. A ValueError.
    """
    return _found(name)[0]


def _found(name):
    """Returns the family of a network, its name there, and its color, "" if the family says it."""
    # Any scale tells whether a name is known; families on the low grid need one.
    for known, color in _readings(name):
        for family in FAMILIES.values():
            built = _built(family, known, 2, any_scale=True)
            if built is not None and not (color and built.color != LUMINANCE.name):
                return family, known, color
    raise UnknownNameError(
        f"There is no network {name!r}; the networks are {', '.join(network_names())}, and each "
        f"with -{' or -'.join(COLORS)} for color."
    )


def _readings(name: str) -> list[tuple[str, str]]:
    """Returns what a name may mean: a network's name, and its color, "" if the family says it."""
    base, _, suffix = name.rpartition("-")
    return [(name, "")] + ([(base, suffix)] if suffix in COLORS else [])


def _built(
    family: Family, name: str, scale: int | None, any_scale: bool = False
) -> Architecture | None:
    """Returns what a family builds, which may be a user's own; ValueError if it is nonsense.

    With `any_scale` it may be for another scale: a family may know one alone.
    """
    try:
        built = family.build(name, scale)
    except ValueError:  # Of the architecture, in a sentence.
        raise
    except Exception as error:
        raise ValueError(
            f"The family {family.name} fails to build {name!r} ({error!r}); mend its `build`."
        ) from error
    if built is None:
        return None
    wrong = ""
    if not isinstance(built, Architecture):
        wrong = f"a {type(built).__name__} and no Architecture"
    elif built.name != name:
        wrong = f"a network called {built.name!r}"
    elif built.grid != family.grid:
        wrong = f"a network on the {built.grid} grid, and says that it is on the {family.grid} grid"
    elif not (any_scale or scale is None) and built.upscale not in (1, scale):
        wrong = f"a network that enlarges by {built.upscale} where {scale} was asked for"
    if wrong:
        raise ValueError(f"The family {family.name} builds for {name!r} {wrong}; mend its `build`.")
    return built


def find_architecture(name: str, scale: int | None = None) -> Architecture:
    """Returns what a network is made of.

    Args:
      name: such as `srcnn-9-5-5` or `slim-10x16`; with `-ycbcr` or `-rgb`, `Architecture.in_color`.
      scale: the enlargement; networks on the low grid depend on it, those on the bicubic do not.

    Raises:
      UnknownNameError: there is no such network; a ValueError.
      ValueError: the network depends on the scale, and none is given.
    """
    family, known, color = _found(name)
    built = _built(family, known, scale)
    if built is None:
        raise ValueError(f"{name} is another network for every scale; say which, such as scale=2.")
    return built.in_color(color) if color else built


def network_names() -> list[str]:
    """Returns the names of the best known networks of all families."""
    return [name for family in FAMILIES.values() for name in family.networks]


def initial_arrays(built: Architecture, initialization: str, seed: int) -> Arrays:
    """Draws what training starts from, in the way of the network's family.

    Raises:
      ValueError: no such initialization.
    """
    return family_of(built.name).initialize(built, initialization, seed)
