"""The weights of another file that a run starts from, if its recipe names one."""

import numpy as np

from srcnn_tf.networks import weight_files
from srcnn_tf.networks.architecture import architecture
from srcnn_tf.networks.equivariance import asymmetry
from srcnn_tf.training.recipe import TrainConfig
from srcnn_tf.training.run_folder import TrainingError


def starting_arrays(config: TrainConfig) -> dict[str, np.ndarray] | None:
    """Reads the arrays of `config.initial_weights`; None if it names no file.

    Raises:
      TrainingError: the file cannot be read, or its weights do not fit the recipe.
    """
    if not config.initial_weights:
        return None
    try:
        arrays, info = weight_files.read_weights(config.initial_weights)
    except weight_files.WeightsError as error:
        raise TrainingError(str(error)) from error
    if info.network != config.network:
        raise TrainingError(
            f"{config.initial_weights} holds a {info.network}, which cannot start a "
            f"{config.network}; choose --network={info.network}."
        )
    if config.symmetric and asymmetry(architecture(info.network), arrays) > 1e-3:
        raise TrainingError(
            f"{config.initial_weights} does not treat all turns of a picture alike, which the "
            "recipe asks for; choose --nosymmetric."
        )
    return arrays
