"""The quality suite of bin/benchmark: reads pictures and scores what the flags name on them."""

import sys
from collections.abc import Sequence

import tensorflow as tf

from srcnn_tf.data import catalog as datasets
from srcnn_tf.data.photo_degradation import at_scale_1
from srcnn_tf.data.pipeline import read_pictures
from srcnn_tf.evaluation.baselines import Lanczos
from srcnn_tf.evaluation.benchmarking import (
    ProtocolError,
    benchmark,
    contender_runners,
    labels_trained_on,
)
from srcnn_tf.evaluation.matching import MatchingError
from srcnn_tf.evaluation.metrics.catalog import needs_color
from srcnn_tf.evaluation.picture_folders import OtherResults, read_folder, with_small_pictures
from srcnn_tf.evaluation.scoring import protocol
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.programs import benchmark_pictures, scoring_flags
from srcnn_tf.programs.benchmark_pictures import Source
from srcnn_tf.reporting.page_pictures import ReportPictures
from tfds_builders.common.preparation import DatasetUnavailableError, prepared_builder

# What ends the program with the sentence that it carries.
ERRORS = (ProtocolError, MatchingError, ImageFileError, ValueError)


def run_quality_suite(
    sources: Sequence[Source],
    contenders: Sequence,
    scales: Sequence[int],
    *,
    places: tuple[str | None, str | None],
    chosen_metrics: list[str] | None,
    ensemble: bool,
    page: str | None,
):
    """Scores everything, and says on the way what was verified.

    Args:
      sources: what to score on.
      contenders: the networks.
      scales: the enlargements.
      places: `--data_dir` and `--manual_dir`.
      chosen_metrics: names, or None for those of the protocol.
      ensemble: whether to add each network's self-ensemble.
      page: the folder of a page to be written, or None.

    Returns:
      The scores in the table's order, why datasets are missing by name, and pictures shown.

    Raises:
      ProtocolError, MatchingError, ImageFileError, ValueError: see `benchmark`.
    """
    # TF32 would round the products on newer GPUs, and scores should not depend on the device.
    tf.config.experimental.enable_tensor_float_32_execution(False)
    metrics = scoring_flags.metrics(chosen_metrics, scales)
    protocols = {scale: scoring_flags.protocols(scale) for scale in scales}
    for line in dict.fromkeys(protocol(metrics, each) for s in scales for each in protocols[s]):
        print(f"protocol: {line}", flush=True)
    others = [OtherResults(*each) for each in benchmark_pictures.results()]
    if benchmark_pictures.LR_DIR.value:
        print(f"small pictures: those in {benchmark_pictures.LR_DIR.value}", flush=True)
    if not contenders:
        print("without weights: bicubic and the published figures only", flush=True)
    runners = {scale: _runners(contenders, scale, ensemble) for scale in scales}
    results, unavailable, said = [], {}, set()

    def say(line):  # Once for all qualities of JPEG.
        if line not in said:
            print(line, flush=True)
            said.add(line)

    shots = ReportPictures(page) if page else None
    color = bool(shots or others) or needs_color(metrics) or benchmark_pictures.LR_DIR.value
    color = color or any(each.NEEDS_COLOR for each in protocols[scales[0]])
    color = color or any(
        file.network.architecture.channels > 1
        for contender in contenders
        for file in contender.files.values()
    )
    for source in sources:
        for scale in scales:
            try:
                name, pictures = _pictures(source, scale, bool(color), places)
            except DatasetUnavailableError as error:
                unavailable[source.name] = str(error)
                break
            for each in protocols[scale]:
                options = {}
                if shots:
                    options["on_plane"] = shots.keeper(name, scale, pictures, each.condition)
                scores = benchmark(
                    name,
                    pictures,
                    scale,
                    runners[scale],
                    log=say,
                    progress=_progress,
                    metrics=metrics,
                    protocol=each,
                    others=others,
                    trained_on=labels_trained_on(contenders, source.name, scale),
                    **options,
                )
                results.append(scores)
    return results, unavailable, shots.shown if shots else {}


def _runners(contenders, scale, ensemble):
    precision = scoring_flags.PRECISION.value
    runners = contender_runners(contenders, scale, ensemble, precision)
    if scoring_flags.PROTOCOL.value == "compressed" and scale > 1:
        runners[Lanczos.TITLE] = Lanczos(scale)
    return runners


def _pictures(source, scale, color, places):
    """Returns what tables call the pictures, and the pictures."""
    if source.folder is None:
        builder = prepared_builder(source.name, scale, *places)
        split = datasets.DATASETS[source.name].roles["benchmark"]
        pictures = read_pictures(builder, split, color)
        if scale == 1:
            pictures = at_scale_1(pictures)
    else:
        pictures = read_folder(source.folder, scale)
    if benchmark_pictures.LR_DIR.value is None:
        return source.name, pictures
    small = benchmark_pictures.small_pictures()
    # Published figures are of MATLAB's small pictures.
    return f"{source.name} ({small.name})", with_small_pictures(pictures, small, source.name, scale)


def _progress(pictures, label):
    """Shows a bar on a terminal, else a line at the start and after every 50 pictures."""
    if sys.stderr.isatty():
        from tqdm import tqdm

        yield from tqdm(pictures, desc=label, unit="picture", leave=False)
        return
    print(f"{label}: {len(pictures)} pictures", file=sys.stderr, flush=True)
    for count, picture in enumerate(pictures, start=1):
        yield picture
        if count % 50 == 0:
            print(f"{label}: {count} of {len(pictures)}", file=sys.stderr, flush=True)
