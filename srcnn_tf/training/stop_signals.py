"""SIGINT and SIGTERM: a run ends between two steps, and no wait is deaf to them."""

import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from srcnn_tf.training import waiting

_LOGGER = logging.getLogger(__name__)
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# Seconds that the main thread has to notice a signal, in which it may finish a call.
_GRACE = 4.0


class Stopped(KeyboardInterrupt):
    """A signal came; `number` is its number."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number


class _Noticed:
    """How many signals the main thread has noticed."""

    count = 0


@contextlib.contextmanager
def catch_stop_signals() -> Iterator[list[int]]:
    """Yields a list that is empty until SIGINT or SIGTERM comes; a second one acts as usual."""
    received: list[int] = []
    previous: dict[int, Any] = {}

    def remember(number, frame):
        _Noticed.count += 1
        received.append(number)
        for each, handler in previous.items():
            signal.signal(each, handler)

    try:
        for number in _SIGNALS:
            previous[number] = signal.signal(number, remember)
    except ValueError:
        # Only the main thread may handle signals; elsewhere whoever runs the thread stops it.
        _LOGGER.debug("signals are not handled outside the main thread")
    try:
        yield received
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def ended_by_signals(program: str, hint: str | Callable[[], str] = "") -> Iterator[None]:
    """Ends a program on SIGINT or SIGTERM, with a sentence and the status 128 + the signal's.

    Within the block both raise `Stopped`. Where the main thread is in a call that does not come
    back (TensorFlow waits for another machine), a thread ends the process after four seconds, or
    after twice as long as a step has taken.

    Args:
      program: begins the sentence.
      hint: ends it, such as what goes on from here; or a function that says it then.

    Raises:
      SystemExit: a signal came.
    """
    for number in _SIGNALS:
        # `nohup` and shells' background jobs have SIGINT ignored, and want it to stay so.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise)
    _end_if_deaf(program)
    try:
        yield
    except (KeyboardInterrupt, ImportError) as error:
        stop = _stop_behind(error)
        if stop is None:
            raise
        number = getattr(stop, "number", signal.SIGINT)
        said = hint() if callable(hint) else hint
        print(_sentence(program, number, said), file=sys.stderr)
        raise SystemExit(128 + number) from None


def take_signals_back() -> None:
    """Puts Python's handlers back where a library has put its own, as TensorFlow's clusters do."""
    with contextlib.suppress(ValueError):  # Not in the main thread.
        for number in _SIGNALS:
            # Python knows only of its own.
            signal.signal(number, signal.getsignal(number))


def _stop_behind(error: BaseException | None) -> BaseException | None:
    """Returns what stopped the program: an import that it broke off raises ImportError from it."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error


def _raise(number, frame):
    _Noticed.count += 1
    raise Stopped(number)


def _sentence(program: str, number: int, hint: str = "") -> str:
    return f"{program}: stopped by {signal.Signals(number).name}" + (f"; {hint}" if hint else ".")


def _end_if_deaf(program: str) -> None:
    """Starts the thread that ends the process if the main thread notices no signal."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    # Python writes the number there at once, and runs the handler when the main thread comes back.
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    # A forked child shares the pipe, and its signals are none of this process.
    os.register_at_fork(after_in_child=lambda: signal.set_wakeup_fd(-1))

    def watch():
        came = 0
        while number := os.read(read, 1):
            if number[0] not in _SIGNALS:
                continue
            came += 1
            end = time.monotonic() + max(_GRACE, 2 * waiting.longest_step())
            while _Noticed.count < came and time.monotonic() < end:
                time.sleep(0.1)
            if _Noticed.count < came:
                whom = waiting.in_words()
                hint = f"it waited for {whom}. " if whom else "its present work did not end. "
                hint += "What was saved before is intact."
                os.write(2, f"{_sentence(program, number[0], hint)}\n".encode())
                os._exit(128 + number[0])

    threading.Thread(target=watch, daemon=True).start()
