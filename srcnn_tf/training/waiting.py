"""What a run waits for: said when no step comes, and asked for when a signal ends the wait."""

import contextlib
import logging
import threading
import time
from collections.abc import Iterator

_LOGGER = logging.getLogger(__name__)
# Seconds without a step until that is said, and from then on between two lines.
_PATIENCE = 30.0


class _Waits:
    """The waits that are in progress, from the outermost to the innermost, and the last step."""

    def __init__(self):
        self.whom: list[str] = []
        self.last = time.monotonic()
        self.longest = 0.0


_WAITS = _Waits()


@contextlib.contextmanager
def waiting_for(whom: str) -> Iterator[None]:
    """Says, while the block runs and `step_done` is not called for long, whom it waits for."""
    _WAITS.whom.append(whom)
    _WAITS.last = time.monotonic()
    ended = threading.Event()
    thread = threading.Thread(target=_say, args=(whom, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        _WAITS.whom.remove(whom)


def step_done() -> None:
    """Tells that the run goes on."""
    now = time.monotonic()
    _WAITS.longest = max(_WAITS.longest, now - _WAITS.last)
    _WAITS.last = now


def longest_step() -> float:
    """Returns the longest time, in seconds, between two calls of `step_done` so far."""
    return _WAITS.longest


def in_words() -> str:
    """Returns what is waited for, and for how many seconds; empty if nothing is."""
    if not _WAITS.whom:
        return ""
    return f"{' or '.join(_WAITS.whom)}, for {time.monotonic() - _WAITS.last:.0f} s already"


def _say(whom: str, ended: threading.Event) -> None:
    said = 0
    while not ended.wait(1.0):
        patience = max(_PATIENCE, 2 * _WAITS.longest)
        waited = int((time.monotonic() - _WAITS.last) / patience)
        if waited > said and _WAITS.whom[-1:] == [whom]:
            _LOGGER.warning("no step comes; waiting for %s", in_words())
        said = waited
