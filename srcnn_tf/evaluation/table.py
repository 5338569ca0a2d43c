"""Laying out benchmark scores beside the published figures: plain text and Markdown."""

import math
from collections.abc import Iterable, Sequence

from srcnn_tf.evaluation import published
from srcnn_tf.evaluation.scoring import PROTOCOL

PUBLISHED_COLUMNS = (published.SRCNN_PAPER, published.SRCNN_KERAS)
_NOTHING = "-"


def text_report(results: Sequence, per_image: bool = False) -> str:
    """Lays out `benchmarking.Scores` for a terminal: the table, its notes, gains over bicubic.

    Args:
      results: one or more, in the order of the rows.
      per_image: whether a table of single pictures follows.
    """
    parts = [_aligned(_table(results)), "\n".join(_notes()), "\n".join(gains(results))]
    if per_image:
        parts.append(_aligned(_picture_table(results)))
    return "\n\n".join(part for part in parts if part)


def markdown_report(results: Sequence, per_image: bool = False) -> str:
    """Lays out the same as GitHub's Markdown, ready to stand in a README, with the protocol."""
    parts = [_markdown(_table(results)), "  \n".join([*_notes(), f"Protocol: {PROTOCOL}."])]
    if per_image:
        parts.append(_markdown(_picture_table(results)))
    return "\n\n".join(parts) + "\n"


def gains(results: Sequence) -> list[str]:
    """Says by how many dB each network beats bicubic: a line per dataset and network."""
    lines: dict[tuple[str, str], list[str]] = {}
    for scores in results:
        for label in scores.columns:
            gain = scores.mean(label).psnr - scores.bicubic_mean.psnr
            line = lines.setdefault((scores.dataset, label), [])
            line.append(f"x{scores.scale} {gain:+.2f} dB")
    return [
        f"{published.title(dataset)}, {label}: {', '.join(line)} over bicubic"
        for (dataset, label), line in lines.items()
    ]


def labels(results: Iterable) -> list[str]:
    """Labels of all networks in any of the results, in order of appearance."""
    return list(dict.fromkeys(label for scores in results for label in scores.columns))


def _table(results):
    """Rows of cells, the header first: a row per dataset and scale."""
    columns = labels(results)
    names = [f"{published.METHODS[method].title} (published)" for method in PUBLISHED_COLUMNS]
    rows = [["Dataset", "Scale", "Bicubic", *names, *columns]]
    for scores in results:
        others = [
            published.published_score(method, scores.dataset, scores.scale)
            for method in PUBLISHED_COLUMNS
        ]
        ours = [scores.mean(label) for label in columns]
        cells = [_cell(quality) for quality in (scores.bicubic_mean, *others, *ours)]
        rows.append([published.title(scores.dataset), f"x{scores.scale}", *cells])
    return rows


def _picture_table(results):
    """Rows of cells, the header first: a row per picture."""
    columns = labels(results)
    rows = [["Dataset", "Scale", "Picture", "Bicubic", *columns]]
    for scores in results:
        nothing = [None] * len(scores.filenames)
        methods = [scores.bicubic, *(scores.columns.get(label, nothing) for label in columns)]
        for filename, *qualities in zip(scores.filenames, *methods, strict=True):
            cells = [_cell(quality) for quality in qualities]
            rows.append([published.title(scores.dataset), f"x{scores.scale}", filename, *cells])
    return rows


def _notes():
    yield "Means over the pictures: PSNR of Y in dB / SSIM; '-' where there is no figure."
    for method in PUBLISHED_COLUMNS:
        yield f"{published.METHODS[method].title} (published): {published.METHODS[method].source}."


def _cell(quality) -> str:
    """Writes anything with `psnr` and `ssim`, of which either may be missing."""
    if quality is None:
        return _NOTHING
    psnr, ssim = quality
    without_ssim = ssim is None or math.isnan(ssim)
    return f"{psnr:.2f} / {_NOTHING if without_ssim else f'{ssim:.4f}'}"


def _aligned(rows):
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _markdown(rows):
    # A bar in a file's name would end its cell.
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])
