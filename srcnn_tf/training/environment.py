"""What a run ran on: device, versions, commit; and the precision that suits the device."""

import datetime
import importlib.metadata
import pathlib
import platform
import subprocess

import tensorflow as tf

from srcnn_tf.engines.cpu.function_builder import register_lanes
from srcnn_tf.imaging.threads import usable_cores

_PACKAGES = ("srcnn_tf", "tensorflow", "keras", "tensorflow-datasets", "numpy")


def describe_device() -> str:
    """Names the device that training uses: the first GPU's model, or the processor."""
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        details = tf.config.experimental.get_device_details(gpus[0])
        return f"GPU ({details.get('device_name', 'unknown model')})"
    return f"CPU ({_processor()}, {usable_cores()} cores)"


def automatic_precision() -> str:
    """The fastest precision that trains as well as float32 on this device.

    float32 on a CPU; on a GPU with tensor cores `mixed_bfloat16`, which needs no loss scaling
    (compute capability 8.0 on), or `mixed_float16` (7.x).
    """
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "float32"
    capability = tf.config.experimental.get_device_details(gpus[0]).get("compute_capability", (0,))
    if capability[0] >= 8:
        return "mixed_bfloat16"
    return "mixed_float16" if capability[0] == 7 else "float32"


def uses_xla(jit_compile: bool | None) -> bool:
    """Resolves `TrainConfig.jit_compile`: as said, or, where nothing is said, what is faster.

    XLA is faster on GPUs and on CPUs without AVX-512; with it TensorFlow's own convolutions
    (oneDNN) beat XLA's by 1.3 to 1.6 times.
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
