"""How methods differ on the pictures they share: gains, intervals, and the order of pictures."""

import math
from collections.abc import Iterable, Sequence

from srcnn_tf.evaluation import published
from srcnn_tf.evaluation.metrics.catalog import chosen
from srcnn_tf.evaluation.significance import Difference, paired_difference


def picture_gains(scores, label: str, reference: str | None) -> list[float]:
    """Returns how much better one column is than another, picture by picture, by the first metric.

    Args:
      scores: `benchmarking.Scores`.
      label: a network's column.
      reference: another, or None for bicubic.
    """
    first = chosen(scores.metrics)[0]
    others = scores.bicubic if reference is None else scores.columns[reference]
    return [
        first.gain(mine[first.name], other[first.name])
        for mine, other in zip(scores.columns[label], others, strict=True)
    ]


def differences(scores) -> dict[str, Difference]:
    """Compares every further network with the first: by label, where there are pictures enough."""
    reference, *others = scores.columns or [None]
    compared = {
        label: paired_difference(picture_gains(scores, label, reference)) for label in others
    }
    return {label: each for label, each in compared.items() if each is not None}


def in_words(results: Iterable) -> list[str]:
    """Says by how much further networks differ from the first, with 95 % intervals."""
    lines = []
    for scores in results:
        first = chosen(scores.metrics)[0]
        reference = next(iter(scores.columns), None)
        for label, each in differences(scores).items():
            ends = f"{first.format_gain(each.low)} to {first.format_gain(each.high)}"
            note = "; it holds zero, so these pictures do not tell them apart"
            lines.append(
                f"{published.title(scores.dataset)} {scores.setting}: {label} against {reference} "
                f"{first.format_gain(each.mean)} over {each.pictures} pictures, 95 % interval "
                f"{ends}{note if each.holds_zero else ''}"
            )
    return lines


def sorted_pictures(scores) -> Sequence[int]:
    """Returns places of the pictures, those first where the second network gains most on the first.

    With one network it is the network's gain over bicubic; with none pictures keep their order, and
    those without a finite difference come last.
    """
    labels = list(scores.columns)
    if not labels:
        return range(len(scores.filenames))
    pair = (labels[1], labels[0]) if len(labels) > 1 else (labels[0], None)
    gains = picture_gains(scores, *pair)
    return sorted(
        range(len(gains)),
        key=lambda place: -gains[place] if math.isfinite(gains[place]) else math.inf,
    )
