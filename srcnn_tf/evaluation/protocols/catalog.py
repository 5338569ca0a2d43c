"""All protocols by name; `chosen` makes what a user asks for."""

from collections.abc import Sequence

from srcnn_tf.evaluation.protocols.compressed import Compressed
from srcnn_tf.evaluation.protocols.protocol import Protocol
from srcnn_tf.evaluation.protocols.rgb import Rgb
from srcnn_tf.evaluation.protocols.unrounded import Unrounded
from srcnn_tf.registry import Registry

PROTOCOLS: Registry[type[Protocol]] = Registry("protocol")
for _protocol in (Protocol, Rgb, Unrounded, Compressed):
    PROTOCOLS.register(_protocol.NAME, _protocol)

# What is scored at which scale if nobody chooses: what is published for deblocking, and a coarse
# sweep from poor to good.
_DEBLOCKING, _ENLARGING = (10, 20, 30, 40), (10, 40, 90)


def chosen(
    name: str, scale: int, shaved: int | None = None, qualities: Sequence[int] | None = None
) -> tuple[Protocol, ...]:
    """Returns what to score under at a scale: one protocol, or one for each quality of JPEG.

    Args:
      name: a key of `PROTOCOLS`.
      scale: the enlargement; 1 is for `compressed` alone.
      shaved: pixels to leave out at each side; None for the protocol's own number.
      qualities: of the JPEGs of `compressed`; None for some usual ones.

    Raises:
      ValueError: there is no such protocol, or it takes no qualities or no scale of 1.
    """
    protocol = PROTOCOLS[name]
    if protocol is Compressed:
        usual = _DEBLOCKING if scale == 1 else _ENLARGING
        return tuple(Compressed(shaved=shaved, quality=each) for each in qualities or usual)
    if qualities:
        raise ValueError(f"The protocol {name} compresses nothing; choose compressed.")
    if scale == 1:
        raise ValueError(f"The protocol {name} enlarges; scale 1 is for compressed alone.")
    return (protocol(shaved=shaved),)


def listed() -> str:
    """Names all, with their descriptions, for help texts."""
    return "; ".join(f"{name}: {each.DESCRIPTION}" for name, each in PROTOCOLS.items())
