"""What a process has once, whatever its threads: compiled kernels, and the threads that run them.

A forked child has its parent's memory and none of its threads. So the pool, whose threads are gone
there, and locks, which one of them may have held, are made anew after a fork; compiled kernels are
memory like any other, and stay.
"""

import concurrent.futures
import functools
import os
import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any

_LOCK = threading.Lock()


def once(make: Callable[[Hashable], Any]) -> Callable[[Hashable], Any]:
    """Caches a function of one argument; threads that ask together wait for one of them."""
    made: dict[Hashable, Any] = {}

    @functools.wraps(make)
    def get(key: Hashable) -> Any:
        if key not in made:
            with _LOCK:
                if key not in made:
                    made[key] = make(key)
        return made[key]

    return get


@functools.cache
def pool(threads: int) -> concurrent.futures.ThreadPoolExecutor:
    """Returns the threads that all work of this engine shares in this process."""
    return concurrent.futures.ThreadPoolExecutor(threads, "srcnn")


def share(work: Callable[[Any], Any], items: Sequence, threads: int) -> list:
    """Returns what `work` makes of each item, in their order, by as many threads."""
    if threads == 1 or len(items) == 1:
        return [work(item) for item in items]
    return list(pool(threads).map(work, items))


def _start_anew() -> None:
    global _LOCK
    _LOCK = threading.Lock()
    pool.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
