"""A benchmark as data for other programs: what was scored, on what, with what, and the scores."""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence

from srcnn_tf.evaluation import published
from srcnn_tf.evaluation.scoring import PROTOCOL
from srcnn_tf.networks.weight_arguments import Contender
from srcnn_tf.training import environment


def benchmark_record(
    results: Sequence, contenders: Iterable[Contender], unavailable: Mapping[str, str]
) -> dict:
    """Makes a dictionary for `json.dump`.

    PSNR is in dB. A number that JSON cannot hold is null: the SSIM of pictures too small for it,
    or the PSNR of identical ones.

    Args:
      results: of `benchmarking.benchmark`.
      contenders: whose weights were scored.
      unavailable: why datasets are missing, by name.
    """
    return {
        "protocol": PROTOCOL,
        "environment": environment.describe(),
        "published_sources": {
            method: description._asdict() for method, description in published.METHODS.items()
        },
        "weights": [
            {
                "label": contender.label,
                "file": str(file.path),
                **dataclasses.asdict(file.info),
            }
            for contender in contenders
            for file in contender.files.values()
        ],
        "results": [_scores(scores) for scores in results],
        "unavailable": dict(unavailable),
    }


def _scores(scores):
    figures = {
        method: published.published_score(method, scores.dataset, scores.scale)
        for method in published.METHODS
    }
    return {
        "dataset": scores.dataset,
        "scale": scores.scale,
        "pictures": len(scores.filenames),
        "verification": scores.verification,
        "published": {method: _quality(figure) for method, figure in figures.items() if figure},
        "mean": {
            "bicubic": _quality(scores.bicubic_mean),
            "networks": {label: _quality(scores.mean(label)) for label in scores.columns},
        },
        "per_image": [
            {
                "filename": filename,
                "bicubic": _quality(scores.bicubic[index]),
                "networks": {
                    label: _quality(values[index]) for label, values in scores.columns.items()
                },
            }
            for index, filename in enumerate(scores.filenames)
        ],
    }


def _quality(quality):
    return {
        name: value if value is not None and math.isfinite(value) else None
        for name, value in quality._asdict().items()
    }
