"""How large a result becomes, and by which networks: any factor, width, height, megapixels."""

import dataclasses
import functools
import itertools
import math
from collections.abc import Iterable

from srcnn_tf.files.image_files import ImageFileError

# A picture is rather resized by this much in the end than run through a larger network.
_TOLERANCE = 1.02
LARGEST_FACTOR = 64


class TooLarge(ImageFileError):
    """A picture would become larger than is possible; the message says its size, and no name."""


class AlreadyThatSize(Exception):
    """A picture has the size that was asked for; the message says so."""


@dataclasses.dataclass(frozen=True)
class Sizing:
    """What size is asked for: the largest that none of these exceeds; its shape stays.

    Attributes:
      scale: how many times longer each side becomes, at least 1; 2 if nothing else is asked for.
      width: of the result, in pixels.
      height: of the result, in pixels.
      megapixels: of the result, in millions of pixels.
      max_side: of the result's longer side, in pixels.

    Raises:
      ValueError: one of these is not possible.
    """

    scale: float | None = None
    width: int | None = None
    height: int | None = None
    megapixels: float | None = None
    max_side: int | None = None

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value is not None and not (math.isfinite(value) and value > 0):
                raise ValueError(f"{field.name} must be a positive number, not {value}.")
        if self.scale is not None and not 1 <= self.scale <= LARGEST_FACTOR:
            raise ValueError(
                f"The scale must be from 1 to {LARGEST_FACTOR}, not {self.scale:g}; each side "
                "becomes that many times longer."
            )

    @property
    def fixed_scale(self) -> float | None:
        """The factor of every picture; None if it depends on the picture."""
        if any((self.width, self.height, self.megapixels, self.max_side)):
            return None
        return self.scale or 2

    def limits(self, width: int, height: int) -> dict[str, float]:
        """Returns the factor that each thing that is asked for allows a picture, in words."""
        if self.fixed_scale is not None:
            return {f"{self.fixed_scale:g} times": self.fixed_scale}
        longest, pixels = max(width, height), width * height
        limits = {
            f"{self.width} wide": self.width and self.width / width,
            f"{self.height} high": self.height and self.height / height,
            f"{self.megapixels or 0:g} megapixels": self.megapixels
            and math.sqrt(self.megapixels * 1e6 / pixels),
            f"{self.max_side} on the longer side": self.max_side and self.max_side / longest,
            f"{self.scale or 0:g} times": self.scale,
        }
        return {words: factor for words, factor in limits.items() if factor}

    def of(self, width: int, height: int) -> tuple[int, int]:
        """Returns (width, height) of the result for a picture of this size, at least one pixel."""
        factor = min(self.limits(width, height).values())
        # A width that was asked for is not missed by the rounding of its own quotient.
        width, height = (math.floor(side * factor + 0.5) for side in (width, height))
        return max(1, width), max(1, height)

    def in_words(self) -> str:
        """Says what is asked for, such as `3000 wide`."""
        words = list(self.limits(1, 1))
        return words[0] if len(words) == 1 else f"at most {', '.join(words)}"

    def suffix(self) -> str:
        """Returns what names of results end in, such as `_x2`, `_x1.5`, `_3000w`."""
        if self.fixed_scale is not None:
            return f"_x{self.fixed_scale:g}"
        parts = {
            "{}w": self.width,
            "{}h": self.height,
            "{:g}mp": self.megapixels,
            "max{}": self.max_side,
            "x{:g}": self.scale,
        }
        return "_" + "_".join(form.format(value) for form, value in parts.items() if value)


@dataclasses.dataclass(frozen=True)
class Steps:
    """The way to a size.

    Attributes:
      networks: their scales, in order.
      size: (width, height) of the result.
      resized: whether a resize follows.
      words: the plan, such as `x4, then to 3000 wide`.
    """

    networks: tuple[int, ...]
    size: tuple[int, int]
    resized: bool
    words: str

    @property
    def is_plain(self) -> bool:
        """Whether it is a single network and nothing else."""
        return len(self.networks) == 1 and not self.resized


def plan_steps(sizing: Sizing, width: int, height: int, scales: Iterable[int]) -> Steps:
    """Chooses networks for a picture: those whose product is the next that is large enough.

    Of several ways to one product the shortest is taken, and larger scales come first, where a
    picture is small.

    Args:
      sizing: what is asked for.
      width: of the picture, in pixels.
      height: of the picture, in pixels.
      scales: that there are networks for.

    Raises:
      AlreadyThatSize: there is nothing to be done.
      TooLarge: it would become more than `LARGEST_FACTOR` times longer.
    """
    size = sizing.of(width, height)
    factor = max(size[0] / width, size[1] / height)
    if size == (width, height) and sizing.fixed_scale != 1:
        raise AlreadyThatSize(f"it has {width} x {height} pixels already")
    if factor > LARGEST_FACTOR:
        raise TooLarge(
            f"{width} x {height} pixels would become {size[0]} x {size[1]}, which is more than "
            f"{LARGEST_FACTOR} times longer; ask for less."
        )
    networks = (1,) if sizing.fixed_scale == 1 else _networks(factor, tuple(sorted(set(scales))))
    product = math.prod(networks)
    resized = (width * product, height * product) != size
    words = [f"x{scale}" for scale in networks]
    if resized:
        limits = sizing.limits(width, height)
        end = f"to {min(limits, key=lambda limit: limits[limit])}"
        words.append(end if networks else f"{end}, without a network")
    return Steps(networks, size, resized, ", then ".join(words))


def nominal_steps(sizing: Sizing, scales: Iterable[int]) -> Steps:
    """Returns the way of a fixed scale, for a picture whose sides need no rounding."""
    return plan_steps(sizing, 10_000, 10_000, scales)


@functools.lru_cache(maxsize=256)
def _networks(factor: float, scales: tuple[int, ...]) -> tuple[int, ...]:
    """Returns the scales of the networks for a factor; none if it is at most 1."""
    scales = tuple(scale for scale in scales if scale > 1)
    if factor <= 1 or not scales:
        return ()
    longest = math.ceil(math.log(factor, scales[0])) + 1
    ways = (
        way
        for count in range(1, longest + 1)
        for way in itertools.combinations_with_replacement(reversed(scales), count)
        if math.prod(way) * _TOLERANCE >= factor
    )
    return min(ways, key=lambda way: (math.prod(way), len(way)))
