"""Scores finished training runs and puts their weights into the package; for maintainers.

bin/ship_weights --runs=runs/shipped/srcnn-9-5-5_x3 --manual_dir=pictures
"""

import pathlib
import sys

from absl import flags

from srcnn_tf.data import catalog
from srcnn_tf.networks import pretrained_weights
from srcnn_tf.networks.weight_files import SUFFIX, read_network
from srcnn_tf.networks.weights_info import WeightsError
from srcnn_tf.programs.startup import start_tensorflow

RUNS = flags.DEFINE_list("runs", None, "Folders of finished runs.", required=True)
DATA_DIR = flags.DEFINE_string("data_dir", None, "Where TFDS keeps prepared datasets.")
MANUAL_DIR = flags.DEFINE_string("manual_dir", None, "The datasets' pictures, as for bin/train.")
TEST_SETS = flags.DEFINE_list(
    "test_sets",
    [*catalog.DEFAULT_BENCHMARKS, "bsd200"],
    f"What to score: any of {catalog.listed('benchmark')}.",
)


def main(argv):
    """Scores each run, then writes its weight file and records."""
    if len(argv) > 1:
        sys.exit(f"bin/ship_weights takes flags only; {argv[1]!r} needs a name.")
    try:
        scales = {
            run: read_network(pathlib.Path(run) / f"last{SUFFIX}").scale for run in RUNS.value
        }
        test_sets = catalog.chosen(TEST_SETS.value, "benchmark")
    except (WeightsError, ValueError) as error:
        sys.exit(f"bin/ship_weights: {error}")
    start_tensorflow()
    from srcnn_tf.data.pipeline import read_pictures
    from srcnn_tf.data.record_files import RecordsError
    from srcnn_tf.evaluation.scoring import mean_quality
    from srcnn_tf.training.publishing import ship
    from tfds_builders.common.preparation import DatasetUnavailableError, prepared_builder

    for run, scale in scales.items():
        try:
            pictures = {
                dataset.name: read_pictures(
                    prepared_builder(dataset.name, scale, DATA_DIR.value, MANUAL_DIR.value),
                    dataset.roles["benchmark"],
                )
                for dataset in test_sets
            }
            scores = ship(run, pretrained_weights.FOLDER, pictures)
        except (WeightsError, DatasetUnavailableError, RecordsError) as error:
            sys.exit(f"bin/ship_weights: {error}")
        for name, pictures in scores.items():
            mean = mean_quality(picture.network for picture in pictures)
            print(f"{run}: {name} x{scale} {mean.psnr:.3f} dB, SSIM {mean.ssim:.4f}")
