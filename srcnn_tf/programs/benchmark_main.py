"""Prints the table of scores: test sets x scales x (bicubic, published figures, given weights).

bin/benchmark --list                # what comes with srcnn_tf, with cost and scores
bin/benchmark --networks=all --datasets=set5,set14,bsd100
bin/benchmark --weights=runs/x3 --datasets=set5,set14 --manual_dir=pictures
bin/benchmark --metrics=psnr,my_metric --plugin=my_metric.py
bin/benchmark --suite=photos        # JPEGs, by the networks that bin/upscale chooses
bin/benchmark --suite=throughput    # how fast, beside peers
"""

import pathlib
import sys

from absl import flags

from srcnn_tf.data import catalog as datasets
from srcnn_tf.imaging.degradation import SCALES
from srcnn_tf.programs import (
    benchmark_pictures,
    network_flags,
    output_files,
    plugins,
    scoring_flags,
    startup,
)
from srcnn_tf.throughput import CPU_GROUPS, GROUPS

_SCALES = tuple(str(scale) for scale in (1, *SCALES))  # 1 is for compressed pictures.

SUITES = ("quality", "photos", "throughput")

SUITE = flags.DEFINE_enum(
    "suite",
    "quality",
    SUITES,
    "What to measure: how good, on the papers' terms; how good on JPEGs, by the networks that "
    "bin/upscale chooses; or how fast.",
)
DATASET_NAMES = flags.DEFINE_list(
    "datasets",
    list(datasets.DEFAULT_BENCHMARKS),
    f"Any of {datasets.listed('benchmark')}; {datasets.VARIABLE} names folders of further ones."
    " Also a folder of pictures, or NAME=FOLDER.",
)
SCALE_NAMES = flags.DEFINE_list(
    "scales", None, f"Any of {', '.join(_SCALES)}; by default those of the weights, else all."
)
DATA_DIR = flags.DEFINE_string(
    "data_dir", None, "Where TFDS keeps prepared datasets (default: ~/tensorflow_datasets)."
)
MANUAL_DIR = flags.DEFINE_string(
    "manual_dir",
    None,
    "The dataset's pictures, or a folder that holds set5/, set14/, ..., instead of downloading.",
)
PER_IMAGE = flags.DEFINE_bool("per_image", False, "Also print the scores of every picture.")
METRIC_NAMES = flags.DEFINE_list(
    "metrics",
    None,
    "What to score by: any of psnr, ssim, ms_ssim, ifc, nqm, wpsnr, psnr_b, psnr_rgb, ssim_rgb, or "
    "a plugin's; the first also says the gains. By default what the protocol is published with.",
)
SELF_ENSEMBLE = flags.DEFINE_bool(
    "self_ensemble", False, "Also score the mean over eight flips and turns, as its own column."
)
JSON = flags.DEFINE_string("json", None, "Also write everything to this JSON file.")
MARKDOWN = flags.DEFINE_string("markdown", None, "Also write the table to this Markdown file.")
HTML = flags.DEFINE_string(
    "html", None, "Also write a page that shows everything, with pictures, into this folder."
)
DEVICE = flags.DEFINE_enum(
    "device", "auto", startup.DEVICES, "Where networks run; auto takes a GPU if there is one."
)
GROUP_NAMES = flags.DEFINE_list(
    "groups",
    None,
    f"Throughput: any of {', '.join(GROUPS)}. By default all but the last, which is what there is "
    "to measure on one device, a GPU by --device=gpu, and then the default.",
)
flags.DEFINE_alias("works", "groups")
THREADS = flags.DEFINE_integer(
    "threads", None, "Throughput: cores and threads for everybody (default: all).", 1
)
ROUNDS = flags.DEFINE_integer("rounds", 7, "Throughput: timed runs of each contender.", 1, 1000)
QUICK = flags.DEFINE_bool("quick", False, "Throughput: tiny sizes, only to see that it runs.")
QUALITY_ONLY = (
    *network_flags.NAMES,
    "datasets",
    "scales",
    "metrics",
    "per_image",
    "self_ensemble",
    "markdown",
    "html",
    "plugin",
    *scoring_flags.NAMES,
    *benchmark_pictures.NAMES,
)


def _validate(flag, known):
    message = f"only these are known, each once: {', '.join(known)}"
    flags.register_validator(
        flag.name,
        lambda names: (
            names is None or (0 < len(names) == len(set(names)) and set(names) <= set(known))
        ),
        message,
    )


_validate(SCALE_NAMES, _SCALES)
_validate(GROUP_NAMES, GROUPS)
flags.register_multi_flags_validator(
    ["json", "markdown", "csv"],
    lambda values: not any(name and pathlib.Path(name).is_dir() for name in values.values()),
    "must be files to write, and one of them is a folder",
)


flags.register_validator(
    "html", lambda folder: folder != "", "must be the name of a folder, such as report/"
)


def main(argv):
    """Reads the weights, then scores dataset by dataset, then prints and writes the table."""
    if len(argv) > 1:
        sys.exit(f"bin/benchmark takes flags only; {argv[1]!r} needs a name, such as --weights=.")
    _check_outputs()
    if SUITE.value == "throughput":
        _measure_throughput()
        return
    if SUITE.value == "photos":
        _score_photos()
        return
    if network_flags.LIST.value:
        network_flags.list_networks(JSON.value)
        return
    # Modules that load TensorFlow are imported only when everything the user gave is in order.
    from srcnn_tf.evaluation.metrics import catalog
    from srcnn_tf.networks.weights_info import WeightsError

    _check_report_folder()
    try:
        plugins.load()
        scoring_flags.protocols(_a_scale())
        if METRIC_NAMES.value is not None:
            catalog.chosen(METRIC_NAMES.value)
        sources = benchmark_pictures.sources(DATASET_NAMES.value)
        others = benchmark_pictures.results()
    except (plugins.PluginError, ValueError) as error:
        sys.exit(f"bin/benchmark: {error}")
    try:
        contenders = network_flags.contenders()
    except WeightsError as error:
        sys.exit(f"bin/benchmark: {error}")
    _check_outputs(
        *(file.path for contender in contenders for file in contender.files.values()),
        *(path.rpartition("=")[2] for path in network_flags.paths()),
        *(source.folder for source in sources if source.folder is not None),
        *(folder for _, folder in others),
        *filter(None, [benchmark_pictures.LR_DIR.value, MANUAL_DIR.value]),
        *plugins.PLUGINS.value,
    )
    scales = _scales(contenders)
    if network_flags.given():
        _say_what_is_not_scored(contenders, scales)
    try:
        startup.start_tensorflow(DEVICE.value)
    except startup.DeviceError as error:
        sys.exit(f"bin/benchmark: {error}")
    from srcnn_tf.data.record_files import RecordsError
    from srcnn_tf.programs import quality_suite

    try:
        results, unavailable, shown = quality_suite.run_quality_suite(
            sources,
            contenders,
            scales,
            places=(DATA_DIR.value, MANUAL_DIR.value),
            chosen_metrics=METRIC_NAMES.value,
            ensemble=SELF_ENSEMBLE.value,
            page=HTML.value,
        )
    except (RecordsError, *quality_suite.ERRORS) as error:
        sys.exit(f"bin/benchmark: {error}")
    except OSError as error:
        sys.exit(f"bin/benchmark: a file cannot be read or written ({error}); see its folder.")

    from srcnn_tf.evaluation import record, table
    from srcnn_tf.evaluation.picture_csv import picture_csv
    from srcnn_tf.files import atomic_files
    from srcnn_tf.reporting import page
    from srcnn_tf.training import environment

    for reason in unavailable.values():
        print(f"not available: {reason.strip()}")
    if results:
        print(f"\n{table.text_report(results, PER_IMAGE.value)}")
    try:
        record = record.benchmark_record(results, contenders, unavailable, environment.describe())
        if JSON.value and results:
            atomic_files.write_json(JSON.value, record)
        if benchmark_pictures.CSV.value and results:
            atomic_files.write_text(benchmark_pictures.CSV.value, picture_csv(results))
        if MARKDOWN.value and results:
            markdown = table.markdown_report(results, PER_IMAGE.value)
            atomic_files.write_text(MARKDOWN.value, markdown)
        if HTML.value and results:
            print(f"\npage: {page.write_report(HTML.value, record, shown)}")
    except OSError as error:
        sys.exit(f"bin/benchmark: the results cannot be written ({error}); name another file.")
    if not results:
        sys.exit("bin/benchmark: none of the datasets could be had, so nothing was scored.")


def _measure_throughput():
    """Times everything beside peers, with the same threads for all, on the processor or a GPU."""
    for name in QUALITY_ONLY:
        if flags.FLAGS[name].present:
            sys.exit(f"bin/benchmark: --{name} is for --suite=quality; leave it out.")
    from srcnn_tf.imaging.threads import usable_cores
    from srcnn_tf.throughput import threads

    count = THREADS.value or usable_cores()
    if count > usable_cores():
        sys.exit(f"bin/benchmark: --threads can be {usable_cores()} at most here.")
    groups = GROUP_NAMES.value or (["device"] if DEVICE.value == "gpu" else list(CPU_GROUPS))
    if DEVICE.value == "gpu" and groups != ["device"]:
        sys.exit("bin/benchmark: on a GPU the only group is device; leave --groups out.")
    threads.pin_threads(count)
    try:
        startup.start_tensorflow("gpu" if DEVICE.value == "gpu" else "cpu")
    except startup.DeviceError as error:
        sys.exit(f"bin/benchmark: {error}")
    from srcnn_tf import load_pretrained
    from srcnn_tf.files import atomic_files
    from srcnn_tf.throughput import suite
    from tfds_builders.common import preparation, training_choice

    suite.limit_tensorflow(count)
    places = DATA_DIR.value, MANUAL_DIR.value
    try:
        record = suite.run_suite(
            suite.Suite(
                groups=groups,
                threads=count,
                rounds=ROUNDS.value,
                quick=QUICK.value,
                records=lambda: training_choice.training_builder(*places, scale=3),
                build=preparation.timed_build("t91", MANUAL_DIR.value),
                network=lambda: load_pretrained("srcnn-9-5-5", scale=3),
            ),
            log=lambda text: print(text, flush=True),
        )
        if JSON.value:
            atomic_files.write_json(JSON.value, record)
    except preparation.DatasetUnavailableError as error:
        sys.exit(f"bin/benchmark: {error}")
    except OSError as error:
        sys.exit(f"bin/benchmark: a file cannot be read or written ({error}); see its folder.")


def _score_photos():
    """Scores what bin/upscale makes of JPEGs of scikit-image's photographs, beside Lanczos."""
    for name in sorted(set(QUALITY_ONLY) - {"scales", "jpeg_quality", "markdown"}):
        if flags.FLAGS[name].present:
            sys.exit(f"bin/benchmark: --{name} is for --suite=quality; leave it out.")
    try:
        qualities = scoring_flags.qualities()
        startup.start_tensorflow(DEVICE.value)
    except (ValueError, startup.DeviceError) as error:
        sys.exit(f"bin/benchmark: {error}")
    from srcnn_tf.programs import photo_scores

    scales = [int(scale) for scale in SCALE_NAMES.value or ()]
    photo_scores.score(scales, qualities, DATA_DIR.value, JSON.value, MARKDOWN.value)


def _check_outputs(*inputs):
    """Ends the program where a file to write is one of `inputs`, or holds weights."""
    try:
        output_files.check_outputs(
            [JSON.value, MARKDOWN.value, benchmark_pictures.CSV.value], inputs
        )
    except ValueError as error:
        sys.exit(f"bin/benchmark: {error}")


def _check_report_folder():
    """Ends the program where the page cannot be written, before anything is computed."""
    if HTML.value:
        from srcnn_tf.reporting.page_folder import obstacle

        reason = obstacle(HTML.value)
        if reason:
            sys.exit(f"bin/benchmark: no page can be written: {reason}.")


def _scales(contenders):
    """Returns the scales to score, or ends the program where no weights fit them."""
    available = sorted({scale for contender in contenders for scale in contender.files})
    compressed = scoring_flags.PROTOCOL.value == "compressed"
    known = [1, *SCALES] if compressed else list(SCALES)
    if SCALE_NAMES.value:
        wanted = sorted(int(scale) for scale in SCALE_NAMES.value)
    else:
        wanted = [scale for scale in known if scale in available] if contenders else known
    if contenders and not set(wanted) & set(available):
        given = ", ".join(f"x{scale}" for scale in available)
        asked = ", ".join(f"x{scale}" for scale in wanted or known)
        sys.exit(
            f"bin/benchmark: the weights are for {given}, and the scales to score are {asked}."
        )
    return wanted


def _a_scale():
    """Returns one of the scales that are asked for, to check the protocol's flags by."""
    return min(int(scale) for scale in SCALE_NAMES.value or SCALES)


def _say_what_is_not_scored(contenders, scales):
    """Names the weights that were given and are for none of the scales."""
    asked = ", ".join(f"x{scale}" for scale in scales)
    for contender in contenders:
        for scale, file in contender.files.items():
            if scale not in scales:
                print(
                    f"not scored: {contender.label} for x{scale} ({file.path}), since {asked} "
                    f"{'is' if len(scales) == 1 else 'are'} asked for",
                    flush=True,
                )
