"""The commands that pip installs, that `python -m srcnn_tf` and that `bin/*` start."""

import importlib
import sys

from srcnn_tf import extras
from srcnn_tf.programs import launch

# What each does, and the extras that it needs beside the package itself.
COMMANDS = {
    "upscale": ("makes pictures bigger", "tensorflow"),
    "train": ("trains a network", "datasets,plots"),
    "benchmark": ("scores networks, or times them", "datasets,plots"),
    "figure": ("draws comparisons and curves", "datasets,plots"),
    "export": ("writes networks for other software", "export"),
    "data-service": ("reads records for other machines", "datasets"),
    "publish": ("puts a finished run into the package; for maintainers", "datasets,plots"),
}
_IN_BIN = {"data-service": "bin/data_service", "publish": "bin/ship_weights"}


def run(command: str) -> None:
    """Runs a command with the flags in `sys.argv`; never returns."""
    in_bin = _IN_BIN.get(command, f"bin/{command}")
    started_as = launch.program_name()
    try:
        module = importlib.import_module(f"srcnn_tf.programs.{command.replace('-', '_')}_main")
        # Help and sentences call it by the name that the user has for it.
        module.__doc__ = (module.__doc__ or "").replace(in_bin, started_as)
        launch.launch(module)
    except ModuleNotFoundError as error:
        sentence = extras.in_words(error, COMMANDS[command][1])
        if sentence is None:
            raise
        sys.exit(f"{started_as}: {sentence}")
    except SystemExit as ended:
        if isinstance(ended.code, str):
            ended.code = ended.code.replace(in_bin, started_as)
        raise


def upscale() -> None:
    """Makes pictures bigger."""
    run("upscale")


def train() -> None:
    """Trains a network."""
    run("train")


def benchmark() -> None:
    """Scores networks, or times them."""
    run("benchmark")


def figure() -> None:
    """Draws comparisons and curves."""
    run("figure")


def export() -> None:
    """Writes networks for other software."""
    run("export")


def data_service() -> None:
    """Reads records for other machines."""
    run("data-service")


def publish() -> None:
    """Puts a finished run into the package; for maintainers."""
    run("publish")
