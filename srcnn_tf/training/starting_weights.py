"""The weights of another file that a run starts from, if its recipe names one."""

from collections.abc import Mapping

import numpy as np

from srcnn_tf.networks.families.family import family_of
from srcnn_tf.networks.weight_files import read_network
from srcnn_tf.networks.weights_info import WeightsError
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.run_folder import TrainingError


def starting_arrays(config: TrainConfig) -> Mapping[str, np.ndarray] | None:
    """Reads the arrays of `config.initial_weights`; None if it names no file.

    Raises:
      TrainingError: the file cannot be read, or its weights do not fit the recipe.
    """
    path = config.initial_weights
    if not path:
        return None
    try:
        network = read_network(path)
    except WeightsError as error:
        raise TrainingError(str(error)) from error
    if network.name != config.network:
        raise TrainingError(
            f"{path} holds a {network.name}, which cannot start a {config.network}; choose "
            f"--network={network.name}."
        )
    if network.architecture != config.architecture:
        raise TrainingError(
            f"{path} holds a {network.name} for x{network.scale}, which cannot start one for "
            f"x{config.scale}; choose weights of that scale."
        )
    construction = family_of(network.name).equivariance if config.equivariant else None
    if construction and construction.asymmetry(network.architecture, network.arrays) > 1e-3:
        raise TrainingError(
            f"{path} does not treat all flips and rotations of a picture alike, which the recipe "
            "asks for; choose --noequivariant."
        )
    return network.arrays
