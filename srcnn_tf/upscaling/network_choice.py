"""`--model`: auto, clean, photo or a name; and the network that each picture gets by itself."""

import os
from typing import TYPE_CHECKING

from srcnn_tf.files.picture_files import Picture
from srcnn_tf.imaging.degradation import SCALES
from srcnn_tf.networks.network import Network
from srcnn_tf.networks.pretrained_list import photo_networks
from srcnn_tf.networks.weights_info import WeightsError
from srcnn_tf.upscaling.condition import condition_of
from srcnn_tf.upscaling.enlargers import Enlargers
from srcnn_tf.upscaling.enlarging import Enlarger
from srcnn_tf.upscaling.sizing import Sizing, Steps

if TYPE_CHECKING:
    from srcnn_tf.engines.keras_models import SuperResolutionModel

AUTO, CLEAN, PHOTO = "auto", "clean", "photo"


def enlargers_for(
    model: "Network | SuperResolutionModel | str | os.PathLike | None", sizing: Sizing, *options
) -> Enlargers:
    """Returns what enlarges pictures by the networks that a user asks for.

    Args:
      model: `auto` or None for what suits each picture, `clean` for the default network, which was
        trained on clean ones, `photo` for one that was trained on compressed and noisy ones; else
        as of `Enlargers`.
      sizing: the size to reach.
      *options: further ones of `Enlargers`.

    Raises:
      WeightsError: there are no such weights, or none for the scale.
    """
    if model is None or model == AUTO:
        # What networks do not come with the package, `Enlargers` says.
        if sizing.fixed_scale == 1:
            return _Cleaning(sizing, *options) if photo_networks(1) else Enlargers(None, sizing)
        if any(map(photo_networks, SCALES)):
            return _Automatic(None, sizing, *options)
        return Enlargers(None, sizing, *options)
    if isinstance(model, str) and model == CLEAN:
        return Enlargers(None, sizing, *options)
    if isinstance(model, str) and model == PHOTO:
        return _photo_enlargers(sizing, *options)
    return Enlargers(model, sizing, *options)


def _photo_enlargers(sizing: Sizing, *options) -> Enlargers:
    """A network for photographs; after it, where more follow, those for clean pictures."""
    fixed = sizing.fixed_scale
    wanted = (int(fixed),) if fixed in (1, *SCALES) else SCALES
    names = [name for scale in wanted for name in photo_networks(scale)]
    if not names:
        raise WeightsError(
            f"No network for photographs comes with srcnn_tf for x{wanted[0]}; choose "
            "--model=clean, or weights of your own."
        )
    later = None if fixed == 1 else Enlargers(None, sizing, *options)
    return Enlargers(names[0], sizing, *options, later=later)


class _Automatic(Enlargers):
    """The networks for clean pictures, or those for photographs, as each picture needs."""

    def __init__(self, model: None, sizing: Sizing, *options):
        """Takes what `Enlargers` takes."""
        super().__init__(model, sizing, *options)
        self._photo: Enlargers | None = None
        if any(map(photo_networks, self.scales)):
            self._photo = _photo_enlargers(sizing, *options)

    def chosen_for(self, picture: Picture) -> tuple[Enlargers, str]:
        """Returns the networks that suit a picture, and which and why in words."""
        rows, columns, _ = picture.pixels.shape
        first = self.plan(columns, rows).networks[:1]
        if self._photo is None or not first:
            return self, ""
        condition = condition_of(picture, first[0])
        suits = not condition.is_clean and first[0] in self._photo.scales
        chosen = self._photo if suits else self
        return chosen, f"{chosen.file(first[0]).network.name}: {condition.in_words()}"

    @property
    def alternatives(self) -> tuple[Enlargers, ...]:
        """The networks that it chooses from."""
        return (self, self._photo) if self._photo else (self,)


class _Cleaning(Enlargers):
    """At scale 1: the network for photographs, and nothing at all for pictures that are clean."""

    def __init__(self, sizing: Sizing, *options):
        """Takes what `Enlargers` takes."""
        name = photo_networks(1)[0]
        super().__init__(name, sizing, *options)
        self._untouched = _Untouched(name, sizing, *options)

    def chosen_for(self, picture: Picture) -> tuple[Enlargers, str]:
        """Returns the network, or what leaves a picture as it is, and why in words."""
        condition = condition_of(picture, 1)
        if condition.is_clean:
            return self._untouched, f"left as it is: {condition.in_words()}"
        return self, f"{self.file(1).network.name}: {condition.in_words()}"


class _Untouched(Enlargers):
    """No network at all."""

    def in_order(self, steps: Steps) -> list[Enlarger]:
        """Returns none."""
        return []
