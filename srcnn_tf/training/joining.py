"""Waiting for the processes of a cluster before TensorFlow does, which is deaf and says nothing.

TensorFlow waits holding Python's lock, with a handler of its own for SIGTERM: no signal ends it and
no thread can speak. So each process first listens where TensorFlow will, until it has reached all
others there. What is left for TensorFlow is a moment.
"""

import contextlib
import logging
import socket
import time
from collections.abc import Iterator, Sequence

_LOGGER = logging.getLogger(__name__)
# Seconds between two lines, and between two tries.
_BETWEEN_LINES, _BETWEEN_TRIES = 10.0, 0.5


def wait_for_others(mine: str, others: Sequence[str], seconds: float = 3600.0) -> None:
    """Returns when all other processes have been reached; says every ten seconds who is missing.

    Args:
      mine: the address of this process, `host:port`; its port is listened on.
      others: those of the others.
      seconds: how long to wait.

    Raises:
      OSError: the port is taken.
      TimeoutError: a process was not reached in that time.
      ValueError: an address is none.
    """
    addresses = {address: _parsed(address) for address in others}
    start = said = time.monotonic()
    with _listening(_parsed(mine)[1]):
        missing = list(others)
        while True:
            missing = [address for address in missing if not _answers(addresses[address])]
            if not missing:
                return
            now = time.monotonic()
            words = f"{', '.join(missing)} of the cluster"
            if now - start > seconds:
                raise TimeoutError(f"{words} did not come within {seconds:.0f} s")
            if now - said >= _BETWEEN_LINES:
                said = now
                _LOGGER.warning("waiting for %s, for %.0f s already", words, now - start)
            time.sleep(_BETWEEN_TRIES)


@contextlib.contextmanager
def _listening(port: int) -> Iterator[None]:
    with contextlib.ExitStack() as entered:
        listener = entered.enter_context(socket.socket())
        # As gRPC does, which takes the port over.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("", port))
        listener.listen(128)
        yield


def _answers(address: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(address, timeout=1):
            return True
    except OSError:
        return False


def _parsed(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError(f"{address!r} is not host:port")
    return host.strip("[]"), int(port)
