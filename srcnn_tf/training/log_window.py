"""Averages over the steps since a run's last log line."""


class LogWindow:
    """Sums over steps, and their means.

    Attributes:
      steps: how many there were.
      seconds: how long they took.
      waited: how many of these seconds they waited for input.
    """

    def __init__(self):
        self.steps = 0
        self.seconds = self.waited = self._total = 0.0

    def add(self, steps: int, loss: float, seconds: float, waited: float) -> None:
        """Adds `steps` more, of that mean loss."""
        self.steps += steps
        self._total += steps * loss
        self.seconds += seconds
        self.waited += waited

    @property
    def loss(self) -> float:
        """The mean loss; an error before the first step."""
        return self._total / self.steps
