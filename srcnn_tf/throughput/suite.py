"""The throughput suite: every case in turn, printed as it comes, and all of it as data."""

import dataclasses
from collections.abc import Callable, Sequence

import tensorflow as tf
import tensorflow_datasets as tfds

from srcnn_tf.data.pipeline import read_pictures
from srcnn_tf.engines.keras_models import Srcnn
from srcnn_tf.imaging.threads import usable_cores
from srcnn_tf.throughput import (
    GROUPS,
    bench_device,
    bench_first_call,
    bench_inference,
    bench_input,
    bench_networks,
    bench_resize,
    bench_startup,
    bench_train_step,
    bench_whole_picture,
    bench_whole_training,
    peaks,
    peers,
    table,
)
from srcnn_tf.throughput.timing import Case, Contender, Measurement, measure
from srcnn_tf.training import environment


@dataclasses.dataclass(frozen=True)
class Suite:
    """What to measure, and on what.

    Attributes:
      groups: some of `GROUPS`.
      threads: as in `threads.pin_threads`, which must have been called.
      rounds: timed runs of each contender; large cases have fewer.
      quick: take tiny sizes, to see that everything runs; the figures mean nothing then.
      records: returns the prepared dataset whose crops are cut; called where needed.
      build: builds T91 from its pictures and returns the seconds; None to leave it out.
      network: a pretrained 9-5-5.
    """

    groups: Sequence[str]
    threads: int
    rounds: int
    quick: bool
    records: Callable[[], tfds.core.DatasetBuilder]
    build: Callable[[], float] | None
    network: Callable[[], Srcnn]

    def cases(self) -> list[Case]:
        """All cases of the groups, in their order."""
        makers = {
            "startup": lambda: [
                *bench_startup.start_cases(self.quick),
                *bench_first_call.first_call_cases(),
            ],
            "resize": lambda: [
                *bench_resize.resize_cases(self.threads, self.quick),
                *bench_resize.resize_growth(self.threads, self.quick),
            ],
            "input": self._input,
            "training": self._training,
            "pictures": self._pictures,
            "networks": lambda: [
                *bench_networks.plane_cases(self.threads, self.quick),
                *bench_networks.step_cases(self.threads, self.quick),
            ],
            "whole": lambda: [
                bench_whole_picture.picture_case(self.quick),
                *bench_whole_training.training_cases(self.quick),
            ],
            "device": lambda: bench_device.device_cases(self.quick),
        }
        return [work for group in GROUPS if group in self.groups for work in makers[group]()]

    def _input(self):
        builder = self.records()
        pictures = read_pictures(builder, bench_input.only_split(builder))
        cases = [
            # First, as in a program: memory that others have used and given back comes in pieces,
            # and then costs more than the reading.
            *bench_input.record_cases(builder, self.quick),
            *bench_input.crop_cases(pictures, self.quick),
            *bench_input.crop_growth(pictures, self.quick),
        ]
        if self.build is not None and not self.quick:
            build = Contender("tfds build", self.build, measures_itself=True, kind="ours")
            title = "tfds build of T91 at x2, x3 and x4, in one process"
            cases.append(
                Case("input", title, 3 * 91, "pairs", lambda: [build], rounds=1, warm_up=False)
            )
        return cases

    def _training(self):
        builder = self.records()
        pictures = read_pictures(builder, bench_input.only_split(builder))
        return [
            *bench_train_step.step_cases(pictures, self.threads, self.quick),
            *bench_train_step.wait_cases(pictures, self.quick),
        ]

    def _pictures(self):
        network = self.network()
        return [
            *bench_inference.plane_cases(network, self.threads, self.quick),
            *bench_inference.plane_growth(network, self.quick),
        ]


def limit_tensorflow(count: int) -> None:
    """Limits TensorFlow to this many threads; to be called before it computes anything."""
    tf.config.threading.set_intra_op_parallelism_threads(count)
    tf.config.threading.set_inter_op_parallelism_threads(count)


def run_suite(suite: Suite, log: Callable[[str], None] = print) -> dict:
    """Measures everything, logs it as it comes, and returns it for `json.dump`."""
    about = environment.describe()
    versions = peers.versions()
    log(f"{about['device']}; {about['system']}; {about['versions']}; commit {about['commit']}")
    log(f"{suite.threads} threads for everybody, of {usable_cores()} usable cores")
    log(table.peers_text(versions))
    log(
        f"median of up to {suite.rounds} rounds after a warm-up, contenders in turns; a ratio is a "
        "time in units of the first line's, the median over the rounds"
        + ("; QUICK: tiny sizes, no figure means anything" if suite.quick else "")
    )
    peak = _peak(suite, log)
    measurements = []
    for case in suite.cases():
        measurements.append(measure(case, suite.rounds))
        log(f"\n{table.work_text(measurements[-1], peak and peak.rate)}")
    series = list(dict.fromkeys(m.case.series for m in measurements if m.case.series))
    for name in series:
        members = [m for m in measurements if m.case.series == name and m.timings]
        if members:
            log(f"\n{table.growth_text(members)}")
    log(f"\n{table.headline_table(measurements)}")
    log(f"\n{table.verdict_text(measurements)}")
    return {
        "suite": "throughput",
        "environment": about,
        "threads": suite.threads,
        "rounds": suite.rounds,
        "quick": suite.quick,
        "peers": versions,
        "peak": peak and peak._asdict(),
        "works": [_record(measurement, peak and peak.rate) for measurement in measurements],
    }


def _peak(suite: Suite, log) -> peaks.Peak | None:
    """Says what the device computes at most, where cases compare with that."""
    if "device" not in suite.groups:
        return None
    precision = environment.automatic_precision()
    listed = peaks.datasheet_peak(environment.describe_device(), precision)
    peak = listed or peaks.measured_peak(precision, suite.quick)
    log(f"peak in {precision}: {peak.rate / 1e12:,.3g} x 10^12 operations a second ({peak.source})")
    return peak


def _record(measurement: Measurement, peak: float | None) -> dict:
    case = measurement.case
    first = measurement.timings[0].label if measurement.timings else None
    return {
        "group": case.group,
        "title": case.title,
        "amount": case.amount,
        "unit": case.unit,
        "series": case.series,
        "timings": [
            {
                "label": timing.label,
                "kind": timing.kind,
                "ratio": measurement.ratio(timing.label, first),
                "median_seconds": timing.median,
                "seconds": timing.seconds,
                "per_second": case.amount / timing.median,
                "difference": timing.difference,
                "share_of_peak": table.peak_share(measurement, timing, peak),
            }
            for timing in measurement.timings
        ],
        "missing": dict(measurement.missing),
        "targets": [
            {"sentence": verdict.sentence, "met": verdict.met}
            for verdict in (target.verdict(measurement) for target in case.targets)
        ],
    }
