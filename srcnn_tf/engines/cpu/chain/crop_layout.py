"""`CropLayout`: where in one thread's memory a training crop's layers and gradients lie."""

import dataclasses
import functools

from srcnn_tf.engines.cpu.chain.plan import GROUP, PLANE_GAP, ChainPlan, LayerPlan
from srcnn_tf.engines.cpu.function_builder import LANES


@dataclasses.dataclass(frozen=True)
class Buffer:
    """Rows of pixels in memory.

    Attributes:
      place: of the first float.
      rows: how many.
      columns: pixels in a row.
      floats: in a pixel.
    """

    place: int
    rows: int
    columns: int
    floats: int

    @property
    def pitch(self) -> int:
        """Floats in a row."""
        return self.columns * self.floats

    @property
    def end(self) -> int:
        """The float behind it."""
        return self.place + self.rows * self.pitch


@dataclasses.dataclass(frozen=True)
class LayerLayout:
    """One layer of a crop.

    Attributes:
      plan: of the layer.
      padding: pixels that replicate padding adds to each side of its inputs.
      side: of the square of its results.
      tiles: in a row of them.
      inputs: its padded inputs: the plane, or what the layer before gives.
      kept: inputs of its activation; rows and columns are whole tiles.
      spectra: place of its inputs' spectra.
      gradients: those at `kept`, zero around them.
      gradient_margin: how far these zeros reach above and to the left.
      input_gradients: those at `inputs`, but for the first layer.
    """

    plan: LayerPlan
    padding: int
    side: int
    tiles: int
    inputs: Buffer
    kept: Buffer
    spectra: int
    gradients: Buffer
    gradient_margin: int
    input_gradients: Buffer

    @property
    def tile_count(self) -> int:
        """All tiles."""
        return self.tiles**2

    @property
    def spectra_plane(self) -> int:
        """Floats from one frequency's spectra to the next one's."""
        return self.tile_count * self.plan.channels + PLANE_GAP

    @property
    def products_plane(self) -> int:
        """The same of its products."""
        return self.tile_count * self.plan.filters + PLANE_GAP


@dataclasses.dataclass(frozen=True)
class CropLayout:
    """A crop of `patch` x `patch` pixels; `padding` is `valid` or `replicate`.

    Attributes:
      plan: of the network.
      patch: side of the crop.
      padding: as in `TrainConfig`.
      border: pixels of the crop by which the target is smaller on each side.
    """

    plan: ChainPlan
    patch: int
    padding: str
    border: int

    def layers(self) -> list[LayerLayout]:
        """Returns all layers."""
        return self._laid_out[0]

    @property
    def result_side(self) -> int:
        """Side of what is compared with the target, in pixels of the crop."""
        return self.patch - 2 * self.border

    @property
    def result_margin(self) -> int:
        """How far it begins inside of `results`: a bicubic skip may look further than layers."""
        return (self.layers()[-1].side - self.result_side) // 2

    @property
    def input_margin(self) -> int:
        """How far it begins inside of the first layer's padded inputs."""
        return self.layers()[0].padding + self.border

    @property
    def results(self) -> Buffer:
        """What the last layer gives."""
        return self._laid_out[1]

    @property
    def result_gradients(self) -> Buffer:
        """Gradients at what the last layer gives."""
        return self._laid_out[2]

    @property
    def products(self) -> tuple[int, int]:
        """Places of the products, or their gradients, and of the spectra's gradients."""
        return self._laid_out[3]

    @property
    def memory_floats(self) -> int:
        """Floats of everything."""
        return self._laid_out[4]

    @functools.cached_property
    def _laid_out(self):
        end, size, layouts = 0, self.patch, []

        def buffer(rows, columns, floats):
            nonlocal end
            made = Buffer(end, rows, columns, floats)
            # A vector that begins with the last pixel may reach behind it.
            end = -(-(made.end + 2 * LANES) // LANES) * LANES
            return made

        before = 0
        for layer in self.plan.layers:
            padding = layer.radius if self.padding == "replicate" else 0
            side = size + 2 * padding - 2 * layer.radius
            tiles = -(-side // GROUP)
            whole = tiles * GROUP
            # Room for what tiles see, and for whole tiles of the layer before.
            extent = max(size + 2 * padding, whole + 2 * layer.radius, padding + before)
            inputs = buffer(extent, extent, layer.channels)
            kept = buffer(whole, whole, layer.filters)
            tiled = layer.method == "winograd"
            spectra = (
                buffer(1, layer.samples**2, tiles**2 * layer.channels + PLANE_GAP)
                if tiled
                else inputs
            )
            margin = 0 if tiled or not layouts else layer.side - 1
            gradients = buffer(whole + 2 * margin, whole + 2 * margin, layer.filters)
            input_gradients = buffer(extent, extent, layer.channels) if layouts else inputs
            layouts.append(
                LayerLayout(
                    layer,
                    padding,
                    side,
                    tiles,
                    inputs,
                    kept,
                    spectra.place,
                    gradients,
                    margin,
                    input_gradients,
                )
            )
            size, before = side, whole
        last = self.plan.layers[-1].filters
        results = buffer(before, before, last)
        result_gradients = buffer(before, before, last)
        tiled = [each for each in layouts if each.plan.method == "winograd"]
        most = max((n.plan.samples**2 * n.products_plane for n in tiled), default=0)
        products = buffer(1, most, 1).place
        most = max((n.plan.samples**2 * n.spectra_plane for n in tiled), default=0)
        return layouts, results, result_gradients, (products, buffer(1, most, 1).place), end

    def backward_offsets(self) -> list[int]:
        """Returns where each layer's transposed kernel is among the packed ones, and their end."""
        places = [0]
        for layer in self.plan.layers:
            if layer.method == "winograd":
                floats = layer.samples**2 * layer.outputs * layer.channels
            else:
                floats = layer.side**2 * layer.filters * max(layer.channels, LANES)
            places.append(places[-1] + floats)
        return places
