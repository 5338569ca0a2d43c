"""How much memory there is, and whether what is asked for fits into it: before it is taken.

Linux grants more memory than there is, and ends whoever then uses it. So sizes that users give are
compared with an estimate first, and refused in a sentence.
"""

import pathlib
from typing import NamedTuple

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


def available_memory() -> int:
    """Returns how many bytes this process may still take: the machine's, or its container's."""
    # Here, since most of what is imported with this module asks for nothing.
    import psutil

    available = psutil.virtual_memory().available
    for limit, used in _CGROUPS:
        try:
            room = int(pathlib.Path(limit).read_text()) - int(pathlib.Path(used).read_text())
        except (OSError, ValueError):  # There is no such group, or its limit is "max".
            continue
        available = min(available, max(room, 0))
    return available


def _gigabytes(count):
    return f"{count / 1e9:,.1f} GB"
