"""Standard output and error of the programs: a reader that leaves ends a program quietly."""

import contextlib
import errno
import io
import os
import signal
import sys
from collections.abc import Iterator

# What a shell reports of the tools that the closed pipe's signal ends.
_CLOSED = 128 + signal.SIGPIPE


@contextlib.contextmanager
def guarded(program: str) -> Iterator[None]:
    """Ends the program by SystemExit where standard output or error cannot be written.

    A closed pipe (`| head -1`) ends it without a word and with status 141, as it does other tools;
    a full disk in one sentence with status 1. Lines are passed on as they are written. A stream
    that was closed from the start (`>&-`) swallows what is written.

    Args:
      program: begins the sentence.
    """
    for number in range(3):
        # A file that is opened later would get the number, and be written to by libraries.
        with contextlib.suppress(OSError):
            if not _is_open(number):
                os.open(os.devnull, os.O_RDWR)
    sys.stdout = _Guarded(1, sys.stdout, program)
    sys.stderr = _Guarded(2, sys.stderr, program)
    try:
        yield
    except BrokenPipeError:  # Of bytes that were written past the streams below.
        raise SystemExit(_CLOSED) from None
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


class _Guarded(io.TextIOWrapper):
    """A standard stream, by its file descriptor, that leaves the program if it is not writable."""

    def __init__(self, number: int, before: io.TextIOBase | None, program: str):
        super().__init__(
            os.fdopen(number, "wb", closefd=False),
            encoding=before.encoding if before else "utf-8",
            # File names may hold what no encoding has; a line about them must not end a program.
            errors="backslashreplace" if number == 2 else "surrogateescape",
            line_buffering=True,
        )
        self._number, self._program = number, program

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except UnicodeEncodeError:
            replaced = text.encode(self.encoding, "backslashreplace").decode(self.encoding)
            return self.write(replaced)
        except OSError as error:
            self._leave(error)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self._leave(error)

    def _leave(self, error: OSError) -> None:
        # What is still in the buffer would be tried again, and fail again, at every later write.
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), self._number)
        if error.errno == errno.EPIPE:
            raise SystemExit(_CLOSED) from None
        if self._number == 2:
            raise SystemExit(1) from None
        raise SystemExit(
            f"{self._program}: standard output cannot be written ({error.strerror})."
        ) from None


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
