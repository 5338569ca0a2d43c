"""Flags of bin/benchmark that say how pictures are scored: the protocol and what it takes."""

from absl import flags

from srcnn_tf.engines.devices import PRECISIONS
from srcnn_tf.evaluation.protocols import catalog
from srcnn_tf.evaluation.protocols.protocol import Protocol

PROTOCOL = flags.DEFINE_string("protocol", "srcnn", f"How to score. {catalog.listed()}.")
JPEG_QUALITY = flags.DEFINE_list(
    "jpeg_quality",
    None,
    "With --protocol=compressed: qualities of the JPEGs, 1 to 100 (default: 10,40,90, and "
    "10,20,30,40 at scale 1). With --suite=photos likewise (default: 30 to 95).",
)
SHAVE = flags.DEFINE_integer(
    "shave", None, "Pixels left out at each side (default: as many as the protocol says).", 0
)
PRECISION = flags.DEFINE_enum(
    "precision",
    "float32",
    PRECISIONS,
    "Also score what layers give that compute in this precision, as its own column.",
)
NAMES = ("protocol", "jpeg_quality", "shave", "precision")


def protocols(scale: int) -> tuple[Protocol, ...]:
    """Returns what to score under at a scale.

    Raises:
      ValueError: the flags ask for what there is not; the message says so.
    """
    return catalog.chosen(PROTOCOL.value, scale, SHAVE.value, qualities())


def metrics(chosen: list[str] | None, scales: list[int]) -> tuple[str, ...]:
    """Returns the metrics that the user chose, else those of the protocol."""
    if chosen is not None:
        return tuple(chosen)
    usual = catalog.PROTOCOLS[PROTOCOL.value].METRICS
    return (*usual, "psnr_b") if scales == [1] else usual


def qualities() -> list[int] | None:
    """Returns the qualities that are asked for; None if none are.

    Raises:
      ValueError: they are not from 1 to 100, or one is named twice.
    """
    values = JPEG_QUALITY.value
    if values is None:
        return None
    if not values or not all(value.isdecimal() for value in values):
        raise ValueError(f"--jpeg_quality={','.join(values)} is no list such as 10,40,90.")
    if len(set(values)) < len(values):
        raise ValueError(f"--jpeg_quality={','.join(values)} names a quality twice.")
    return [int(value) for value in values]
