"""Shares out work among threads that live as long as one call."""

import concurrent.futures
from collections.abc import Callable, Sequence
from typing import Any


def share(work: Callable[[Any], Any], items: Sequence, threads: int) -> None:
    """Calls `work` with every item, in this many threads at a time; raises what it raises.

    Only what lets go of Python's lock gains by it. A pool that outlived the call would be dead in a
    process that is forked from this one.
    """
    if threads == 1 or len(items) == 1:
        for item in items:
            work(item)
    else:
        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(work, items):
                pass
