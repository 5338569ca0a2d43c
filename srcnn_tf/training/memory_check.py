"""Whether a dataset's pictures fit into memory, by size, before any of them is read."""

import pathlib
from typing import NamedTuple

import psutil

from srcnn_tf.training.config import TrainConfig

# As `/proc` has it in containers: (limit, in use), of control groups version 2 and 1.
_CGROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)


class MemoryCheck(NamedTuple):
    """What something needs and what there is, in bytes; as a text, both in words."""

    needed: int
    available: int
    subject: str = "the pictures need"

    @property
    def fits(self) -> bool:
        """Whether they may be kept; a tenth of the memory is left to everything else."""
        return self.needed <= 0.9 * self.available

    def __str__(self):
        return (
            f"{self.subject} about {_gigabytes(self.needed)} of memory, and "
            f"{_gigabytes(self.available)} are available"
        )


def memory_check(record_bytes: int, config: TrainConfig) -> MemoryCheck:
    """Compares what `pipeline` takes for a dataset's pictures with what this machine has.

    Args:
      record_bytes: size of the split's records of whole pictures.
      config: the recipe, whose `rescale_factors` and `grid_offsets` multiply the pictures.
    """
    # A pixel of a record: planes, and some 2.2 bytes of PNG in photographs. Scale 1 reads x2's.
    pixels = record_bytes / (5 + 4 / max(config.scale, 2) ** 2 + 2.2)
    offsets = min(config.grid_offsets, config.scale**2)
    copies = sum(factor**2 for factor in config.rescale_factors) * offsets
    # Packed, a pixel takes 4 bytes and its share of the input's; while a run starts, there are five
    # copies of that.
    packed = 4 + 4 / config.architecture.upscale**2
    planes = 5 + 4 / config.scale**2
    return MemoryCheck(round(pixels * (planes + 5 * packed * copies)), available_memory())


def batch_check(config: TrainConfig) -> MemoryCheck:
    """Compares what a recipe's batches take, at the least, with what this machine has.

    Args:
      config: the recipe: its `batch_size` and `patch_size`.
    """
    # Input and target, of a batch that is cut, one that is ready and one that is learned from;
    # layers come on top, as much as the engine keeps of them.
    pixels = config.batch_size * config.patch_size**2
    needed = 3 * 4 * pixels * (1 + config.architecture.upscale**2)
    subject = f"batches of {config.batch_size:,} crops need at least"
    return MemoryCheck(needed, available_memory(), subject)


def available_memory() -> int:
    """Returns how many bytes this process may still take: the machine's, or its container's."""
    available = psutil.virtual_memory().available
    for limit, used in _CGROUPS:
        try:
            room = int(pathlib.Path(limit).read_text()) - int(pathlib.Path(used).read_text())
        except (OSError, ValueError):  # There is no such group, or its limit is "max".
            continue
        available = min(available, max(room, 0))
    return available


def _gigabytes(count):
    return f"{count / 1e9:.1f} GB"
