"""`srcnn-9-1-5`, `srcnn-9-3-5`, `srcnn-9-5-5`: the networks of arXiv:1501.00092."""

import re

from srcnn_tf.networks import equivariance
from srcnn_tf.networks.architecture import Architecture, Layer
from srcnn_tf.networks.families.family import Family, register

NAMES = ("srcnn-9-1-5", "srcnn-9-3-5", "srcnn-9-5-5")


def chain(name: str, sides: tuple[int, ...], filters: tuple[int, ...]) -> Architecture:
    """Makes convolutions on the bicubic grid, with ReLU after each but the last.

    Args:
      name: of the network.
      sides: of each layer's filters, odd.
      filters: of each layer; the last is 1.
    """
    last = len(sides) - 1
    return Architecture(
        name,
        tuple(
            Layer(side, count, "none" if number == last else "relu")
            for number, (side, count) in enumerate(zip(sides, filters, strict=True))
        ),
    )


def build(name: str, scale: int | None = None) -> Architecture | None:
    """Returns the network of that name; None if it is not one of these. The scale is ignored."""
    return ARCHITECTURES.get(name)


ARCHITECTURES = {
    name: chain(name, tuple(int(side) for side in re.findall(r"\d", name)), (64, 32, 1))
    for name in NAMES
}

register(
    Family(
        "srcnn",
        NAMES,
        build,
        grid="bicubic",
        equivariance=equivariance,
        description="sharpens what bicubic has enlarged: the paper's SRCNN",
    )
)
