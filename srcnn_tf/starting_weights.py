"""The weights of another file that a run starts from, if its recipe names one."""

import numpy as np

from srcnn_tf import weights
from srcnn_tf.architecture import architecture
from srcnn_tf.run_folder import TrainingError
from srcnn_tf.symmetry import asymmetry
from srcnn_tf.train_config import TrainConfig


def starting_arrays(config: TrainConfig) -> dict[str, np.ndarray] | None:
    """Reads the arrays of `config.initial_weights`; None if it names no file.

    Raises:
      TrainingError: the file cannot be read, or its weights do not fit the recipe.
    """
    if not config.initial_weights:
        return None
    try:
        arrays, info = weights.read_weights(config.initial_weights)
    except weights.WeightsError as error:
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
