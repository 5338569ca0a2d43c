"""`picture_csv`: the scores of single pictures as comma-separated values, for other programs."""

import csv
import io
from collections.abc import Iterator, Sequence

from srcnn_tf.evaluation.method_differences import picture_gains, sorted_pictures


def picture_csv(results: Sequence) -> str:
    """Lays out scores with a row for each picture and method, and a heading.

    Columns are dataset, scale, condition (of compressed pictures, such as `q10`), picture, method,
    each metric in full, and `gain_over_first`: how much better the first metric is than that of the
    first network. Pictures come in the order of `method_differences.sorted_pictures`. A field is
    empty where there is no figure.

    Args:
      results: from `benchmarking.benchmark`, all by the same metrics.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    metrics = results[0].metrics
    writer.writerow(
        ["dataset", "scale", "condition", "picture", "method", *metrics, "gain_over_first"]
    )
    for scores in results:
        writer.writerows(_rows(scores, metrics))
    return file.getvalue()


def _rows(scores, metrics) -> Iterator[list]:
    columns = {scores.baseline.lower(): scores.bicubic, **scores.columns}
    first = next(iter(scores.columns), None)
    gains = {
        label: picture_gains(scores, label, first) for label in scores.columns if label != first
    }
    for place in sorted_pictures(scores):
        for label, qualities in columns.items():
            figures = [_text(qualities[place][name]) for name in metrics]
            gain = _text(gains[label][place]) if label in gains else ""
            start = [scores.dataset, scores.scale, scores.protocol.condition]
            yield [*start, scores.filenames[place], label, *figures, gain]


def _text(value: float) -> str:
    return "" if value != value else repr(float(value))
