"""Reading, work and writing side by side: threads, and queues of few items between them."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

# How many items wait between two stages; more would take memory and gain nothing.
_DEPTH = 4
# How often, in seconds, a waiting thread looks whether all is over.
_PATIENCE = 0.1
_END = object()


class _Over(Exception):
    """Another stage has failed, or the caller was interrupted."""


def stream(
    items: Iterable[Any], work: Callable[[Any], Any], write: Callable[[Iterator[Any]], None]
) -> None:
    """Reads items in one thread, works on them in this one, and writes results in a third.

    The order stays. Whatever a stage raises ends the others, and is raised here; so is an
    interruption of this thread. All threads have ended when it returns or raises.

    Args:
      items: is iterated in a thread of its own.
      work: makes a result of an item.
      write: takes an iterator of the results, in a thread of its own.
    """
    over = threading.Event()
    errors: list[BaseException] = []
    read: queue.Queue[Any] = queue.Queue(_DEPTH)
    worked: queue.Queue[Any] = queue.Queue(_DEPTH)

    def put(into: queue.Queue, item) -> None:
        while not over.is_set():
            try:
                return into.put(item, timeout=_PATIENCE)
            except queue.Full:
                continue
        raise _Over

    def get(out_of: queue.Queue):
        while not over.is_set():
            try:
                return out_of.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
        raise _Over

    def results() -> Iterator[Any]:
        while (item := get(worked)) is not _END:
            yield item

    def reading() -> None:
        for item in items:
            put(read, item)
        put(read, _END)

    def guarded(stage: Callable[[], None]) -> None:
        try:
            stage()
        except _Over:
            pass
        except BaseException as error:
            errors.append(error)
            over.set()

    stages = (reading, lambda: write(results()))
    threads = [threading.Thread(target=guarded, args=(each,), daemon=True) for each in stages]
    for thread in threads:
        thread.start()
    try:
        while (item := get(read)) is not _END:
            put(worked, work(item))
        put(worked, _END)
        while threads[1].is_alive():
            threads[1].join(_PATIENCE)
    except _Over:
        pass
    finally:
        # After the last item this stops nobody: they have ended.
        over.set()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]
