"""Laying out benchmark scores beside the published figures: plain text and Markdown."""

from collections.abc import Iterable, Sequence

from srcnn_tf.evaluation import method_differences, published
from srcnn_tf.evaluation.metrics.catalog import chosen
from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.quality import Quality
from srcnn_tf.evaluation.scoring import protocol

_NOTHING = "-"
# More networks are not columns, but rows, unless a dataset has more scales and the like than this.
MOST_COLUMNS = 4
_SETTINGS = 4


def text_report(results: Sequence, per_image: bool = False) -> str:
    """Lays out `benchmarking.Scores` for a terminal: the table, its notes, gains over bicubic.

    Args:
      results: one or more, in the order of the rows, all by the same metrics.
      per_image: whether a table of single pictures follows, in the order of their difference
        (`method_differences.sorted_pictures`).
    """
    tables = [aligned(rows) for rows in _tables(results)]
    said = (_notes(results), gains(results), method_differences.in_words(results))
    parts = [*tables, *map("\n".join, said)]
    if per_image:
        parts.append(aligned(_picture_table(results)))
    return "\n\n".join(part for part in parts if part)


def markdown_report(results: Sequence, per_image: bool = False) -> str:
    """Lays out the same as GitHub's Markdown, ready to stand in a README, with the protocol."""
    notes = [*_notes(results), *(f"Protocol: {each}." for each in protocols(results))]
    parts = [*(markdown(rows) for rows in _tables(results)), "  \n".join(notes)]
    if per_image:
        parts.append(markdown(_picture_table(results)))
    return "\n\n".join(parts) + "\n"


def gains(results: Sequence) -> list[str]:
    """Says by how much each network beats bicubic by the first metric: a line per dataset."""
    lines: dict[tuple[str, str], list[str]] = {}
    baselines: dict[tuple[str, str], dict[str, None]] = {}
    for scores in results:
        for label in scores.columns:
            first = chosen(scores.metrics)[0]
            gain = first.gain(scores.mean(label)[first.name], scores.bicubic_mean[first.name])
            line = lines.setdefault((scores.dataset, label), [])
            line.append(f"{scores.setting} {first.format_gain(gain)}")
            baselines.setdefault((scores.dataset, label), {})[scores.baseline] = None
    return [
        f"{published.title(dataset)}, {label}: {', '.join(line)} over "
        f"{' or '.join(_in_a_sentence(each) for each in baselines[dataset, label])}"
        for (dataset, label), line in lines.items()
    ]


def protocols(results: Iterable) -> list[str]:
    """Says in a line each how the scores came about: one line for each protocol among them."""
    lines = dict.fromkeys(protocol(each.metrics, each.protocol) for each in results)
    return list(lines)


def baseline_title(results: Iterable) -> str:
    """What the first column of figures is called: `Bicubic`, `JPEG`, or both."""
    return " or ".join(dict.fromkeys(each.baseline for each in results))


def published_columns(results: Iterable) -> tuple[str, ...]:
    """Returns the keys of `published.METHODS` that stand beside ours: those that have a figure."""
    results = list(results)
    methods = published.columns((each.protocol, each.scale) for each in results)
    return tuple(method for method in methods if any(_published(method, each) for each in results))


def labels(results: Iterable) -> list[str]:
    """Labels of all networks in any of the results, in order of appearance."""
    return list(dict.fromkeys(label for scores in results for label in scores.columns))


def _tables(results):
    """Tables of rows of cells, the header first: one, or one for each metric if that is wide."""
    settings = [scores.dataset for scores in results]
    most = max(settings.count(name) for name in settings)
    if len(labels(results)) <= MOST_COLUMNS or most > _SETTINGS:
        return [_table(results)]
    return [_table_of_networks(results, metric) for metric in chosen(results[0].metrics)]


def _table_of_networks(results, metric):
    """Rows of cells: a row per method, a column per dataset with the figures of all scales."""
    datasets: dict[str, list] = {}
    for scores in results:
        datasets.setdefault(scores.dataset, []).append(scores)
    heads = [
        f"{published.title(name)} {' / '.join(each.setting for each in group)}"
        for name, group in datasets.items()
    ]
    rows = [[metric.title, *heads]]

    def add(title, quality):
        cells = [
            " / ".join(_figure(quality(scores), metric) for scores in group)
            for group in datasets.values()
        ]
        rows.append([title, *cells])

    add(baseline_title(results), lambda scores: scores.bicubic_mean)
    for method in published_columns(results):
        title = f"{published.METHODS[method].title} (published)"
        add(title, lambda scores, method=method: _published(method, scores))
    for label in labels(results):
        add(label, lambda scores, label=label: scores.mean(label))
    return rows


def _published(method, scores):
    return published.score_by(method, scores.protocol, scores.dataset, scores.scale)


def _table(results):
    """Rows of cells, the header first: a row per dataset and scale."""
    columns = labels(results)
    methods = published_columns(results)
    names = [f"{published.METHODS[method].title} (published)" for method in methods]
    rows = [["Dataset", "Scale", baseline_title(results), *names, *columns]]
    metrics = chosen(results[0].metrics)
    for scores in results:
        others = [_published(method, scores) for method in methods]
        ours = [scores.mean(label) for label in columns]
        cells = [_cell(quality, metrics) for quality in (scores.bicubic_mean, *others, *ours)]
        rows.append([published.title(scores.dataset), scores.setting, *cells])
    return rows


def _picture_table(results):
    """Rows of cells, the header first: a row per picture."""
    columns = labels(results)
    rows = [["Dataset", "Scale", "Picture", baseline_title(results), *columns]]
    metrics = chosen(results[0].metrics)
    for scores in results:
        nothing = [None] * len(scores.filenames)
        methods = [scores.bicubic, *(scores.columns.get(label, nothing) for label in columns)]
        for place in method_differences.sorted_pictures(scores):
            cells = [_cell(qualities[place], metrics) for qualities in methods]
            start = [published.title(scores.dataset), scores.setting, scores.filenames[place]]
            rows.append([*start, *cells])
    return rows


def _notes(results):
    metrics = " / ".join(metric.description for metric in chosen(results[0].metrics))
    yield f"Means over the pictures: {metrics}; '-' where there is no figure."
    for method in published_columns(results):
        yield f"{published.METHODS[method].title} (published): {published.METHODS[method].source}."
    for title, source in published.set_sources(scores.dataset for scores in results).items():
        yield f"{title} (published): {source}."
    left_out: dict[str, dict[str, None]] = {}
    for scores in results:
        left_out.setdefault(scores.dataset, {}).update(dict.fromkeys(scores.trained_on))
    for dataset, names in left_out.items():
        if names:
            yield f"Trained on {published.title(dataset)}, so not scored on it: {', '.join(names)}."


def _in_a_sentence(baseline: str) -> str:
    return baseline if baseline.isupper() else baseline.lower()


def _cell(quality: Quality | None, metrics: Sequence[Metric]) -> str:
    """Writes a figure for each metric; a published quality may lack some."""
    if quality is None:
        return _NOTHING
    return " / ".join(_figure(quality, metric) for metric in metrics)


def _figure(quality: Quality | None, metric: Metric) -> str:
    return metric.format(quality.get(metric.name), _NOTHING) if quality else _NOTHING


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Lays rows of cells out for a terminal, the header first."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Lays rows of cells out as GitHub's Markdown, the header first."""
    # A bar in a file's name would end its cell.
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])
