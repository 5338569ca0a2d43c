"""Which network a user means by a shipped name, a choice, a weight file or a run's folder."""

import os
import pathlib

from srcnn_tf.imaging.degradation import SCALES
from srcnn_tf.networks.families.family import family_of
from srcnn_tf.networks.network import Network
from srcnn_tf.networks.pretrained_list import CHOICES, DEFAULT, chosen_path
from srcnn_tf.networks.pretrained_weights import pretrained_path
from srcnn_tf.networks.weight_arguments import LoadedFile, read_contenders
from srcnn_tf.networks.weight_files import WeightsError, read_network
from srcnn_tf.registry import UnknownNameError

DEFAULT_MODEL = DEFAULT


def read_model(model: str | os.PathLike | None, scale: int) -> LoadedFile:
    """Reads the weights for a scale, without TensorFlow.

    Args:
      model: the name of a shipped network; `fast`, `default` or `best`, as `chosen_path` has it; or
        a path as of `weight_arguments.read_contenders`: a weight file, a run's folder, or a folder
        of several scales. None for `default`.
      scale: the enlargement.

    Raises:
      WeightsError: there are none, none for this scale, or several networks; one sentence.
    """
    model = os.fspath(model) if model is not None else DEFAULT_MODEL
    if not model:
        raise WeightsError("An empty name is no network and no file; name one, or leave it out.")
    if _is_name(model):
        named = chosen_path if model in CHOICES else pretrained_path
        path = named(model, scale)
        return LoadedFile(path, read_network(path))
    contenders = read_contenders([model])
    fitting = [contender for contender in contenders if scale in contender.files]
    if len(fitting) > 1:
        names = ", ".join(str(contender.files[scale].path) for contender in fitting)
        raise WeightsError(f"{model} holds several networks for x{scale}; name one of {names}.")
    if not fitting:
        scales = sorted({found for contender in contenders for found in contender.files})
        known = ", ".join(f"x{found}" for found in scales)
        raise WeightsError(
            f"The weights {model} are for {known}, not x{scale}; choose that scale or others."
        )
    return fitting[0].files[scale]


def available_scales(model: str | os.PathLike | None) -> tuple[int, ...]:
    """Returns for which of the usual scales a model has weights: some of 2, 3 and 4.

    Raises:
      WeightsError: for none; as `read_model` does for the first.
    """
    found, errors = [], []
    for scale in SCALES:
        try:
            read_model(model, scale)
            found.append(scale)
        except WeightsError as error:
            errors.append(error)
    if not found:
        raise errors[0]
    return tuple(found)


def load_network(model: str | os.PathLike | None = None, scale: int = 2) -> Network:
    """Reads a network by name or path, without TensorFlow.

    Args:
      model: as of `read_model`.
      scale: the enlargement.

    Raises:
      WeightsError: as `read_model` does.
    """
    return read_model(model, scale).network


def _is_name(model: str) -> bool:
    """Whether a network is meant by its name: a known one, and no file of that name is there."""
    try:
        if pathlib.Path(model).exists():
            return False
    except OSError:  # Such as a name that is too long; whoever reads it says so.
        return False
    if model in CHOICES:
        return True
    try:
        family_of(model)
    except UnknownNameError:
        return False
    except ValueError as error:  # Of a family that a user's own file registered.
        raise WeightsError(str(error)) from error
    return True
