"""`ship`: a finished training run to a weight file of the package, with its scores and records.

`rescore` scores what is in the package again.
"""

import dataclasses
import os
import pathlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from srcnn_tf.data import catalog
from srcnn_tf.data.photo_degradation import as_jpeg, at_scale_1
from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.engines.runners import runner
from srcnn_tf.evaluation.inputs import restored
from srcnn_tf.evaluation.protocols.catalog import chosen
from srcnn_tf.evaluation.scoring import PictureScore, evaluate, mean_quality, score
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.networks.network import Network
from srcnn_tf.networks.pretrained_list import for_photos
from srcnn_tf.networks.pretrained_weights import RUNS, stem
from srcnn_tf.networks.weight_files import SUFFIX, read_network, write_network
from srcnn_tf.networks.weights_info import WeightsError, WeightsInfo
from srcnn_tf.training import kept_records
from srcnn_tf.training.starting_weights import starting_name

CHECK = "check_picture"
_CHECK_QUALITY = 30


def check_picture() -> np.ndarray:
    """Makes the uint8 (96, 96) picture on which every shipped file records its score.

    Dark and light rings that get finer outwards, with hard edges, in whole-number arithmetic, so
    that it is the same everywhere.
    """
    rows, columns = np.mgrid[:96, :96]
    rings = (rows * rows + columns * columns) // 384 % 16
    return np.where(rings < 8, 60, 200).astype(np.uint8)


def check_score(network: Network, scale: int) -> float:
    """Scores a network on `check_picture`: PSNR in dB under the paper's protocol.

    One for photographs sees it as a JPEG.
    """
    picture = checked(network, scale)
    run = runner(network)
    return score(restored(run, picture), picture.hr_y, scale).psnr


def checked(network: Network, scale: int) -> EvaluationPicture:
    """Returns `check_picture` as `check_score` gives it to a network."""
    pair = degrade(check_picture(), scale)
    planes = (plane[..., 0] for plane in (pair.hr_y, pair.bicubic_y, pair.lr_y))
    picture = EvaluationPicture(CHECK, *planes, hr=pair.hr)
    photo = network.info is not None and for_photos(network.info)
    return as_jpeg(picture, scale, _CHECK_QUALITY) if photo else picture


def unseen(info: WeightsInfo, test_sets: Iterable[str]) -> list[str]:
    """Returns the names of those test sets that a network was not trained on."""
    return [name for name in test_sets if not catalog.is_trained_on(name, info.training_sets)]


def ship(
    run: str | os.PathLike,
    folder: str | os.PathLike,
    test_sets: Mapping[str, Sequence[EvaluationPicture]],
) -> dict[str, list[PictureScore]]:
    """Writes `<folder>/<network>_x<scale>.safetensors`, and the run's records beside it.

    Neither holds a path of the machine that trained; see `kept_records`.

    Args:
      run: the folder of a run that trained on all pictures: its `last.safetensors` is taken, so
        that no score, of whatever pictures, has chosen the step.
      folder: where shipped files are.
      test_sets: pictures by dataset, of the run's scale; their scores are recorded.

    Returns:
      The scores, by dataset; of a network for photographs also by its JPEGs' quality (`set5 q10`).

    Raises:
      WeightsError: the run has no weights, held pictures out, or started from weights that are not
        in the package.
      ValueError: the run was trained on a test set.
    """
    run, folder = pathlib.Path(run), pathlib.Path(folder)
    network = read_network(run / f"last{SUFFIX}")
    info = network.info
    if info.provenance.get("config", {}).get("validation_pictures") != 0:
        raise WeightsError(f"{run} held pictures out; ship a run with --validation_pictures=0.")
    start = starting_name(info.provenance["config"].get("initial_weights", ""))
    seconds = round(kept_records.training_seconds(run))
    provenance = {**info.provenance, "training_seconds": seconds}
    if found := kept_records.devices(run):
        provenance["device"] = found
    info = dataclasses.replace(info, provenance=_portable(provenance, start))
    network = network.replace(info=info)
    scores, recorded = _scores(network, test_sets)
    name = stem(info.network, info.scale)
    info = dataclasses.replace(info, scores=recorded)
    write_network(folder / f"{name}{SUFFIX}", network.replace(info=info))
    kept_records.keep_records(run, folder / RUNS / name, {"initial_weights": start})
    return scores


def rescore(
    path: str | os.PathLike, test_sets: Mapping[str, Sequence[EvaluationPicture]]
) -> dict[str, list[PictureScore]]:
    """Scores a weight file of the package again, and records it there; the weights stay.

    Args:
      path: of the file; the records of its run are in `runs/` beside it.
      test_sets: as of `ship`. Scores on other sets are kept.

    Returns:
      The scores, by dataset.

    Raises:
      WeightsError: the file is unusable.
      ValueError: the network was trained on a test set.
    """
    path = pathlib.Path(path)
    network = read_network(path)
    scores, recorded = _scores(network, test_sets)
    info = network.info
    run = path.parent / RUNS / path.stem
    provenance = info.provenance
    if "training_seconds" not in provenance:
        seconds = round(kept_records.training_seconds(run))
        provenance = {**provenance, "training_seconds": seconds}
    start = provenance.get("config", {}).get("initial_weights", "")
    info = dataclasses.replace(
        info, scores={**info.scores, **recorded}, provenance=_portable(provenance, start)
    )
    write_network(path, network.replace(info=info))
    return scores


def _scores(network, test_sets):
    """Scores a network; returns the scores of all pictures, and what a weight file records."""
    info = network.info
    seen = sorted(set(test_sets) - set(unseen(info, test_sets)))
    if seen:
        raise ValueError(f"{info.network} was trained on {', '.join(seen)}; leave that out.")
    run = runner(network)
    scores = {
        f"{name} {by.condition}".rstrip(): evaluate(
            [by.prepare(picture, info.scale) for picture in _at_scale(info.scale, pictures)],
            info.scale,
            run,
            by=by,
        )
        for name, pictures in test_sets.items()
        for by in _protocols(info)
    }
    recorded = {
        name: dict(mean_quality(each.network for each in pictures))
        for name, pictures in scores.items()
    }
    recorded[CHECK] = {"psnr": check_score(network, info.scale)}
    return scores, recorded


def _protocols(info):
    """Under what a network is scored; one for photographs by its JPEGs, too."""
    papers = chosen("srcnn", info.scale) if info.scale > 1 else ()
    return papers + (chosen("compressed", info.scale) if for_photos(info) else ())


def _at_scale(scale, pictures):
    return at_scale_1(pictures) if scale == 1 else pictures


def _portable(provenance, start):
    """Provenance without paths of the machine; `start` is whose weights the run started from."""
    config = provenance.get("config", {})
    command = kept_records.portable_command(provenance.get("command", ""), start)
    return {**provenance, "command": command, "config": {**config, "initial_weights": start}}
