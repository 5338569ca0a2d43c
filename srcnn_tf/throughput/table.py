"""Laying out throughput for a terminal: each case, growth, and the table of headlines."""

from collections.abc import Mapping, Sequence

from srcnn_tf.throughput.timing import Measurement, Timing


def work_text(measurement: Measurement, peak: float | None = None) -> str:
    """One case: a line for each contender, ratios first, then what is missing and the targets.

    A ratio is a contender's time in units of that of the first line, which is ours.

    Args:
      measurement: what is shown.
      peak: operations a second that the device does at most, to say the share of it.
    """
    case = measurement.case
    lines = [f"{case.title}  ({case.amount:,.3g} {case.unit})"]
    if measurement.timings:
        first = measurement.timings[0]
        lines.append(f"  {'ratio':>6}  {'median':>10}  {case.unit + '/s':>18}  {'differs by':>10}")
    for timing in measurement.timings:
        ratio = measurement.ratio(timing.label, first.label)
        rate = case.amount / timing.median
        differs = "-" if timing.difference is None else f"{timing.difference:.1e}"
        lines.append(
            f"  {ratio:6.2f}  {duration(timing.median):>10}  {rate:18,.4g}  {differs:>10}"
            f"  {timing.label}{_share_text(measurement, timing, peak)}"
        )
    lines += [f"  {label}: {reason}" for label, reason in measurement.missing.items()]
    lines += [f"  {target.verdict(measurement).sentence}" for target in case.targets]
    return "\n".join(lines)


def _share_text(measurement: Measurement, timing: Timing, peak: float | None) -> str:
    share = peak_share(measurement, timing, peak)
    return "" if share is None else f" ({100 * share:.2g} % of the peak)"


def peak_share(measurement: Measurement, timing: Timing, peak: float | None) -> float | None:
    """Which share of the device's peak a contender reaches; None where that says nothing."""
    if not peak or not measurement.case.operations:
        return None
    return measurement.case.operations / timing.median / peak


def growth_text(measurements: Sequence[Measurement]) -> str:
    """How cost grows: the cost of one unit, and its ratio to that of the first row.

    Args:
      measurements: those of one series, from small to large.
    """
    unit = measurements[0].case.unit
    lines = [f"growth: {measurements[0].case.series}, time for 1 of {unit} (x that of the first)"]
    labels = [timing.label for timing in measurements[0].timings]
    for measurement in measurements:
        cells = []
        for label in labels:
            timing, first = measurement.timing(label), measurements[0].timing(label)
            if timing is not None:
                cost = timing.median / measurement.case.amount
                base = first.median / measurements[0].case.amount
                cells.append(f"{label} {duration(cost)} (x {cost / base:.2f})")
        lines.append(f"  {measurement.case.amount:10,.4g} {unit}: {'; '.join(cells)}")
    return "\n".join(lines)


def headline_table(measurements: Sequence[Measurement]) -> str:
    """The cases that matter most, as a Markdown table: ours, the plain way, the peers.

    A factor in brackets is that contender's time in units of ours.
    """
    lines = ["| work | ours | as a plain program would be | peers |", "| --- | --- | --- | --- |"]
    for measurement in measurements:
        if measurement.case.headline and measurement.timings:
            cells = [_cell(measurement, kind) for kind in ("ours", "plain", "peer")]
            lines.append(f"| {measurement.case.title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def verdict_text(measurements: Sequence[Measurement]) -> str:
    """Counts the targets, and names the cases that miss one."""
    verdicts = [
        (measurement.case.title, target.verdict(measurement))
        for measurement in measurements
        for target in measurement.case.targets
    ]
    met = sum(verdict.met is True for _, verdict in verdicts)
    unknown = sum(verdict.met is None for _, verdict in verdicts)
    lines = [f"targets: {met} of {len(verdicts)} met, {unknown} not measured"]
    lines += [
        f"  {title}: {verdict.sentence}" for title, verdict in verdicts if verdict.met is False
    ]
    return "\n".join(lines)


def peers_text(versions: Mapping[str, str | None]) -> str:
    """Two lines: the peers that are installed with their versions, and those that are not."""
    there = [f"{name} {version}" for name, version in versions.items() if version]
    absent = [name for name, version in versions.items() if not version]
    return (
        f"peers: {', '.join(there) or 'none'}\n"
        f"peers that are not installed: {', '.join(absent) or 'none'}"
        + (" (pip install -r requirements-peers.txt)" if absent else "")
    )


def duration(seconds: float) -> str:
    """Writes seconds with three digits in the unit that suits."""
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "us")):
        if seconds * factor >= 1:
            return f"{_three_digits(seconds * factor)} {unit}"
    return f"{_three_digits(seconds * 1e9)} ns"


def _three_digits(number) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"


def _cell(measurement, kind):
    first = measurement.timings[0].label
    cells = []
    for timing in measurement.timings:
        if timing.kind == kind:
            ratio = measurement.ratio(timing.label, first)
            times = "" if timing.label == first else f" (x {ratio:.2f})"
            cells.append(f"{timing.label} {duration(timing.median)}{times}")
    return "; ".join(cells) or "-"
