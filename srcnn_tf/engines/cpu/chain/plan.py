"""`ChainPlan`: which kernel runs which layer, what lies in memory, and what that costs."""

import dataclasses
import functools

from srcnn_tf.engines.cpu.chain import winograd_rows
from srcnn_tf.engines.cpu.function_builder import LANES
from srcnn_tf.networks.architecture import Architecture

# Rows that are computed together; tiles are as high.
GROUP = winograd_rows.OUTPUTS
# How far a layer may look past its group: one group further is what the layer before has done.
_MOST_RADIUS = GROUP
# Fewer channels than this leave Winograd's products little to save.
_FEWEST_CHANNELS = 8
# Floats between two frequencies' planes, beyond what they hold: at a distance of many cache lines
# exactly, all planes would contend for the same few places of the first-level cache.
PLANE_GAP = LANES
# A strip's rings should stay close to a core; narrower strips compute more of what their neighbors
# compute, too.
RING_FLOATS = 600_000
_NARROWEST, _WIDEST = 64, 512
# Tiles whose spectra are computed together, so that they stay in the first levels of cache.
CHUNK = 16


@dataclasses.dataclass(frozen=True)
class LayerCode:
    """What a kernel does beside its sums.

    Attributes:
      activation: one of `architecture.ACTIVATIONS`.
      adds: whether it adds what an earlier layer gave.
      keeps: whether it stores the activation's inputs, which gradients need.
    """

    activation: str
    adds: bool
    keeps: bool = False


@dataclasses.dataclass(frozen=True)
class LayerPlan:
    """One layer.

    Attributes:
      side: of its kernel.
      inputs: channels that come in.
      channels: floats that a pixel of the inputs takes: of the picture its planes, else whole
        vectors.
      outputs: channels that go out.
      filters: floats that a pixel of the outputs takes, whole vectors.
      activation: one of `architecture.ACTIVATIONS`.
      skip: as `Layer.skip`.
      method: `winograd` or `direct`.
      halo: pixels by which later layers look past their results.
      groups: groups of rows of its results that are kept while a strip goes down.
      bfloat16: whether its products are of bfloat16; their sums are float32.
    """

    side: int
    inputs: int
    channels: int
    outputs: int
    filters: int
    activation: str
    skip: int
    method: str
    halo: int
    groups: int
    bfloat16: bool = False

    @property
    def radius(self) -> int:
        """How far the kernel looks to each side."""
        return self.side // 2

    @property
    def samples(self) -> int:
        """Rows of inputs that a group of rows takes."""
        return self.side + GROUP - 1

    @property
    def kernel_floats(self) -> int:
        """Floats of the kernel, as the method takes it."""
        if self.method == "winograd":
            inputs = -(-self.inputs // 2) if self.bfloat16 else self.inputs
            return self.samples**2 * inputs * self.filters
        return self.side**2 * self.channels * self.filters

    @property
    def spectrum_floats(self) -> int:
        """Floats that one frequency of a tile's inputs takes."""
        return self.channels // 2 if self.bfloat16 else self.channels

    @property
    def multiply_adds(self) -> float:
        """Multiply-adds of the sums for one pixel, padded channels included."""
        if self.method == "winograd":
            return self.samples**2 * self.inputs * self.filters / GROUP**2
        return self.kernel_floats


@dataclasses.dataclass(frozen=True)
class ChainPlan:
    """A network as the kernels run it.

    Attributes:
      layers: in order.
      upscale: how many times longer the result's sides are.
      repeats_input: whether the result has the input added, its pixels repeated.
      adds_bicubic: whether the caller adds what imresize makes of the input.
    """

    layers: tuple[LayerPlan, ...]
    upscale: int
    repeats_input: bool
    adds_bicubic: bool

    @property
    def planes(self) -> int:
        """Floats in a pixel of the network's input and result: 1, or 3 in color."""
        return self.layers[0].inputs

    @property
    def margin(self) -> int:
        """Pixels by which a strip's rings are wider than the strip, on each side."""
        return self.layers[0].halo + GROUP

    def ring_columns(self, width: int) -> int:
        """Returns how many pixels a row of a ring has, for strips of a width."""
        # Behind it, what the last tile computes beyond the strip.
        return width + 2 * self.margin + 2 * GROUP

    def ring_floats(self, layer: LayerPlan, width: int) -> int:
        """Returns the floats of the ring of a layer's results."""
        return layer.groups * GROUP * self.ring_columns(width) * layer.filters

    @property
    def widest_strip(self) -> int:
        """Columns of the widest strips, beside what they have more on each side."""
        floats = sum(layer.groups * GROUP * layer.filters for layer in self.layers)
        return min(max(RING_FLOATS // floats, _NARROWEST), _WIDEST)

    @property
    def spectra_floats(self) -> tuple[int, int]:
        """Floats of the largest chunk's spectra, and of its products."""
        tiled = [layer for layer in self.layers if layer.method == "winograd"]
        spectra = [n.samples**2 * (CHUNK * n.spectrum_floats + PLANE_GAP) for n in tiled]
        results = [n.samples**2 * (CHUNK * n.filters + PLANE_GAP) for n in tiled]
        return max(spectra, default=0), max(results, default=0)

    def scratch_floats(self, width: int) -> int:
        """Returns the floats that a strip of a width needs beside its input and result."""
        rings = sum(self.ring_floats(layer, width) for layer in self.layers)
        return rings + sum(self.spectra_floats)

    def offsets(self) -> list[tuple[int, int, int]]:
        """Returns where in the packed weights each layer's kernel, biases and slopes are."""
        places, end = [], 0
        for layer in self.layers:
            bias = end + layer.kernel_floats
            places.append((end, bias, bias + layer.filters))
            end = bias + 2 * layer.filters
        return places

    @property
    def weight_floats(self) -> int:
        """Floats of all packed weights."""
        return self.offsets()[-1][2] + self.layers[-1].filters


def supports(architecture: Architecture) -> bool:
    """Whether there is a plan for an architecture."""
    return all(layer.side // 2 <= _MOST_RADIUS for layer in architecture.layers)


@functools.cache
def plan(architecture: Architecture, bfloat16: bool = False) -> ChainPlan:
    """Returns the plan of an architecture that `supports` takes.

    Args:
      architecture: of the network.
      bfloat16: whether Winograd's products are of bfloat16, but for those of the last layer, whose
        rounding would be the result's.
    """
    layers = architecture.layers
    planned = []
    for number, layer in enumerate(layers):
        inputs = layers[number - 1].filters if number else architecture.channels
        method = _method(layer.side, inputs)
        # A later layer may add this one's results when its group has fallen behind.
        behind = [k for k in range(number + 1, len(layers)) if layers[k].skip == k - number]
        planned.append(
            LayerPlan(
                side=layer.side,
                inputs=inputs,
                channels=_whole_vectors(inputs) if number else inputs,
                outputs=layer.filters,
                filters=_whole_vectors(layer.filters),
                activation=layer.activation,
                skip=layer.skip,
                method=method,
                halo=sum(later.side // 2 for later in layers[number + 1 :]),
                groups=max([3, *(k - number + 1 for k in behind)])
                if number + 1 < len(layers)
                else 1,
                bfloat16=bfloat16 and method == "winograd" and number + 1 < len(layers),
            )
        )
    skip, upscale = architecture.global_skip, architecture.upscale
    bicubic = skip == "bicubic" and upscale > 1
    return ChainPlan(tuple(planned), upscale, skip != "none" and not bicubic, bicubic)


def _method(side, inputs):
    tiled = side in winograd_rows.SIDES and inputs >= _FEWEST_CHANNELS
    return "winograd" if tiled else "direct"


def _whole_vectors(channels):
    return -(-channels // LANES) * LANES
