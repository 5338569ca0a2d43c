"""The trained networks that come with the package: listing and loading them, offline."""

import json
import pathlib

from srcnn_tf.networks.weight_files import SUFFIX, read_weights
from srcnn_tf.networks.weights_info import WeightsError, WeightsInfo

FOLDER = pathlib.Path(__file__).resolve().parent / "pretrained"
# Beside the weight files: the recipe, the log and the curve of the run that made each.
RUNS = "runs"


def pretrained() -> list[WeightsInfo]:
    """Describes every shipped network: its scale, scores and provenance. Loads no TensorFlow."""
    return [read_weights(path)[1] for path in sorted(FOLDER.glob(f"*{SUFFIX}"))]


def stem(name: str, scale: int) -> str:
    """Returns what the files of a shipped network are called, such as `slim-10x16_x2`."""
    return f"{name}_x{scale}"


def stem_path(stem: str) -> pathlib.Path | None:
    """Returns the weight file that is called so; None if none of the package is."""
    path = FOLDER / f"{stem}{SUFFIX}"
    return path if path.parent == FOLDER and path.is_file() else None


def pretrained_path(name: str, scale: int) -> pathlib.Path:
    """Returns the weight file of a shipped network.

    Raises:
      WeightsError: none of that name is shipped for that scale; the message lists what is.
    """
    path = stem_path(stem(name, scale))
    if path is None:
        shipped = ", ".join(sorted(file.stem for file in FOLDER.glob(f"*{SUFFIX}"))) or "none"
        raise WeightsError(
            f"No trained {name} for x{scale} comes with srcnn_tf (there is: {shipped}); "
            "choose one of these or give a weight file."
        )
    return path


def runs_in_order() -> list[str]:
    """Lists the runs that are kept, each after the one whose weights it starts from.

    Returns:
      What their folders are called, such as `slim-10x16_x2`.

    Raises:
      ValueError: runs start from each other in a circle.
    """
    starts = {
        path.parent.name: json.loads(path.read_text(encoding="utf-8")).get("initial_weights", "")
        for path in sorted((FOLDER / RUNS).glob("*/config.json"))
    }
    ordered: list[str] = []
    while len(ordered) < len(starts):
        waiting = [name for name in starts if name not in ordered]
        ready = [name for name in waiting if starts[name] not in waiting]
        if not ready:
            raise ValueError(f"{', '.join(waiting)} start from each other, so none can be first.")
        ordered += ready
    return ordered
