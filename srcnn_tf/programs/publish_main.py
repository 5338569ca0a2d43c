"""Scores finished training runs and puts their weights into the package; for maintainers.

bin/ship_weights --runs=runs/pretrained/srcnn-9-5-5_x3 --manual_dir=pictures
bin/ship_weights --rescore --test_sets=bsd100    # scores again what is in the package
bin/ship_weights --cards                         # writes the model cards, as the others also do
"""

import pathlib
import sys

from absl import flags

from srcnn_tf.data import catalog
from srcnn_tf.networks import pretrained_weights
from srcnn_tf.networks.weight_files import SUFFIX, read_network
from srcnn_tf.networks.weights_info import WeightsError
from srcnn_tf.programs.startup import start_tensorflow

RUNS = flags.DEFINE_list("runs", [], "Folders of finished runs.")
RESCORE = flags.DEFINE_bool(
    "rescore", False, "Score the networks of the package again instead; their weights stay."
)
ORDER = flags.DEFINE_bool(
    "order",
    False,
    "List the runs of the package instead, each after the one whose weights it starts from.",
)
CARDS = flags.DEFINE_bool(
    "cards", False, "Write the model cards instead, which the others do in the end."
)
DATA_DIR = flags.DEFINE_string("data_dir", None, "Where TFDS keeps prepared datasets.")
MANUAL_DIR = flags.DEFINE_string("manual_dir", None, "The datasets' pictures, as for bin/train.")
TEST_SETS = flags.DEFINE_list(
    "test_sets",
    None,
    "What to score, but for what a network was trained on (default: set5, set14, bsd100, bsd200; "
    f"at scale 1 live1, classic5): any of {catalog.listed('benchmark')}.",
)
_USUAL = (*catalog.DEFAULT_BENCHMARKS, "bsd100", "bsd200")
_USUAL_AT_1 = ("live1", "classic5")
flags.register_multi_flags_validator(
    ["runs", "rescore", "order", "cards"],
    lambda values: sum(map(bool, values.values())) == 1,
    "exclude each other, and one of them must be given, such as --runs=runs/srcnn-9-5-5_x3",
)


def main(argv):
    """Scores each run, then writes its weight file and records."""
    if len(argv) > 1:
        sys.exit(f"bin/ship_weights takes flags only; {argv[1]!r} needs a name.")
    from srcnn_tf.evaluation import model_card

    if ORDER.value:
        print("\n".join(pretrained_weights.runs_in_order()))
        return
    if CARDS.value:
        print(*model_card.write_cards(), sep="\n")
        return
    folder = pretrained_weights.FOLDER
    if RESCORE.value:
        paths = sorted(folder.glob(f"*{SUFFIX}"))
    else:
        paths = [pathlib.Path(run) / f"last{SUFFIX}" for run in RUNS.value]
    try:
        networks = {path: read_network(path) for path in paths}
        if TEST_SETS.value is not None:
            catalog.chosen(TEST_SETS.value, "benchmark")
    except (WeightsError, ValueError) as error:
        sys.exit(f"bin/ship_weights: {error}")
    start_tensorflow()
    from srcnn_tf.data.pipeline import read_pictures
    from srcnn_tf.data.record_files import RecordsError
    from srcnn_tf.evaluation.scoring import mean_quality
    from srcnn_tf.training import publishing
    from tfds_builders.common.preparation import DatasetUnavailableError, prepared_builder

    def read(name, network):
        builder = prepared_builder(name, network.info.scale, DATA_DIR.value, MANUAL_DIR.value)
        color = network.architecture.channels > 1
        return read_pictures(builder, catalog.DATASETS[name].roles["benchmark"], color)

    for path, network in networks.items():
        info = network.info
        usual = _USUAL if info.scale > 1 else _USUAL_AT_1
        names = publishing.unseen(info, usual if TEST_SETS.value is None else TEST_SETS.value)
        try:
            pictures = {name: read(name, network) for name in names}
            if RESCORE.value:
                scores = publishing.rescore(path, pictures)
            else:
                scores = publishing.ship(path.parent, folder, pictures)
        except (WeightsError, DatasetUnavailableError, RecordsError) as error:
            sys.exit(f"bin/ship_weights: {error}")
        for name, scored in scores.items():
            mean = mean_quality(picture.network for picture in scored)
            title = f"{info.network}: {name} x{info.scale}"
            print(f"{title} {mean.psnr:.3f} dB, SSIM {mean.ssim:.4f}", flush=True)
        model_card.write_cards()
