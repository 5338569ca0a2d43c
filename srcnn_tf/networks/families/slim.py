"""`slim-<layers>x<filters>`, such as `slim-10x16`: narrow chains of 3 x 3 layers on the low grid.

A first layer, <layers> hidden ones and a last, with PReLU after each but the last; the last gives
the pixels that are added to the small picture, repeated. Everything but the last step works on
small pixels, so that depth is cheap: `slim-10x16` for x4 has 25.9 K parameters and needs 1/36 of
the arithmetic of `srcnn-9-5-5`. Of the kind of VDSR (arXiv:1511.04587) on the grid of ESPCN
(arXiv:1609.05158); not a network of the SRCNN paper.

`slim-10x16-photo` and so on are the same networks, trained on compressed and noisy pictures. They
also come for scale 1, which cleans a picture and leaves its size.
"""

import re

from srcnn_tf.networks.architecture import Architecture, Layer
from srcnn_tf.networks.families.family import Family, register

_NAME = re.compile(r"slim-([1-9]\d?)x([1-9]\d{0,2})(-photo)?")


def build(name: str, scale: int | None = None) -> Architecture | None:
    """Returns the network of that name for a scale; None if the name is not of this kind."""
    match = _NAME.fullmatch(name)
    return None if match is None or match[3] else _chain(name, match, scale)


def build_photo(name: str, scale: int | None = None) -> Architecture | None:
    """Returns the network of that name, which ends with `-photo`; None if it does not."""
    match = _NAME.fullmatch(name)
    return None if match is None or not match[3] else _chain(name, match, scale)


def _chain(name, match, scale):
    if scale is None:
        return None
    depth, filters = int(match[1]), int(match[2])
    hidden = (Layer(3, filters, "prelu"),) * (1 + depth)
    return Architecture(
        name, (*hidden, Layer(3, scale**2)), grid="low", upscale=scale, global_skip="nearest"
    )


register(
    Family(
        "slim",
        ("slim-4x8", "slim-4x16", "slim-10x16", "slim-10x32"),
        build,
        grid="low",
        recipe="slim",
        description="slim-<layers>x<filters>: narrow and deep, sees the small picture",
    )
)
register(
    Family(
        "slim-photo",
        ("slim-10x16-photo", "slim-10x32-photo"),
        build_photo,
        grid="low",
        recipe="photo",
        description="slim-<layers>x<filters>-photo: the same, for compressed and noisy pictures",
    )
)
