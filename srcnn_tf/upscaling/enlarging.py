"""Pixels and a network to more pixels: color and alpha, tile by tile, in floating point."""

import abc
from collections.abc import Callable, Iterator

import numpy as np

from srcnn_tf.engines.runners import Runner
from srcnn_tf.imaging.color_modes import LUMINANCE, ColorMode
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.imaging.rounding import WHITE, quantize
from srcnn_tf.imaging.tiling import Tile, Tiler
from srcnn_tf.networks.architecture import BICUBIC_GRID, LOW_GRID

# imresize reaches two pixels to each side; one more for the rounding of its coordinates.
_BICUBIC_MARGIN = 3


class Enlarging(abc.ABC):
    """A way to make pictures bigger, tile by tile.

    Attributes:
      tiler: the tiles, of the enlarged picture, that are worked on one at a time.
    """

    def __init__(self, tiler: Tiler):
        """Takes what cuts results into tiles."""
        self.tiler = tiler

    @abc.abstractmethod
    def size_of(self, height: int, width: int) -> tuple[int, int]:
        """Returns (rows, columns) of the result for a picture of this size."""

    @abc.abstractmethod
    def region(self, pixels, tile: Tile) -> np.ndarray:
        """Returns a tile of the enlarged picture as floats with white at 1.0, not rounded.

        Args:
          pixels: as of `tiles`, checked; an array, or anything with shape, dtype and rectangles.
          tile: of the result.
        """

    @abc.abstractmethod
    def bicubic(self) -> "Enlarging":
        """Returns one that gives the same size by bicubic alone."""

    def tiles(
        self, pixels: np.ndarray, within: Tile | None = None
    ) -> Iterator[tuple[Tile, np.ndarray]]:
        """Yields the enlarged picture in tiles, each with its place.

        Args:
          pixels: uint8, uint16 or floats with white at 1.0; (H, W) or (H, W, 1) gray, (H, W, 2)
            gray and alpha, (H, W, 3) RGB, (H, W, 4) RGB and alpha (not premultiplied).
          within: the part of the result that is wanted; all of it by default.

        Yields:
          A tile of the result, and its values in the input's dtype and number of dimensions.
          Integers are rounded and clipped; of floats only alpha is clipped.

        Raises:
          TypeError, ValueError: the array is none of the above.
        """
        pixels = np.asarray(pixels)
        _check(pixels)

        height, width = self.size_of(*pixels.shape[:2])
        part = within or Tile(0, height, 0, width)

        def work(tile: Tile) -> np.ndarray:
            return quantize(self.region(pixels, tile.moved(part.left, part.top)), pixels.dtype)

        for tile, values in self.tiler.map(part.bottom - part.top, part.right - part.left, work):
            yield tile.moved(part.left, part.top), values

    def enlarge(
        self, pixels: np.ndarray, on_tile: Callable[[int], object] | None = None
    ) -> np.ndarray:
        """Returns the whole enlarged picture; see `tiles`.

        Args:
          pixels: see `tiles`.
          on_tile: is called with the number of pixels of each tile that is done.
        """
        pixels = np.asarray(pixels)
        _check(pixels)
        size = self.size_of(*pixels.shape[:2])
        result = np.empty((*size, *pixels.shape[2:]), pixels.dtype)
        for tile, values in self.tiles(pixels):
            result[tile.slices] = values
            if on_tile:
                on_tile(tile.pixels)
        return result


class Enlarger(Enlarging):
    """A network at work on pictures of all sizes and kinds.

    Color is treated as the SRCNN paper does: the network sharpens Y of MATLAB's YCbCr, bicubic
    enlarges Cb, Cr and alpha. A gray picture is its own Y. Networks in color sharpen all three
    planes of theirs (`imaging.color_modes`). Nothing is rounded on the way.

    Attributes:
      scale: how many times longer each side becomes.
      tiler: the tiles, of the enlarged picture, that are worked on one at a time.
    """

    def __init__(self, scale: int, tiler: Tiler, runner: Runner | None = None):
        """Takes what runs a network; without it, it enlarges by bicubic.

        Args:
          scale: an integer, at least 1.
          tiler: see the class.
          runner: from `engines.runner`, or its `self_ensemble`.
        """
        super().__init__(tiler)
        self.scale = scale
        self._runner = runner
        self._halo = runner.halo if runner else 0

    @property
    def grid(self) -> str:
        """Which plane `run` takes: `bicubic` or `low`."""
        return self._runner.grid if self._runner else BICUBIC_GRID

    @property
    def color_mode(self) -> ColorMode:
        """Which planes `run` takes."""
        return self._runner.color_mode if self._runner else LUMINANCE

    def size_of(self, height: int, width: int) -> tuple[int, int]:
        """Returns both sides `scale` times longer."""
        return height * self.scale, width * self.scale

    @property
    def name(self) -> str:
        """What the network is called."""
        return self._runner.architecture.name if self._runner else "bicubic"

    def bicubic(self) -> "Enlarger":
        """Returns one with the same scale and tiles that enlarges by bicubic alone."""
        return Enlarger(self.scale, self.tiler)

    def run(self, plane: np.ndarray) -> np.ndarray:
        """Applies the network to a plane, which is enlarged already unless `grid` is `low`.

        Args:
          plane: float (H, W), 1.0 = 255; on the low grid (H/s, W/s); in color with a third axis.

        Returns:
          float32 (H, W), in color with a third axis.
        """
        if self._runner is None:
            return np.asarray(plane, np.float32)
        return self.tiler.run(plane, self._runner, self._halo, self._runner.architecture.upscale)

    def region(self, pixels, tile: Tile) -> np.ndarray:
        """Returns a tile of the enlarged picture, not rounded; see `Enlarging.region`."""
        height, width = pixels.shape[:2]
        channels = pixels.shape[2] if pixels.ndim == 3 else 1
        has_alpha = channels in (2, 4)
        source, reach = self._source(tile, height, width, has_alpha)
        values = as_float(pixels[source.slices])
        values = values.reshape((*values.shape[:2], channels))
        planes = values[..., : channels - has_alpha]
        if has_alpha:
            planes = bleed(planes, values[..., -1] > 0, reach)
        gray = planes.shape[2] == 1
        planes = self.color_mode.planes_of(planes)
        planes = self._enlarged(planes, tile, source, (height, width))
        planes = self.color_mode.picture_of(planes, gray)
        if has_alpha:
            alpha = imresize(values[..., -1:], self.scale)
            alpha = alpha[tile.within(source.scaled(self.scale)).slices]
            planes = np.concatenate([planes, np.clip(alpha, 0, 1)], axis=2)
        return planes.reshape((*planes.shape[:2], *pixels.shape[2:]))

    def _seen(self, tile: Tile, height: int, width: int) -> Tile:
        """What the network must see for a tile, in the pixels of its own grid."""
        if self.grid == LOW_GRID:
            return tile.shrunk(self.scale).grown(self._halo, height, width)
        return tile.grown(self._halo, height * self.scale, width * self.scale)

    def _source(self, tile, height, width, has_alpha) -> tuple[Tile, int]:
        """Which pixels of the picture a tile is made of, and how far color bleeds in them."""
        seen = self._seen(tile, height, width)
        low = self.grid == LOW_GRID
        source = seen if low else seen.shrunk(self.scale)
        # Hidden pixels that a visible one depends on: by the network, the kernel, alpha's kernel.
        halo = self._halo if low else -(-self._halo // self.scale)
        reach = halo + 2 * _BICUBIC_MARGIN if has_alpha else 0
        return source.grown(_BICUBIC_MARGIN + reach, height, width), reach

    def _enlarged(self, planes, tile, source, shape) -> np.ndarray:
        """Enlarges the network's planes by it and the others by bicubic: those of the tile."""
        origin = source.scaled(self.scale)
        if self._runner is None:
            return imresize(planes, self.scale)[tile.within(origin).slices]
        seen = self._seen(tile, *shape)
        if self.grid == LOW_GRID:
            sharp = _sharpened(self._runner, planes[seen.within(source).slices])
            sharp = sharp[tile.within(seen.scaled(self.scale)).slices]
            others = planes[..., sharp.shape[2] :]
            if not others.shape[2]:
                return sharp
            colors = imresize(others, self.scale)[tile.within(origin).slices]
            return np.concatenate([sharp, colors], axis=2)
        planes = imresize(planes, self.scale)[seen.within(origin).slices]
        inner = tile.within(seen).slices
        sharp = _sharpened(self._runner, planes)[inner]
        planes = planes[inner]
        planes[..., : sharp.shape[2]] = sharp
        return planes


def _sharpened(run: Runner, planes: np.ndarray) -> np.ndarray:
    """Runs a network over the first planes of (H, W, C), which are those that it sees."""
    count = run.color_mode.channels
    return run(planes[..., 0])[..., None] if count == 1 else run(planes[..., :count])


def as_float(pixels: np.ndarray) -> np.ndarray:
    """Returns float32 with white at 1.0."""
    return (pixels / np.float64(WHITE.get(pixels.dtype, 1))).astype(np.float32)


def _check(pixels: np.ndarray) -> None:
    if pixels.dtype not in (*WHITE, np.float32, np.float64):
        raise TypeError(f"Pictures must be uint8, uint16 or floats, not {pixels.dtype}.")
    if pixels.ndim not in (2, 3) or 0 in pixels.shape or (pixels.ndim == 3 and pixels.shape[2] > 4):
        raise ValueError(
            "Pictures must be (H, W) or (H, W, 1 to 4) and have pixels; this array is "
            f"{pixels.shape}."
        )


def bleed(planes: np.ndarray, visible: np.ndarray, steps: int) -> np.ndarray:
    """Gives hidden pixels the mean color of their visible neighbors, `steps` pixels far.

    What is stored where alpha is 0 is often black, and would darken the visible edge. A pixel's
    new color depends on pixels within `steps` of it alone, so that tiles agree.
    """
    if visible.all() or not visible.any():
        return planes
    planes = planes.copy()
    known = visible
    for _ in range(steps):
        count = _sum_of_neighbors(known[..., None].astype(np.float32))
        color = _sum_of_neighbors(planes * known[..., None])
        new = ~known & (count[..., 0] > 0)
        if not new.any():
            break
        planes[new] = color[new] / count[new]
        known = known | new
    return planes


def _sum_of_neighbors(planes: np.ndarray) -> np.ndarray:
    """Sums each pixel's 3 x 3 neighborhood, with nothing beyond the border."""
    for axis in (0, 1):
        before = np.zeros_like(planes)
        after = np.zeros_like(planes)
        if axis == 0:
            before[1:], after[:-1] = planes[:-1], planes[1:]
        else:
            before[:, 1:], after[:, :-1] = planes[:, :-1], planes[:, 1:]
        planes = before + planes + after
    return planes
