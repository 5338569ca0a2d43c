"""Averages over the steps since a run's last log line."""


class LogWindow:
    """Sums over steps, and their means.

    Losses and waits may be tensors that a device has yet to compute: they are read, which waits for
    it, when they are first asked for.

    Attributes:
      steps: how many there were.
      seconds: how long they took.
    """

    def __init__(self):
        self.steps = self._read = 0
        self.seconds = 0.0
        self._loss = self._waited = 0.0
        self._unread = []

    def add(self, steps: int, loss, waited) -> None:
        """Adds `steps` more, of that mean loss; both numbers or scalar tensors."""
        self.steps += steps
        self._unread.append((steps, loss, waited))

    def read(self) -> None:
        """Waits for all that was added."""
        for steps, loss, waited in self._unread:
            self._loss += steps * float(loss)
            self._waited += float(waited)
            self._read += steps
        self._unread = []

    @property
    def known_loss(self) -> float | None:
        """The mean loss of what was read; None before that."""
        return self._loss / self._read if self._read else None

    @property
    def loss(self) -> float:
        """The mean loss; an error before the first step."""
        self.read()
        return self._loss / self.steps

    @property
    def waited(self) -> float:
        """How many of the seconds were spent waiting for input; NaN where nobody can tell."""
        self.read()
        return self._waited
