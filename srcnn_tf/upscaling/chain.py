"""Any size: one network after another, then MATLAB's resize, tile by tile, in floating point."""

import math
from collections.abc import Sequence

import numpy as np

from srcnn_tf.imaging import exact_resampling
from srcnn_tf.imaging.tiling import Tile, Tiler
from srcnn_tf.upscaling.enlarging import Enlarger, Enlarging, as_float, bleed


class Chain(Enlarging):
    """Networks, each at work on the result of the one before, and a resize to an exact size.

    Nothing between the steps is kept, rounded or clipped: each tile of the result is computed from
    what it needs of the step before. Neighbors overlap there, by a tenth or so.

    Attributes:
      enlargers: the networks, in order; none for a resize alone.
      size: (rows, columns) of the result.
    """

    def __init__(self, enlargers: Sequence[Enlarger], size: tuple[int, int], tiler: Tiler):
        """Takes the steps and what cuts the result into tiles."""
        super().__init__(tiler)
        self.enlargers = tuple(enlargers)
        self.size = size

    def size_of(self, height: int, width: int) -> tuple[int, int]:
        """Returns `size`."""
        return self.size

    def bicubic(self) -> "Chain":
        """Returns MATLAB's resize to the same size."""
        return Chain((), self.size, self.tiler)

    def region(self, pixels, tile: Tile) -> np.ndarray:
        """Returns a tile of the result, not rounded; see `Enlarging.region`."""
        for number, enlarger in enumerate(self.enlargers, start=1):
            size = enlarger.size_of(*pixels.shape[:2])
            if number == len(self.enlargers) and size == self.size:
                return enlarger.region(pixels, tile)
            pixels = _Enlarged(pixels, enlarger)
        return _resized(pixels, self.size, tile)


class _Enlarged:
    """A picture enlarged by one step, computed where it is looked at; float32, as an array is."""

    def __init__(self, pixels, enlarger: Enlarger):
        self._pixels, self._enlarger = pixels, enlarger
        size = enlarger.size_of(*pixels.shape[:2])
        self.shape = (*size, *pixels.shape[2:])
        self.ndim = len(self.shape)
        self.dtype = np.dtype(np.float32)

    def __getitem__(self, slices: tuple[slice, slice]) -> np.ndarray:
        rows, columns = slices
        height, width = rows.stop - rows.start, columns.stop - columns.start
        result = np.empty((height, width, *self.shape[2:]), np.float32)

        def work(tile: Tile) -> np.ndarray:
            return self._enlarger.region(self._pixels, tile.moved(columns.start, rows.start))

        # What a tile needs of the step before may be larger than a tile.
        for tile, values in self._enlarger.tiler.map(height, width, work):
            result[tile.slices] = values
        return result


def _resized(pixels, size: tuple[int, int], tile: Tile) -> np.ndarray:
    """Returns a tile of the picture resized; colors that alpha hides do not bleed into it."""
    shape = pixels.shape[:2]
    channels = math.prod(pixels.shape[2:])
    has_alpha = channels in (2, 4)
    reach = max(map(exact_resampling.reach, shape, size)) if has_alpha else 0

    def read(window: Tile) -> np.ndarray:
        grown = window.grown(reach, *shape)
        values = as_float(pixels[grown.slices])
        values = values.reshape((*values.shape[:2], channels))
        if has_alpha:
            planes = bleed(values[..., :-1], values[..., -1] > 0, reach)
            values = np.concatenate([planes, values[..., -1:]], axis=2)
        return values[window.within(grown).slices]

    values = exact_resampling.resample_tile(read, shape, size, tile)
    if has_alpha:
        np.clip(values[..., -1], 0, 1, out=values[..., -1])
    return values.reshape((*values.shape[:2], *pixels.shape[2:]))
