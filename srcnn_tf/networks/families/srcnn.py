"""`srcnn-9-1-5`, `srcnn-9-3-5`, `srcnn-9-5-5`: the networks of arXiv:1501.00092.

Those of its section 4 have names, too: any odd sides, three or more, such as `srcnn-11-1-7` or
`srcnn-9-1-1-5`; and after `-f` the filters of all layers but the last, such as
`srcnn-9-1-5-f128-64`. Without these they are 64, 32, and 16 in each further layer.
"""

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
    return ARCHITECTURES.get(name) or _ablation(name)


def _ablation(name):
    match = _ABLATION.fullmatch(name)
    if match is None:
        return None
    sides = tuple(int(side) for side in match[1].split("-")[1:])
    hidden = len(sides) - 1
    filters = (64, 32, *[16] * (hidden - 2))
    if match[2]:
        filters = tuple(int(count) for count in match[2].split("-"))
    if len(filters) != hidden or any(side % 2 == 0 for side in sides):
        return None
    return chain(name, sides, (*filters, 1))


_ABLATION = re.compile(r"srcnn((?:-[1-9]\d?){3,20})(?:-f([1-9]\d{0,2}(?:-[1-9]\d{0,2})*))?")


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
