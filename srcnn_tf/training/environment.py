"""What a run ran on: device, versions, commit; and the precision that suits the device."""

import datetime
import importlib.metadata
import pathlib
import platform
import subprocess
from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from srcnn_tf.engines.cpu.function_builder import register_lanes
from srcnn_tf.imaging.threads import usable_cores

_PACKAGES = ("srcnn_tf", "tensorflow", "keras", "tensorflow-datasets", "numpy")


def describe_device() -> str:
    """Names the device that training uses: the first GPU's model, or the processor."""
    details = _gpu_details()
    if details is not None:
        return f"GPU ({details.get('device_name', 'unknown model')})"
    return f"CPU ({_processor()}, {usable_cores()} cores)"


def automatic_precision() -> str:
    """Returns the precision that suits the device of this process; see `precision_of`."""
    return precision_of(_gpu_details())


def precision_of(details: Mapping[str, Any] | None) -> str:
    """The fastest precision that is thought to train as well as float32 on a device.

    float32 on a CPU; on a GPU with tensor cores `mixed_bfloat16`, which needs no loss scaling
    (compute capability 8.0 on), or `mixed_float16`, with loss scaling (7.x). Older ones, and those
    that say nothing of it, gain nothing by half precision.

    Args:
      details: as `tf.config.experimental.get_device_details` has them of a GPU; None for a CPU.
    """
    major = _capability(details)
    if major >= 8:
        return "mixed_bfloat16"
    return "mixed_float16" if major == 7 else "float32"


def describe_arithmetic(precision: str) -> str:
    """Says what layers compute in here, and whether float32 is rounded to TF32 on the way."""
    return arithmetic_of(
        precision,
        _gpu_details(),
        tf.config.experimental.tensor_float_32_execution_enabled(),
    )


def arithmetic_of(precision: str, details: Mapping[str, Any] | None, tf32: bool) -> str:
    """What `describe_arithmetic` says of a device; TF32 is there from compute capability 8.0 on."""
    if _capability(details) < 8:
        return precision
    if tf32:
        return f"{precision}; TF32 is on, which rounds float32's factors to 10 bits of mantissa"
    return f"{precision}; TF32 is off"


def _gpu_details():
    gpus = tf.config.list_physical_devices("GPU")
    return tf.config.experimental.get_device_details(gpus[0]) if gpus else None


def _capability(details) -> int:
    return (details or {}).get("compute_capability", (0,))[0]


def uses_xla(jit_compile: bool | None) -> bool:
    """Resolves `TrainConfig.jit_compile`: as said, or, where nothing is said, what is faster.

    XLA is faster on CPUs without AVX-512; with it TensorFlow's own convolutions (oneDNN) beat
    XLA's by 1.3 to 1.6 times. On GPUs it fuses the many small ops: an H100 makes 470 steps a
    second of slim-10x32 with it and 63 without (`throughput/GPU.md`). Whether it can compile a step
    there is another question, which `train_step.compiles_step` asks.
    """
    if jit_compile is not None:
        return jit_compile
    return bool(tf.config.list_physical_devices("GPU")) or register_lanes() < 16


def describe() -> dict[str, str]:
    """Returns device, operating system, versions, commit and date, for provenance."""
    return {
        "device": describe_device(),
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {_version(name)}" for name in _PACKAGES),
        "commit": _commit(),
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


def _version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _processor():
    """The processor's marketing name; `platform.processor()` is empty on most Linux systems."""
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _commit():
    """The commit of the checkout that this code runs from, with a mark if it was changed since."""
    folder = pathlib.Path(__file__).resolve().parent
    try:
        return subprocess.run(
            ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown (not a git checkout)"
