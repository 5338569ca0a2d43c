"""`ship`: a finished training run to a weight file of the package, with its scores and records."""

import dataclasses
import os
import pathlib
import shutil
from collections.abc import Mapping, Sequence

import numpy as np

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.engines.runners import runner
from srcnn_tf.evaluation.inputs import network_input
from srcnn_tf.evaluation.scoring import PictureScore, evaluate, mean_quality, score
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.networks.network import Network
from srcnn_tf.networks.weight_files import SUFFIX, read_network, write_network
from srcnn_tf.networks.weights_info import WeightsError
from srcnn_tf.training import run_records

CHECK = "check_picture"
_RECORDS = ("config.json", "train.log", run_records.METRICS)


def check_picture() -> np.ndarray:
    """Makes the uint8 (96, 96) picture on which every shipped file records its score.

    Dark and light rings that get finer outwards, with hard edges, in whole-number arithmetic, so
    that it is the same everywhere.
    """
    rows, columns = np.mgrid[:96, :96]
    rings = (rows * rows + columns * columns) // 384 % 16
    return np.where(rings < 8, 60, 200).astype(np.uint8)


def check_score(network: Network, scale: int) -> float:
    """Scores a network on `check_picture`: PSNR in dB under the paper's protocol."""
    pair = degrade(check_picture(), scale)
    run = runner(network)
    plane = run(network_input(run, pair))
    return score(plane, pair.hr_y[..., 0], scale).psnr


def ship(
    run: str | os.PathLike,
    folder: str | os.PathLike,
    test_sets: Mapping[str, Sequence[EvaluationPicture]],
) -> dict[str, list[PictureScore]]:
    """Writes `<folder>/<network>_x<scale>.safetensors`, and the run's records beside it.

    Args:
      run: the folder of a run that trained on all pictures: its `last.safetensors` is taken, so
        that no score, of whatever pictures, has chosen the step.
      folder: where shipped files are.
      test_sets: pictures by dataset, of the run's scale; their scores are recorded.

    Returns:
      The scores, by dataset.

    Raises:
      WeightsError: the run has no weights, or held pictures out.
    """
    run, folder = pathlib.Path(run), pathlib.Path(folder)
    network = read_network(run / f"last{SUFFIX}")
    info = network.info
    if info.provenance.get("config", {}).get("validation_pictures") != 0:
        raise WeightsError(f"{run} held pictures out; ship a run with --validation_pictures=0.")
    scores = {
        name: evaluate(pictures, info.scale, runner(network))
        for name, pictures in test_sets.items()
    }
    recorded = {
        name: dict(mean_quality(each.network for each in pictures))
        for name, pictures in scores.items()
    }
    recorded[CHECK] = {"psnr": check_score(network, info.scale)}
    name = f"{info.network}_x{info.scale}"
    info = dataclasses.replace(info, scores=recorded)
    write_network(folder / f"{name}{SUFFIX}", network.replace(info=info))
    records = folder / "runs" / name
    records.mkdir(parents=True, exist_ok=True)
    for record in _RECORDS:
        if (run / record).is_file():
            shutil.copyfile(run / record, records / record)
    if (run / run_records.METRICS).is_file():
        run_records.draw_run_curve(run, records / run_records.CURVE)
    return scores
