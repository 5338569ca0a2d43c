"""What this machine has to compute with, judged without loading TensorFlow."""

import os
import pathlib

# What computes a network: TensorFlow on any device, or on a CPU the kernels of `vector`.
ENGINES = ("auto", "vector", "tensorflow")

# NVIDIA's driver, AMD's, and both under Windows' subsystem for Linux.
_DEVICE_FILES = ("nvidiactl", "nvidia0", "kfd", "dxg")


def may_have_gpu(folder: pathlib.Path = pathlib.Path("/dev")) -> bool:
    """Returns whether TensorFlow might find a GPU; False only where it certainly finds none.

    Args:
      folder: where the system keeps its devices.
    """
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return False
    return not folder.is_dir() or any((folder / name).exists() for name in _DEVICE_FILES)


def usable_cores() -> int:
    """Returns on how many cores this process may run."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
