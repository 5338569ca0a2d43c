"""The weights of another network that a run starts from, if its recipe names one."""

import pathlib
from collections.abc import Mapping

import numpy as np

from srcnn_tf.networks.architecture import Architecture
from srcnn_tf.networks.families.family import family_of
from srcnn_tf.networks.network import Network
from srcnn_tf.networks.pretrained_weights import stem, stem_path
from srcnn_tf.networks.weight_files import read_network
from srcnn_tf.networks.weights_info import WeightsError
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.run_folder import TrainingError


def starting_arrays(config: TrainConfig) -> Mapping[str, np.ndarray] | None:
    """Reads the arrays of `config.initial_weights`; None if it names nothing.

    Weights of the same network for another scale start one on the low grid: its last layer, which
    alone depends on the scale, begins with the filters of the nearest of the pixels that it made.

    Raises:
      TrainingError: the file cannot be read, or its weights do not fit the recipe.
    """
    path = config.initial_weights
    if not path:
        return None
    try:
        network = read_network(_file(path))
    except WeightsError as error:
        raise TrainingError(str(error)) from error
    if network.name != config.network:
        raise TrainingError(
            f"{path} holds a {network.name}, which cannot start a {config.network}; choose "
            f"--network={network.name}."
        )
    if network.architecture != config.architecture:
        return _for_another_scale(network, config.architecture, path)
    construction = family_of(network.name).equivariance if config.equivariant else None
    if construction and construction.asymmetry(network.architecture, network.arrays) > 1e-3:
        raise TrainingError(
            f"{path} does not treat all flips and rotations of a picture alike, which the recipe "
            "asks for; choose --noequivariant."
        )
    return network.arrays


def starting_name(initial_weights: str) -> str:
    """Returns what the network is called in the package that a published run started from.

    Args:
      initial_weights: as of `TrainConfig`; "" stays as it is.

    Returns:
      Such as `slim-10x16_x2`.

    Raises:
      WeightsError: the file is not there, or is not what is in the package under its name, so that
        the run could not be repeated.
    """
    if not initial_weights:
        return ""
    network = read_network(_file(initial_weights))
    assert network.info is not None  # Every file has one.
    name = stem(network.name, network.info.scale)
    published = stem_path(name)
    if published is None or not _same_arrays(read_network(published), network):
        raise WeightsError(
            f"{initial_weights}, which the run started from, is not the {name} of the package; "
            "publish it first."
        )
    return name


def _file(initial_weights: str) -> pathlib.Path:
    """A weight file, or one of the package by its name, such as `slim-10x16_x2`."""
    path = pathlib.Path(initial_weights)
    return path if path.exists() else stem_path(initial_weights) or path


def _same_arrays(one: Network, other: Network) -> bool:
    return one.architecture == other.architecture and all(
        np.array_equal(array, other.arrays[name]) for name, array in one.arrays.items()
    )


def _for_another_scale(network: Network, wanted: Architecture, path: str) -> dict[str, np.ndarray]:
    if network.architecture.layers[:-1] != wanted.layers[:-1]:
        raise TrainingError(
            f"{path} holds a {network.name} of other layers, which cannot start this one; train "
            "without --initial_weights."
        )
    number = len(wanted.layers)
    kernel, bias = f"conv{number}/kernel", f"conv{number}/bias"
    nearest = _nearest_pixels(network.architecture.upscale, wanted.upscale)
    # A pixel is its planes, beside each other.
    nearest = (nearest[:, None] * wanted.channels + np.arange(wanted.channels)).ravel()
    arrays = dict(network.arrays)
    side = wanted.layers[-1].side
    arrays[kernel] = _of_side(arrays[kernel][..., nearest], side)
    arrays[bias] = arrays[bias][nearest]
    return arrays


def _nearest_pixels(before: int, after: int) -> np.ndarray:
    """For each of after x after pixels in a small one, which of before x before covers it."""
    along = ((np.arange(after) + 0.5) * before / after).astype(int)
    return (along[:, None] * before + along).ravel()


def _of_side(kernel: np.ndarray, side: int) -> np.ndarray:
    """Cuts a kernel's rows and columns, or adds zeros around them."""
    grown = max(0, (side - kernel.shape[0]) // 2)
    cut = max(0, (kernel.shape[0] - side) // 2)
    kernel = np.pad(kernel, ((grown, grown), (grown, grown), (0, 0), (0, 0)))
    return kernel[cut : cut + side, cut : cut + side]
