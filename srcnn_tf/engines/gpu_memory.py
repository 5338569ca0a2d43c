"""`free_gpu_memory`: how much of a GPU's memory is left, as NVIDIA's own tool has it."""

import os
import subprocess

_QUERY = ("nvidia-smi", "--query-gpu=memory.free", "--format=csv,noheader,nounits")
_MEBIBYTE = 1 << 20


def free_gpu_memory() -> int | None:
    """Returns the free bytes of the first GPU that this process sees; None where nobody says.

    TensorFlow takes nearly all of a GPU's memory at its start unless it is told to grow, as
    `programs.startup` does: without that, this is what TensorFlow has left to others.
    """
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0].strip()
    try:
        said = subprocess.run(
            [*_QUERY, f"--id={visible}"], capture_output=True, text=True, check=True, timeout=10
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return parse_free_memory(said)


def parse_free_memory(said: str) -> int | None:
    """Reads what `nvidia-smi` prints: mebibytes of the first GPU; None if it is no number."""
    lines = said.split()
    return int(lines[0]) * _MEBIBYTE if lines and lines[0].isdecimal() else None
