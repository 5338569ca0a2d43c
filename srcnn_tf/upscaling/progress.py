"""The bar on a terminal: how far a batch is, how far its present picture is, and the time left."""

import sys
import threading

import tqdm

# A small picture is done before anybody could read how far it is.
_FROM_TILES = 4


class Progress:
    """One bar for a batch, in pictures; its tiles move it on within a big picture.

    It is shown on terminals alone. Lines are written above it. Several threads may use it.
    """

    def __init__(self, pictures: int, tile_pixels: int):
        """Takes how many pictures there are, and about how many pixels a tile of them has."""
        self._pictures = pictures
        self._tile_pixels = tile_pixels
        self._done = 0
        self._parts: dict[str, float] = {}
        self._lock = threading.Lock()
        self._bar = tqdm.tqdm(
            total=pictures,
            bar_format="{percentage:3.0f}%|{bar}| {desc}[{elapsed}<{remaining}]",
            disable=not sys.stderr.isatty(),
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

    def at(self, name: str, pixels: int, of: int) -> None:
        """Says that this many pixels of a picture are computed."""
        with self._lock:
            self._parts[name] = pixels / of
            tiles = round(of / self._tile_pixels)
            detail = f", {name}: {pixels / of:.0%}" if tiles >= _FROM_TILES else ""
            self._show(detail)

    def done(self, name: str) -> None:
        """Says that a picture is finished, whatever became of it."""
        with self._lock:
            self._parts.pop(name, None)
            self._done += 1
            self._show("")

    def _show(self, detail: str) -> None:
        self._bar.n = min(self._done + sum(self._parts.values()), self._pictures)
        self._bar.set_description_str(f"{self._done} of {self._pictures}{detail} ")
