"""A benchmark as data for other programs: what was scored, on what, with what, and the scores."""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence

from srcnn_tf.evaluation import published
from srcnn_tf.evaluation.method_differences import differences
from srcnn_tf.evaluation.metrics.catalog import DEFAULT_METRICS
from srcnn_tf.evaluation.protocols.protocol import SRCNN
from srcnn_tf.evaluation.scoring import protocol
from srcnn_tf.evaluation.table import protocols
from srcnn_tf.networks.weight_arguments import Contender


def benchmark_record(
    results: Sequence,
    contenders: Iterable[Contender],
    unavailable: Mapping[str, str],
    environment: Mapping[str, str],
) -> dict:
    """Makes a dictionary for `json.dump`.

    Every quality is an object with a key for each metric. A number that JSON cannot hold is null:
    the SSIM of pictures too small for it, or the PSNR of identical ones; so is a mean that was not
    published.

    Args:
      results: from `benchmarking.benchmark`, all by the same metrics.
      contenders: whose weights were scored.
      unavailable: why datasets are missing, by name.
      environment: the date, and what computed the scores, as `environment.describe` says it.
    """
    metrics = results[0].metrics if results else DEFAULT_METRICS
    return {
        "protocol": "; ".join(protocols(results)) or protocol(metrics),
        "environment": dict(environment),
        "published_sources": {
            method: description._asdict() for method, description in published.METHODS.items()
        },
        "weights": [
            {
                "label": contender.label,
                "file": str(file.path),
                **(dataclasses.asdict(info) if (info := file.network.info) else {}),
                "parameters": file.network.architecture.parameters,
                "multiply_adds": file.network.architecture.multiply_adds,
            }
            for contender in contenders
            for file in contender.files.values()
        ],
        "results": [_scores(scores, metrics) for scores in results],
        "unavailable": dict(unavailable),
    }


def _scores(scores, metrics):
    def figures(quality):
        return {name: _number(quality.get(name)) for name in metrics}

    known = {
        method: published.score_by(method, scores.protocol, scores.dataset, scores.scale)
        for method in published.METHODS
    }
    return {
        "dataset": scores.dataset,
        "scale": scores.scale,
        **_of_protocol(scores),
        "pictures": len(scores.filenames),
        "verification": scores.verification,
        **({"trained_on": list(scores.trained_on)} if scores.trained_on else {}),
        "published": {method: figures(figure) for method, figure in known.items() if figure},
        "mean": {
            "bicubic": figures(scores.bicubic_mean),
            "networks": {label: figures(scores.mean(label)) for label in scores.columns},
        },
        **_differences(scores),
        "per_image": [
            {
                "filename": filename,
                "bicubic": figures(scores.bicubic[index]),
                "networks": {
                    label: figures(values[index]) for label, values in scores.columns.items()
                },
            }
            for index, filename in enumerate(scores.filenames)
        ],
    }


def _differences(scores):
    """What a paired bootstrap says of further networks beside the first; nothing of one alone."""
    compared = differences(scores)
    return (
        {"differences": {label: each._asdict() for label, each in compared.items()}}
        if compared
        else {}
    )


def _of_protocol(scores):
    """What sets scores by another protocol apart; nothing for those by the papers'."""
    if scores.protocol == SRCNN:
        return {}
    return {
        "protocol": scores.protocol.NAME,
        "shaved": scores.protocol.border(scores.scale),
        "condition": scores.protocol.condition,
        "baseline": scores.baseline,
    }


def _number(value):
    return value if value is not None and math.isfinite(value) else None
