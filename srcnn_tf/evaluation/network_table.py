"""The networks of the package as a table, and as data for other programs."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from srcnn_tf.data.catalog import DATASETS, DEFAULT_BENCHMARKS
from srcnn_tf.evaluation.metrics.catalog import METRICS
from srcnn_tf.evaluation.published import title
from srcnn_tf.evaluation.table import aligned
from srcnn_tf.networks.pretrained_list import CHOICES, PretrainedNetwork, chosen_path


def text(networks: Sequence[PretrainedNetwork]) -> str:
    """Lays out what the package holds for a terminal: a row per network and scale.

    Below it stands which network each of `fast`, `default` and `best` is.
    """
    sets = _scored_sets(networks)
    head = ["Network", "Scale", "Parameters", "Multiply-adds", *map(title, sets)]
    rows = [[*head, "Bytes", "Trained on", "License"]]
    for each in networks:
        scores = [METRICS["psnr"].format(each.scores.get(name, {}).get("psnr")) for name in sets]
        cost = [f"{each.parameters:,}", f"{each.multiply_adds:,.0f}"]
        trained_on = "+".join(map(title, each.training_data))
        row = [each.name, f"x{each.scale}", *cost, *scores, f"{each.bytes:,}", trained_on]
        rows.append([*row, each.license])
    notes = (
        "Multiply-adds per output pixel. PSNR of Y in dB, as bin/benchmark measures it; '-' for\n"
        "what a network was trained on, or is not for. The license is that of the weights."
    )
    return "\n\n".join([aligned(rows), notes, "\n".join(_choices(networks))])


def record(networks: Sequence[PretrainedNetwork]) -> list[dict[str, Any]]:
    """Makes a list for `json.dump`: all that is known of each network."""
    return [dataclasses.asdict(each) | {"path": str(each.path)} for each in networks]


def _scored_sets(networks):
    scored = {name for each in networks for name in each.scores}
    return [name for name in dict.fromkeys((*DEFAULT_BENCHMARKS, *DATASETS)) if name in scored]


def _choices(networks):
    names = {each.path: each.name for each in networks}
    scales = sorted({each.scale for each in networks if each.scale > 1})
    meaning = {
        "fast": "the smallest slim",
        "default": "the largest that costs no more than srcnn-9-5-5",
        "best": "the largest",
    }
    yield "bin/upscale --model= takes a name, or one of these, which go by cost:"
    for choice in CHOICES:
        chosen = ", ".join(f"x{scale} {names[chosen_path(choice, scale)]}" for scale in scales)
        yield f"  {choice} ({meaning[choice]}): {chosen}"
