"""Progress of long work: a bar with rate and time left on a terminal, plain lines otherwise."""

import logging
import sys

import tqdm

from srcnn_tf.training import waiting

_LOGGER = logging.getLogger(__name__)


class Progress:
    """A context manager around work of a known number of steps.

    On a terminal a bar shows loss, steps a second and time left, and lines appear above it;
    elsewhere (a log file, a pipe) there are only the lines.
    """

    def __init__(self, step: int, steps: int):
        self._bar = tqdm.tqdm(
            initial=step,
            total=steps,
            unit="step",
            disable=not sys.stderr.isatty(),
            dynamic_ncols=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._bar.close()

    def update(self, step: int, loss: float | None) -> None:
        """Moves the bar to `step`; a loss that is not known yet leaves what it said."""
        waiting.step_done()
        if loss is not None:
            self._bar.set_postfix(loss=f"{loss:.2e}", refresh=False)
        self._bar.update(step - self._bar.n)

    def line(self, text: str) -> None:
        """Logs a line above the bar, without tearing it."""
        with tqdm.tqdm.external_write_mode(file=sys.stderr):
            _LOGGER.info("%s", text)
