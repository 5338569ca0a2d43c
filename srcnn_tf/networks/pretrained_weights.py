"""The trained networks that come with the package: listing and loading them, offline."""

import pathlib

from srcnn_tf.networks.weight_files import SUFFIX, read_weights
from srcnn_tf.networks.weights_info import WeightsError, WeightsInfo

FOLDER = pathlib.Path(__file__).resolve().parent / "pretrained"


def pretrained() -> list[WeightsInfo]:
    """Describes every shipped network: its scale, scores and provenance. Loads no TensorFlow."""
    return [read_weights(path)[1] for path in sorted(FOLDER.glob(f"*{SUFFIX}"))]


def pretrained_path(name: str, scale: int) -> pathlib.Path:
    """Returns the weight file of a shipped network.

    Raises:
      WeightsError: none of that name is shipped for that scale; the message lists what is.
    """
    path = FOLDER / f"{name}_x{scale}{SUFFIX}"
    if not path.is_file():
        shipped = ", ".join(sorted(file.stem for file in FOLDER.glob(f"*{SUFFIX}"))) or "none"
        raise WeightsError(
            f"No trained {name} for x{scale} comes with srcnn_tf (there is: {shipped}); "
            "choose one of these or give a weight file."
        )
    return path
