"""What a weight file says of itself, and whether its arrays are what it says."""

import dataclasses
import pathlib
import re

import numpy as np

from srcnn_tf.networks.architecture import Architecture
from srcnn_tf.networks.network import Network

# 1: without an architecture, which the network's name stood for.
FORMAT_VERSION = 2


class WeightsError(Exception):
    """A weight file cannot be used; the message names the file and the cure."""


@dataclasses.dataclass(frozen=True)
class WeightsInfo:
    """What a weight file says of itself.

    Attributes:
      network: its name, such as `srcnn-9-5-5`.
      scale: the enlargement that it was trained for.
      training_data: the dataset, and what was held out of it.
      steps: training steps behind the weights.
      channel: what it works on: `Y`, BT.601's luminance.
      scores: mean scores by dataset, such as `{"validation": {"psnr": 33.1}}`, in dB.
      provenance: how it was made: command, configuration, device, precision, versions, date.
      version: of the file format.
    """

    network: str
    scale: int
    training_data: str
    steps: int
    channel: str = "Y"
    scores: dict = dataclasses.field(default_factory=dict)
    provenance: dict = dataclasses.field(default_factory=dict)
    version: int = FORMAT_VERSION

    @property
    def training_sets(self) -> tuple[str, ...]:
        """Names of the datasets in `training_data`, where it is in `bin/train`'s words."""
        match = re.match(r"([\w,]+)(?: sub-images)? x\d+: ", self.training_data)
        return tuple(match[1].split(",")) if match else ()


def check_description(info: WeightsInfo) -> None:
    """Raises ValueError, with the field and its value, if one is not of its kind."""
    for name, kind in _KINDS.items():
        value = getattr(info, name)
        # JSON's true is a number in Python.
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ValueError(f"{name} {value!r}")
    if info.scale < 1 or info.steps < 0:
        raise ValueError(f"scale {info.scale}, steps {info.steps}")
    for dataset, figures in info.scores.items():
        for figure in figures.values() if isinstance(figures, dict) else [figures]:
            if not isinstance(figure, int | float) or not isinstance(figures, dict):
                raise ValueError(f"scores {figures!r} of {dataset}")


_KINDS: dict[str, type] = {
    **dict.fromkeys(("network", "training_data", "channel"), str),
    **dict.fromkeys(("scale", "steps", "version"), int),
    **dict.fromkeys(("scores", "provenance"), dict),
}


def checked_network(
    path: pathlib.Path, built: Architecture, arrays: dict[str, np.ndarray], info: WeightsInfo
) -> Network:
    """Makes a network of what a file holds; WeightsError if that does not fit together."""
    if any(array.dtype != np.float32 for array in arrays.values()):
        raise WeightsError(
            f"The arrays in {path} are not those of {info.network}, which are float32; copy or "
            "train it again."
        )
    try:
        network = Network(built, arrays, info)
    except ValueError as error:
        raise WeightsError(
            f"The arrays in {path} are not those of {info.network} ({error}); copy or train it "
            "again."
        ) from error
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise WeightsError(f"The weights in {path} are not all finite numbers; train them again.")
    return network
