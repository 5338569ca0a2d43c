"""`fsrcnn`: FSRCNN(56, 12, 4) of arXiv:1608.00367, narrow in its middle, on the low grid.

5 x 5 to 56 filters, 1 x 1 down to 12, four times 3 x 3, 1 x 1 up to 56, and a 9 x 9 transposed
convolution of stride `scale`, PReLU after each but the last. A transposed convolution with a stride
is a convolution to scale x scale channels and `depth_to_space`: a new pixel sees every scale-th of
the nine weights in each direction. Rounded up to an odd number these are 5 for x2, 3 for x3 and x4.

Not the paper's: the result is added to the small picture, its pixels repeated, which costs no
multiplication and which held-out pictures preferred (srcnn_tf/training/RECIPES_TRIED.md).
"""

from srcnn_tf.networks.architecture import Architecture, Layer
from srcnn_tf.networks.families.family import Family, register

_DETAIL, _SHRUNK, _MAPPING = 56, 12, 4
_DECONVOLUTION = 9


def build(name: str, scale: int | None = None) -> Architecture | None:
    """Returns the network for a scale; None if it is asked for by another name."""
    if name != "fsrcnn" or scale is None:
        return None
    last = -(-_DECONVOLUTION // scale) | 1
    layers = (
        Layer(5, _DETAIL, "prelu"),
        Layer(1, _SHRUNK, "prelu"),
        *(Layer(3, _SHRUNK, "prelu"),) * _MAPPING,
        Layer(1, _DETAIL, "prelu"),
        Layer(last, scale**2),
    )
    return Architecture(name, layers, grid="low", upscale=scale, global_skip="nearest")


register(
    Family(
        "fsrcnn",
        ("fsrcnn",),
        build,
        grid="low",
        recipe="fsrcnn",
        description="eight layers, narrow in the middle, that see the small picture",
    )
)
