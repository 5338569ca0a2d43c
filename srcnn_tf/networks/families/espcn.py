"""`espcn`: the network of arXiv:1609.05158, three layers on the low grid.

5 x 5, 3 x 3 and 3 x 3 filters, 64 and 32 of them, then scale x scale, which `depth_to_space` turns
into pixels. Two things are not the paper's, since pictures held out of training preferred them
(srcnn_tf/training/RECIPES_TRIED.md): ReLU, where the paper has tanh after the first two layers; and
the result is added to the small picture, its pixels repeated, which costs no multiplication.
"""

from srcnn_tf.networks.architecture import Architecture, Layer
from srcnn_tf.networks.families.family import Family, register


def build(name: str, scale: int | None = None) -> Architecture | None:
    """Returns the network for a scale; None if it is asked for by another name."""
    if name != "espcn" or scale is None:
        return None
    layers = (Layer(5, 64, "relu"), Layer(3, 32, "relu"), Layer(3, scale**2))
    return Architecture(name, layers, grid="low", upscale=scale, global_skip="nearest")


register(
    Family(
        "espcn",
        ("espcn",),
        build,
        grid="low",
        recipe="espcn",
        description="three layers that see the small picture and enlarge at the end",
    )
)
