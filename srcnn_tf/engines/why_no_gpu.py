"""`why_no_gpu`: one sentence that says why TensorFlow finds no GPU, and what to do about it."""

import ctypes
import dataclasses
import os
import pathlib
import sys
from collections.abc import Callable, Mapping
from typing import Any

from srcnn_tf.engines.devices import has_nvidia_device

_INSTALL = 'pip install "srcnn_tf[gpu]"'
_DRIVER = "libcuda.so.1"
# What TensorFlow opens at its start, by the major version of CUDA: all of them, or it uses no GPU.
_LIBRARIES = {
    "12": (
        "libcudart.so.12",
        "libcublas.so.12",
        "libcublasLt.so.12",
        "libcufft.so.11",
        "libcusolver.so.11",
        "libcusparse.so.12",
    )
}


@dataclasses.dataclass(frozen=True)
class Findings:
    """What there is of what a GPU needs.

    Attributes:
      built_for: `cuda`, `rocm`, or `` for processors alone: what TensorFlow was compiled for.
      hidden: the environment's `CUDA_VISIBLE_DEVICES`, or None.
      device_files: whether the system shows a card of NVIDIA's.
      driver: whether the driver's library can be opened.
      missing: CUDA's libraries that cannot be opened.
    """

    built_for: str
    hidden: str | None
    device_files: bool
    driver: bool
    missing: tuple[str, ...]


def why_no_gpu(found: Findings | None = None) -> str:
    """Says in one sentence why TensorFlow finds no GPU.

    Args:
      found: what there is; by default it is looked for, which loads TensorFlow and libraries.
    """
    found = findings() if found is None else found
    return f"TensorFlow finds no GPU here: {_reason(found)}."


def _reason(found: Findings) -> str:
    if not found.built_for:
        return (
            "it is a build for processors alone (tensorflow-cpu, or one for this system); remove "
            f"that and {_INSTALL}"
        )
    if found.built_for == "rocm":
        return "it is a build for AMD's ROCm, whose rocminfo says what is wrong"
    if found.hidden in ("", "-1"):
        return f"CUDA_VISIBLE_DEVICES={found.hidden!r} hides all of them; unset it"
    if not found.device_files:
        return (
            "the system shows no device of NVIDIA's (/dev/nvidia0), so that there is no card, its "
            "driver is not loaded, or a container was started without it (--gpus=all)"
        )
    if not found.driver:
        return (
            f"NVIDIA's driver is not installed ({_DRIVER} cannot be opened), which no Python "
            "package brings"
        )
    if found.missing:
        return f"CUDA is not installed ({', '.join(found.missing)} cannot be opened); {_INSTALL}"
    return (
        "driver and CUDA's libraries can be opened, so that the driver may be too old for them "
        "(nvidia-smi shows its version), or the card too old for TensorFlow; "
        "TF_CPP_MAX_VLOG_LEVEL=1 lets TensorFlow tell more"
    )


def findings(
    build: Mapping[str, Any] | None = None, opens: Callable[[str], bool] | None = None
) -> Findings:
    """Looks for what a GPU needs.

    Args:
      build: as of `tf.sysconfig.get_build_info`, which it is by default.
      opens: whether a library can be opened; by default it is tried.
    """
    if build is None:
        import tensorflow as tf

        build = tf.sysconfig.get_build_info()
    opens = opens or _opens
    kinds = [kind for kind in ("cuda", "rocm") if build.get(f"is_{kind}_build")]
    cuda = str(build.get("cuda_version", "")).partition(".")[0]
    cudnn = str(build.get("cudnn_version", "")).partition(".")[0]
    libraries = _LIBRARIES.get(cuda, ()) + ((f"libcudnn.so.{cudnn}",) if cudnn else ())
    driver = opens(_DRIVER)
    return Findings(
        built_for=kinds[0] if kinds else "",
        hidden=os.environ.get("CUDA_VISIBLE_DEVICES"),
        # Windows' subsystem for Linux has the driver without such a file.
        device_files=has_nvidia_device() or driver,
        driver=driver,
        missing=tuple(name for name in libraries if not opens(name)),
    )


def _opens(name: str) -> bool:
    """Whether a library is on the system's path, or among the packages that bring CUDA."""
    packages = (pathlib.Path(folder) / "nvidia" for folder in sys.path if folder)
    if any(path.is_file() for folder in packages for path in folder.glob(f"*/lib/{name}")):
        return True
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
