"""`Architecture`: everything that data, engines, tiling and scores need to know of a network."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from srcnn_tf.imaging.color_modes import COLOR_MODES, LUMINANCE, ColorMode

BICUBIC_GRID, LOW_GRID = GRIDS = ("bicubic", "low")
ACTIVATIONS = ("none", "relu", "prelu", "tanh")
GLOBAL_SKIPS = ("none", "nearest", "bicubic")
# Bicubic's kernel reaches two small pixels to each side.
_BICUBIC_RADIUS = 2


@dataclasses.dataclass(frozen=True)
class Layer:
    """One convolution, in this order: convolve, add bias, add the skip, activate.

    Attributes:
      side: of its square filters, odd.
      filters: how many, which is also how many channels come out.
      activation: one of `ACTIVATIONS`; `prelu` has one trained slope for each filter.
      skip: 0, or k to add what the layer k places before this one gave: 1 adds this layer's own
        input, 2 the input of the layer before.
    """

    side: int
    filters: int
    activation: str = "none"
    skip: int = 0


@dataclasses.dataclass(frozen=True)
class Architecture:
    """A chain of convolutions from a picture's planes to others. Immutable; plain values only.

    On the `bicubic` grid the input is a picture that bicubic has enlarged already, and keeps its
    size. On the `low` grid it is the small picture; the last layer gives `upscale` x `upscale`
    times as many channels, which `depth_to_space` (arXiv:1609.05158, section 3.2) turns into
    pixels: those of the first pixel come first.

    Attributes:
      name: what users call it, such as `srcnn-9-5-5`.
      layers: in order.
      grid: one of `GRIDS`.
      upscale: how many times longer the layers make each side: 1 on the bicubic grid.
      global_skip: what is added to the result: `none`, or the input, which a network on the low
        grid enlarges by repeating pixels (`nearest`) or as MATLAB's imresize does (`bicubic`).
      color: what the planes are, a name in `imaging.color_modes`: `luminance`, the only one that
        most networks know, `ycbcr` or `rgb`.

    Raises:
      ValueError: the parts do not fit together; the message says which.
    """

    name: str
    layers: tuple[Layer, ...]
    grid: str = BICUBIC_GRID
    upscale: int = 1
    global_skip: str = "none"
    color: str = LUMINANCE.name

    def __post_init__(self):
        object.__setattr__(self, "layers", tuple(self.layers))
        self._require(bool(self.layers), "has no layers")
        self._require(self.grid in GRIDS, f"has the grid {self.grid!r}, not one of {GRIDS}")
        self._require(
            self.global_skip in GLOBAL_SKIPS,
            f"has the global skip {self.global_skip!r}, not one of {GLOBAL_SKIPS}",
        )
        self._require(
            self.color in COLOR_MODES, f"has the color {self.color!r}, not one of {(*COLOR_MODES,)}"
        )
        self._require(
            self.upscale == 1 if self.grid == BICUBIC_GRID else self.upscale >= 1,
            f"enlarges by {self.upscale} on the {self.grid} grid",
        )
        for number, layer in enumerate(self.layers, start=1):
            self._check_layer(number, layer)
        last = self.layers[-1].filters
        expected = self.channels * self.upscale**2
        self._require(
            last == expected, f"ends with {last} filters where {expected} pixels come out"
        )

    def _check_layer(self, number, layer):
        where = f"layer {number}"
        self._require(layer.side >= 1 and layer.side % 2 == 1, f"{where} has no odd, positive side")
        self._require(layer.filters >= 1, f"{where} has no filters")
        self._require(
            layer.activation in ACTIVATIONS,
            f"{where} has the activation {layer.activation!r}, not one of {ACTIVATIONS}",
        )
        self._require(0 <= layer.skip < number, f"{where} skips to before the first layer")
        if layer.skip:
            earlier = self.layers[number - 1 - layer.skip].filters
            self._require(
                earlier == layer.filters,
                f"{where} adds {earlier} channels to its {layer.filters}",
            )

    def _require(self, condition, sentence):
        if not condition:
            raise ValueError(f"The network {self.name} {sentence}.")

    @property
    def color_mode(self) -> ColorMode:
        """What the planes are, and how pictures become such planes."""
        return COLOR_MODES[self.color]

    @property
    def channels(self) -> int:
        """Planes of input and output: 1, or 3 in color."""
        return self.color_mode.channels

    def in_color(self, color: str) -> "Architecture":
        """Returns a network on luminance as one on other planes, named so: `<name>-rgb`.

        Only the first layer's inputs and the last layer's filters are others.

        Args:
          color: `ycbcr` or `rgb`.

        Raises:
          ValueError: it is in color already, or there is no such color.
        """
        self._require(self.color == LUMINANCE.name, f"is in {self.color} already")
        self._require(color in COLOR_MODES, f"has no {color}; there is {', '.join(COLOR_MODES)}")
        last = self.layers[-1]
        filters = last.filters * COLOR_MODES[color].channels
        return dataclasses.replace(
            self,
            name=f"{self.name}-{color}",
            layers=(*self.layers[:-1], dataclasses.replace(last, filters=filters)),
            color=color,
        )

    @property
    def upsampling(self) -> str:
        """How pixels are made in the end: `none` or `depth_to_space`."""
        return "none" if self.upscale == 1 else "depth_to_space"

    @property
    def border(self) -> int:
        """How many input pixels the layers take away on each side where nothing is padded."""
        return sum(layer.side // 2 for layer in self.layers)

    @property
    def halo(self) -> int:
        """How far, in input pixels, an output pixel depends on the input: what tiles overlap by."""
        enlarges = self.global_skip == "bicubic" and self.upscale > 1
        return max(self.border, _BICUBIC_RADIUS if enlarges else 0)

    # SRCNN's papers and this project's first version speak of it so.
    radius = halo

    @property
    def receptive_field(self) -> int:
        """Side, in input pixels, of the square that an output pixel depends on."""
        return 2 * self.halo + 1

    @property
    def kernel_sizes(self) -> tuple[int, ...]:
        """Side of each layer's filters."""
        return tuple(layer.side for layer in self.layers)

    @property
    def filters(self) -> tuple[int, ...]:
        """Number of each layer's filters."""
        return tuple(layer.filters for layer in self.layers)

    @property
    def kernel_shapes(self) -> tuple[tuple[int, int, int, int], ...]:
        """(rows, columns, inputs, filters) of each layer's kernel."""
        inputs = (self.channels, *self.filters[:-1])
        return tuple(
            (layer.side, layer.side, channels, layer.filters)
            for layer, channels in zip(self.layers, inputs, strict=True)
        )

    @property
    def array_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of all arrays by name: `conv1/kernel`, `conv1/bias`, `conv1/slope` (PReLU), ..."""
        shapes: dict[str, tuple[int, ...]] = {}
        for number, (layer, kernel) in enumerate(
            zip(self.layers, self.kernel_shapes, strict=True), start=1
        ):
            shapes[f"conv{number}/kernel"] = kernel
            shapes[f"conv{number}/bias"] = (layer.filters,)
            if layer.activation == "prelu":
                shapes[f"conv{number}/slope"] = (layer.filters,)
        return shapes

    @property
    def parameters(self) -> int:
        """Number of trained values: weights, biases, slopes."""
        return sum(_product(shape) for shape in self.array_shapes.values())

    @property
    def multiply_adds(self) -> float:
        """Multiply-adds of the convolutions per *output* pixel, the usual measure of cost."""
        return sum(_product(shape) for shape in self.kernel_shapes) / self.upscale**2

    def to_json(self) -> dict[str, Any]:
        """Returns plain values, such as weight files keep."""
        values = {**dataclasses.asdict(self), "channels": self.channels}
        # Networks on luminance are described as they were before there were others.
        color = values.pop("color")
        return values if color == LUMINANCE.name else {**values, "color": color}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Architecture":
        """Makes it of what `to_json` gave.

        Raises:
          ValueError, TypeError, KeyError: the values are not an architecture's.
        """
        layers = tuple(Layer(**layer) for layer in values["layers"])
        for layer in layers:
            _check_types(layer)
        others = {name: value for name, value in values.items() if name != "channels"}
        made = cls(**{**others, "layers": layers})
        _check_types(made)
        channels = values.get("channels", made.channels)
        if channels != made.channels:
            raise ValueError(f"{channels!r} channels of {made.color}")
        return made


def _check_types(value):
    for field in dataclasses.fields(value):
        found = getattr(value, field.name)
        if field.type in (int, str) and type(found) is not field.type:
            raise TypeError(f"{field.name} is {found!r}")


def _product(numbers):
    result = 1
    for number in numbers:
        result *= number
    return result
