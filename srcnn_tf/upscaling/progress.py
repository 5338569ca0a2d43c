"""The bar on a terminal: how far a batch is, how far its present picture is, and the time left."""

import pathlib
import sys
import threading
from collections.abc import Sequence

import tqdm

from srcnn_tf.files.picture_source import Source

# A small picture is done before anybody could read how far it is.
_FROM_TILES = 4


class Progress:
    """One bar for a batch, weighed by the sizes of files; tiles move it on within a big picture.

    It is shown on terminals alone. Lines are written above it. Several threads may use it.
    """

    def __init__(self, sources: Sequence[Source], tile_pixels: int):
        """Takes the pictures, and about how many pixels a tile of their results has."""
        self._tile_pixels = tile_pixels
        self._shown = sys.stderr.isatty()
        self._weights = {str(source): self._weight(source) for source in sources}
        self._total = sum(self._weights.values())
        self._finished = 0.0
        self._done = 0
        self._parts: dict[str, float] = {}
        self._lock = threading.Lock()
        self._bar = tqdm.tqdm(
            total=1.0,
            bar_format="{percentage:3.0f}%|{bar}| {desc}[{elapsed}<{remaining}]",
            disable=not self._shown,
            dynamic_ncols=True,
            leave=False,
        )

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_) -> None:
        self._bar.close()

    def write(self, line: str, file) -> None:
        """Writes a line above the bar."""
        self._bar.write(line, file=file)

    def at(self, name: str, pixels: int, of: int, words: str = "") -> None:
        """Says that this many pixels of a picture's result are computed, or what words say."""
        with self._lock:
            self._parts[name] = self._weights[name] * min(pixels / of, 1)
            if words:
                self._show(f", {name}: {words}")
            elif of < _FROM_TILES * self._tile_pixels:
                self._show("")
            else:
                how_far = f"{pixels / of:.0%}" if pixels < of else "writing"
                self._show(f", {name}: {how_far}")

    def done(self, name: str) -> None:
        """Says that a picture is finished, whatever became of it."""
        with self._lock:
            self._parts.pop(name, None)
            self._finished += self._weights[name]
            self._done += 1
            self._show("")

    def _show(self, detail: str) -> None:
        if self._shown:
            self._bar.n = min((self._finished + sum(self._parts.values())) / self._total, 1.0)
            of = len(self._weights)
            self._bar.set_description_str(f"{self._done} of {of}{detail} ")

    def _weight(self, source: Source) -> float:
        """Returns what stands for the time that a picture takes: how large its file is."""
        if not self._shown or not isinstance(source, pathlib.Path):
            return 1.0
        try:
            return float(max(source.stat().st_size, 1))
        except OSError:  # Whoever reads it says why.
            return 1.0
