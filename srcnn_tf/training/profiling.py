"""A TensorBoard profile of some steps of a run: where their time goes, operation by operation."""

import logging
import pathlib
import sys

_LOGGER = logging.getLogger(__name__)


def step_range(text: str) -> range:
    """Parses START:STOP: the steps after the first START of the run, up to STOP.

    The first steps of a process also compile, so START is best some steps later.

    Raises:
      ValueError: it is not two numbers, or START is not before STOP.
    """
    start, separator, stop = text.partition(":")
    if not (separator and start.isdecimal() and stop.isdecimal()) or int(start) >= int(stop):
        raise ValueError(
            f"--profile={text} is not START:STOP, two numbers of steps, the first the smaller one, "
            "such as --profile=100:120."
        )
    return range(int(start), int(stop))


class Profile:
    """A context manager that profiles a run while it is within a range of steps.

    Args:
      steps: from `step_range`; None for no profile.
      folder: gets `plugins/profile/<time>/*.xplane.pb`, which TensorBoard shows with its profile
        plugin; nothing beside TensorFlow is needed to write it. None, in a process that writes
        nothing, keeps the steps between its calls the same as the chief's.
    """

    def __init__(self, steps: range | None, folder: pathlib.Path | None = None):
        self._steps, self._folder = steps, folder
        self._running = False

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self._running:
            self._stop()

    def reach(self, step: int) -> None:
        """Starts or stops the profile if that is due after `step` steps of the run."""
        wanted = self._folder is not None and self._steps is not None and step in self._steps
        if wanted and not self._running:
            import tensorflow as tf

            tf.profiler.experimental.start(str(self._folder))
            self._running = True
        elif self._running and not wanted:
            self._stop()

    def steps_until_next(self, step: int) -> int:
        """How many steps from `step` until `reach` has something to do; very many if nothing."""
        edges = (self._steps.start, self._steps.stop) if self._steps is not None else ()
        return min((edge - step for edge in edges if edge > step), default=sys.maxsize)

    def _stop(self):
        import tensorflow as tf

        tf.profiler.experimental.stop()
        self._running = False
        _LOGGER.info(
            "profile of steps %d to %d: %s", self._steps.start + 1, self._steps.stop, self._folder
        )
