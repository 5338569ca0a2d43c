"""Sharing work among threads that live as long as one call."""

import concurrent.futures
import os
from collections.abc import Callable, Sequence
from typing import Any


def share(work: Callable[[Any], Any], items: Sequence, threads: int) -> None:
    """Calls `work` with every item, in this many threads at a time; raises what it raises.

    Threads help only while `work` releases Python's lock (the GIL), as NumPy and Pillow do. Threads
    end with the call, since a pool that outlived it would be dead in a forked process.
    """
    if threads == 1 or len(items) == 1:
        for item in items:
            work(item)
    else:
        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(work, items):
                pass


def usable_cores() -> int:
    """Returns on how many cores this process may run."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
