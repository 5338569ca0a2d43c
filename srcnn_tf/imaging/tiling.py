"""Work on a plane tile by tile, without seams and in bounded memory."""

import collections
import concurrent.futures
import logging
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

import numpy as np

_LOGGER = logging.getLogger(__name__)
# Below this side most of a tile's memory is its overlap, and halving it saves little.
_SMALLEST_SIDE = 32

Result = TypeVar("Result")


class Tile(NamedTuple):
    """A rectangle of pixels: rows `top` to before `bottom`, columns `left` to before `right`."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """What cuts it out of an array (H, W, ...)."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def pixels(self) -> int:
        """How many it holds."""
        return (self.bottom - self.top) * (self.right - self.left)

    def grown(self, margin: int, height: int, width: int) -> "Tile":
        """Returns it with `margin` more pixels on each side, as far as the plane has them."""
        return Tile(
            max(self.top - margin, 0),
            min(self.bottom + margin, height),
            max(self.left - margin, 0),
            min(self.right + margin, width),
        )

    def within(self, outer: "Tile") -> "Tile":
        """Returns it in coordinates that start at the corner of `outer`."""
        return Tile(
            self.top - outer.top,
            self.bottom - outer.top,
            self.left - outer.left,
            self.right - outer.left,
        )

    def shrunk(self, scale: int) -> "Tile":
        """Returns the pixels of a plane `scale` times smaller that it touches."""
        return Tile(
            self.top // scale, -(-self.bottom // scale), self.left // scale, -(-self.right // scale)
        )

    def scaled(self, scale: int) -> "Tile":
        """Returns what becomes of it if every pixel becomes `scale` x `scale` pixels."""
        return Tile(*(edge * scale for edge in self))

    def moved(self, columns: int, rows: int = 0) -> "Tile":
        """Returns it this many columns further right, and rows further down."""
        return Tile(self.top + rows, self.bottom + rows, self.left + columns, self.right + columns)


class Tiler:
    """Cuts planes into tiles, and into smaller ones once memory has run out.

    Attributes:
      side: the longest side of a tile; it is halved when the work on a tile runs out of memory.
    """

    def __init__(
        self,
        side: int,
        out_of_memory: tuple[type[BaseException], ...] = (MemoryError,),
        at_once: int = 1,
    ):
        """Takes the side, which exceptions mean that memory ran out, and how to share the work.

        Args:
          side: at least 1.
          out_of_memory: exceptions.
          at_once: how many tiles `map` works on at once, each in a thread. Where a network takes
            all cores and what surrounds it takes one, two keep all busy.
        """
        if side < 1:
            raise ValueError(f"A tile's side must be at least 1, not {side}.")
        self.side = side
        self._out_of_memory = out_of_memory
        self._at_once = at_once

    def map(
        self, height: int, width: int, work: Callable[[Tile], Result]
    ) -> Iterator[tuple[Tile, Result]]:
        """Yields every tile of a plane with what `work` makes of it; no pixel is in two tiles.

        Raises:
          MemoryError, or another of `out_of_memory`: a tile too small to be halved failed, too.
        """
        pending = collections.deque(_split(Tile(0, height, 0, width), self.side))
        running: collections.deque[tuple[Tile, Callable[[], Result]]] = collections.deque()
        with concurrent.futures.ThreadPoolExecutor(self._at_once) as pool:
            while pending or running:
                while pending and len(running) < self._at_once:
                    tile = pending.popleft()
                    running.append((tile, self._begin(pool, work, tile)))
                tile, result_of = running.popleft()
                try:
                    result = result_of()
                except self._out_of_memory:
                    longest = max(tile.bottom - tile.top, tile.right - tile.left)
                    if longest // 2 < _SMALLEST_SIDE:
                        raise
                    # One that was begun before the side was halved says nothing of that side; and
                    # a plane smaller than the side would otherwise be tried again as it is.
                    if longest <= self.side:
                        self.side = longest // 2
                        _LOGGER.warning("memory ran out; going on in tiles of %d pixels", self.side)
                    rest = (tile, *pending)
                    pieces = (piece for t in rest for piece in _split(t, self.side))
                    pending = collections.deque(pieces)
                    continue
                yield tile, result

    def _begin(self, pool, work: Callable[[Tile], Result], tile: Tile) -> Callable[[], Result]:
        """Returns what gives the work's result; one at a time is done there and then."""
        if self._at_once == 1:
            return lambda: work(tile)
        return pool.submit(work, tile).result

    def run(
        self,
        plane: np.ndarray,
        function: Callable[[np.ndarray], np.ndarray],
        halo: int,
        upscale: int = 1,
    ) -> np.ndarray:
        """Applies a function of neighborhoods to a plane, such as an `engines.runner`.

        Args:
          plane: (H, W), or (H, W, C).
          function: makes every pixel `upscale` x `upscale` pixels; may treat the plane's borders in
            its own way.
          halo: how far, in pixels of the plane, a pixel of its output depends on its input.
          upscale: see `function`.

        Returns:
          float32 (upscale H, upscale W), and C where there is one, equal to `function(plane)`.
        """
        height, width = (side * upscale for side in plane.shape[:2])
        result = np.empty((height, width, *plane.shape[2:]), np.float32)

        def work(tile: Tile) -> np.ndarray:
            # Real neighbors inside the plane; where a tile touches the border, so does its region.
            region = tile.shrunk(upscale).grown(halo, *plane.shape[:2])
            values = function(plane[region.slices])
            return values[tile.within(region.scaled(upscale)).slices]

        for tile, values in self.map(height, width, work):
            result[tile.slices] = values
        return result


def _split(tile: Tile, side: int) -> Iterator[Tile]:
    """Yields tiles of at most `side` pixels a side, row by row."""
    for top in range(tile.top, tile.bottom, side):
        for left in range(tile.left, tile.right, side):
            bottom, right = min(top + side, tile.bottom), min(left + side, tile.right)
            yield Tile(top, bottom, left, right)
