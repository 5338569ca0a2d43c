"""What this machine has to compute with, judged without loading TensorFlow."""

import os
import pathlib

# What computes a network: see `runners`.
ENGINES = ("auto", "cpu", "tensorflow", "numpy")
_OLD_NAMES = {"vector": "cpu"}
# What layers compute in; their weights are float32 always.
PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")

# NVIDIA's driver, AMD's, and both under Windows' subsystem for Linux.
_NVIDIA_FILES = ("nvidiactl", "nvidia0")
_DEVICE_FILES = (*_NVIDIA_FILES, "kfd", "dxg")


def engine_name(name: str) -> str:
    """Returns an engine's name as it is now, of a name that may be an older one.

    Raises:
      ValueError: there is no such engine.
    """
    name = _OLD_NAMES.get(name, name)
    if name not in ENGINES:
        raise ValueError(f"The engine must be one of {', '.join(ENGINES)}, not {name!r}.")
    return name


def may_have_gpu(folder: pathlib.Path = pathlib.Path("/dev")) -> bool:
    """Returns whether TensorFlow might find a GPU; False only where it certainly finds none.

    Args:
      folder: where the system keeps its devices.
    """
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return False
    return not folder.is_dir() or any((folder / name).exists() for name in _DEVICE_FILES)


def has_nvidia_device(folder: pathlib.Path = pathlib.Path("/dev")) -> bool:
    """Returns whether the system shows a card of NVIDIA's, which TensorFlow then should find.

    Args:
      folder: where the system keeps its devices.
    """
    return any((folder / name).exists() for name in _NVIDIA_FILES)
