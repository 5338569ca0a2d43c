"""`ExportFormat`: how a kind of file is written, and run by software that is not ours."""

import contextlib
import dataclasses
import pathlib
from collections.abc import Callable

import numpy as np

from srcnn_tf.exporting.contents import SMALLEST_SIDE, Contents
from srcnn_tf.registry import Registry

# From an array (N, H, W, C) to the enlarged one; see `Contents`.
Run = Callable[[np.ndarray], np.ndarray]
# Height and width of the small pictures that a file is tried on; the last is timed.
SIZES = ((SMALLEST_SIDE, SMALLEST_SIDE), (7, 3), (61, 40), (96, 128))
FORMATS: "Registry[ExportFormat]" = Registry("export format")


@dataclasses.dataclass(frozen=True)
class ExportFormat:
    """How a kind of file is written and run.

    Attributes:
      name: what users call it.
      suffix: of the file, or of the folder.
      runtime: what runs it in `load`, as it is called in messages.
      write: writes contents to a path that has the suffix.
      load: loads a file into its own runtime; a context manager of what runs it.
      snippet: Python that runs a file (given by name) on `source`, an array as `Contents` says,
        and ends with `enlarged`; "" if it is not for Python.
      precisions: those of `contents.PRECISIONS` that it has.
      color: what it holds whatever is asked for: True for color, False for luminance; None if it
        has both.
      scales: those that it has; None for all.
      refuse: says in a sentence why it cannot hold a network, or returns None.
      largest_difference: from `upscale`, of float32 luminance with 1.0 = 255.
      clips: whether what it gives is clipped to 0..1.
      use: how it is used, if there is no snippet.
      sizes: of the pictures that a file is tried on.
      tensorflow: whether writing or running it loads TensorFlow.
      obstacle: says why nothing here can run it, or returns None.
    """

    name: str
    suffix: str
    runtime: str
    write: Callable[[Contents, pathlib.Path], None]
    load: Callable[[pathlib.Path, Contents], contextlib.AbstractContextManager[Run]]
    snippet: Callable[[str, Contents], str]
    precisions: tuple[str, ...] = ("float32",)
    color: bool | None = None
    scales: tuple[int, ...] | None = None
    refuse: Callable[[Contents], str | None] = lambda contents: None
    largest_difference: float = 1e-5
    clips: bool = False
    use: str = ""
    sizes: tuple[tuple[int, int], ...] = SIZES
    tensorflow: bool = False
    obstacle: Callable[[], str | None] = lambda: None

    def refusal(self, contents: Contents) -> str | None:
        """Says in a sentence why it cannot hold these contents, or returns None."""
        if contents.precision not in self.precisions:
            known = " and ".join(self.precisions)
            return f"The format {self.name} has {known}, not {contents.precision}."
        if self.scales is not None and contents.scale not in self.scales:
            known = ", ".join(f"x{scale}" for scale in self.scales)
            return f"The format {self.name} is for {known}, not x{contents.scale}."
        return self.refuse(contents)
