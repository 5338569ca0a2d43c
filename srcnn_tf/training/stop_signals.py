"""Noticing SIGINT and SIGTERM, so that a run ends between two steps."""

import contextlib
import logging
import signal
from collections.abc import Iterator

_LOGGER = logging.getLogger(__name__)


@contextlib.contextmanager
def catch_stop_signals() -> Iterator[list[int]]:
    """Yields a list that is empty until SIGINT or SIGTERM comes; a second one acts as usual."""
    received = []
    previous = {}

    def remember(number, frame):
        received.append(number)
        for each, handler in previous.items():
            signal.signal(each, handler)

    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            previous[number] = signal.signal(number, remember)
    except ValueError:
        # Only the main thread may handle signals; elsewhere whoever runs the thread stops it.
        _LOGGER.debug("signals are not handled outside the main thread")
    try:
        yield received
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
