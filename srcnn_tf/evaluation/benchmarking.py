"""Scoring networks on test sets, after checking that bicubic scores there as published."""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import tensorflow_datasets as tfds

from srcnn_tf.data.catalog import DATASETS, is_trained_on
from srcnn_tf.data.photo_degradation import at_scale_1
from srcnn_tf.data.pipeline import EvaluationPicture, read_pictures
from srcnn_tf.engines.devices import PRECISIONS
from srcnn_tf.engines.runners import PlaneFunction, runner, self_ensemble
from srcnn_tf.evaluation import published, table
from srcnn_tf.evaluation.inputs import restored as restored_by
from srcnn_tf.evaluation.metrics.catalog import DEFAULT_METRICS, chosen
from srcnn_tf.evaluation.picture_folders import OtherResults, read_result
from srcnn_tf.evaluation.protocols.protocol import SRCNN, Protocol
from srcnn_tf.evaluation.quality import Quality, mean_quality
from srcnn_tf.evaluation.scoring import evaluate, score_picture
from srcnn_tf.imaging.color_modes import LUMINANCE
from srcnn_tf.networks.network import Network
from srcnn_tf.networks.weight_arguments import Contender

if TYPE_CHECKING:
    from srcnn_tf.engines.keras_models import SuperResolutionModel

# The protocol is verified by what is published of bicubic: its PSNR, with two decimals.
_VERIFIED_BY = "psnr"
_TOLERANCE_DB = 0.01

# Gets the picture, the network's label (None for bicubic), and its float32 (H, W), 1.0 = 255; of a
# network in color RGB, (H, W, 3).
OnPlane = Callable[[EvaluationPicture, str | None, np.ndarray], None]

Progress = Callable[[Sequence[EvaluationPicture], str], Iterable[EvaluationPicture]]


class ProtocolError(Exception):
    """Bicubic does not score as published, so that no score would be comparable."""


@dataclasses.dataclass(frozen=True)
class Scores:
    """One dataset at one scale: the quality of every picture, by every method.

    Attributes:
      dataset: its name in lower case, such as `set5`.
      scale: the enlargement.
      filenames: of the pictures, in the order of all that follows.
      bicubic: as bicubic enlarges them.
      columns: as each network does, by label; a network without this scale is missing.
      verification: a sentence on whether bicubic scores as published.
      protocol: how they came about.
      trained_on: labels of networks that were trained on the dataset, and so are not scored.
    """

    dataset: str
    scale: int
    filenames: tuple[str, ...]
    bicubic: tuple[Quality, ...]
    columns: Mapping[str, tuple[Quality, ...]]
    verification: str
    protocol: Protocol = SRCNN
    trained_on: tuple[str, ...] = ()

    @property
    def setting(self) -> str:
        """Scale, and what else sets it apart from others of the dataset: `x3`, `x3 q10`."""
        return f"x{self.scale} {self.protocol.condition}".strip()

    @property
    def baseline(self) -> str:
        """What `bicubic` is called: `JPEG` where nothing is enlarged."""
        return self.protocol.baseline(self.scale)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics that all pictures were scored by."""
        return tuple(self.bicubic[0])

    @property
    def bicubic_mean(self) -> Quality:
        """Mean over the pictures."""
        return mean_quality(self.bicubic)

    def mean(self, label: str) -> Quality | None:
        """Mean over the pictures of one column; None if the network has no such scale."""
        return mean_quality(self.columns[label]) if label in self.columns else None


def benchmark(
    dataset: str,
    pictures: Sequence[EvaluationPicture],
    scale: int,
    runners: Mapping[str, PlaneFunction],
    *,
    log: Callable[[str], None] = print,
    progress: Progress = lambda pictures, label: pictures,
    on_plane: OnPlane = lambda picture, label, plane: None,
    metrics: Sequence[str] = DEFAULT_METRICS,
    protocol: Protocol = SRCNN,
    trained_on: Collection[str] = (),
    others: Sequence[OtherResults] = (),
) -> Scores:
    """Scores bicubic, checks its PSNR against the published mean, then scores the networks.

    Args:
      dataset: the dataset's name in lower case.
      pictures: all of it, from `pipeline.read_pictures`, with `color=True` if a metric or a network
        needs colors; at least one.
      scale: that the pictures were made for.
      runners: networks by label, from `contender_runners` or `engines.runner`.
      log: gets the sentence on the protocol, before any network runs.
      progress: wraps the pictures that are being scored, to show how far that has come.
      on_plane: gets every plane once the protocol is verified, to show them: they are not stored.
      metrics: names in `metrics.catalog`, in the order of tables.
      protocol: what small pictures are, and how planes are compared.
      trained_on: labels of the networks that were trained on the dataset: they are left out.
      others: results of other programs, which come after the networks. Pictures then have colors.

    Raises:
      ProtocolError: bicubic differs from the published mean; no network has run then.
      ValueError: there are no pictures, or no such metric, or one lacks colors.
      MatchingError, ImageFileError: results of another program are missing, of a wrong size, or
        cannot be read; no network has run then.
    """
    chosen(metrics)
    if not pictures:
        raise ValueError(f"{dataset} x{scale} holds no pictures to score.")
    title = f"{published.title(dataset)} x{scale} {protocol.condition}".strip()
    restored = {each.label: each.of(pictures, dataset, scale) for each in others}
    verification = _verified_records(dataset, scale, pictures, protocol)
    pictures = [protocol.prepare(picture, scale) for picture in pictures]
    measured = metrics if _VERIFIED_BY in metrics else (_VERIFIED_BY, *metrics)
    shown = progress(pictures, f"{title} {protocol.baseline(scale).lower()}")
    scored = evaluate(shown, scale, metrics=measured, by=protocol)
    if verification is None:
        bicubics = [each.bicubic for each in scored]
        verification = verify_protocol(dataset, scale, bicubics, protocol)
    bicubic = tuple(each.bicubic.only(metrics) for each in scored)
    log(verification)
    for picture in pictures:
        on_plane(picture, None, picture.bicubic_y)
    columns = {}
    for label, run in runners.items():
        if label in trained_on:
            continue
        if color := _color_in_words(run):
            log(f"color: {label} {color}")
        qualities = []
        for picture in progress(pictures, f"{title} {label}"):
            plane = restored_by(run, picture)
            on_plane(picture, label, plane)
            qualities.append(score_picture(plane, picture, scale, metrics, protocol))
        columns[label] = tuple(qualities)
    for label, paths in restored.items():
        if not paths:
            log(f"not scored: {label} has no pictures of {title}")
            continue
        qualities = []
        for picture in progress(pictures, f"{title} {label}"):
            plane, pixels = read_result(paths[picture.filename], picture)
            on_plane(picture, label, plane)
            qualities.append(score_picture(plane, picture, scale, metrics, protocol, pixels))
        columns[label] = tuple(qualities)
    filenames = tuple(picture.filename for picture in pictures)
    left_out = tuple(label for label in runners if label in trained_on)
    return Scores(dataset, scale, filenames, bicubic, columns, verification, protocol, left_out)


def _color_in_words(run) -> str:
    """Says what a network in color sees and what is compared of its result; "" of luminance."""
    mode = getattr(run, "color_mode", LUMINANCE)
    if mode.channels == 1:
        return ""
    name = "YCbCr" if mode.is_ycbcr else "RGB"
    return f"sees and restores {name}; metrics of Y take that of its result, before it is rounded"


def _verified_records(dataset, scale, pictures, protocol) -> str | None:
    """Verifies the pictures by the papers' protocol, where none is published for this one."""
    if protocol == SRCNN or scale == 1:
        return None
    scored = evaluate(pictures, scale, metrics=(_VERIFIED_BY,))
    verification = verify_protocol(dataset, scale, [each.bicubic for each in scored])
    how = protocol.NAME if protocol.is_standard(scale) else f"{protocol.NAME} as chosen here"
    return (
        f"{verification.replace('protocol ', 'pictures ', 1)}, by the protocol srcnn; nothing is "
        f"published by the protocol {how}"
    )


def verify_protocol(
    dataset: str, scale: int, bicubic: Sequence[Quality], protocol: Protocol = SRCNN
) -> str:
    """Compares the mean of bicubic, or of the JPEGs themselves, with the published one.

    Only the whole of a published dataset can be compared; for all else the sentence says that
    nothing was verified, and why.

    Returns:
      One sentence, such as `protocol verified: Set5 x3 bicubic 30.39 = published 30.39`.

    Raises:
      ProtocolError: they differ by more than 0.01 dB.
    """
    title = f"{published.title(dataset)} x{scale} {protocol.condition}".strip()
    baseline = protocol.baseline(scale)
    baseline = baseline if baseline.isupper() else baseline.lower()
    figure = published.baseline_score(protocol, dataset, scale)
    if figure is None:
        return f"protocol not verified: no {baseline} score is published for {title}"
    expected = published.BENCHMARK_SETS[dataset].pictures
    if len(bicubic) != expected:
        return (
            f"protocol not verified: {title} has {len(bicubic)} of the {expected} pictures "
            "that the published mean is of"
        )
    measured = mean_quality(bicubic).psnr
    # Not "<=", so that an infinite or undefined mean is a mismatch too.
    if not abs(measured - figure.psnr) < _TOLERANCE_DB:
        raise ProtocolError(
            f"protocol mismatch: {title} {baseline} is {measured:.2f} dB here and "
            f"{figure.psnr:.2f} published, so no score would be comparable; prepare the dataset "
            "anew from the original pictures."
        )
    return f"protocol verified: {title} {baseline} {measured:.2f} = published {figure.psnr:.2f}"


def contender_runners(
    contenders: Iterable[Contender],
    scale: int,
    ensemble: bool = False,
    precision: str = "float32",
) -> dict[str, PlaneFunction]:
    """Builds the networks that have weights for a scale, ready for `benchmark`.

    Args:
      contenders: from `weight_arguments.read_contenders`.
      scale: the enlargement.
      ensemble: whether to add, after each network, the mean over its eight flips and turns.
      precision: what to add each network in, too, if it is not float32; as of `engines.runner`.

    Raises:
      ValueError: no engine has this precision for one of the networks.
    """
    runners: dict[str, PlaneFunction] = {}
    for contender in contenders:
        if scale not in contender.files:
            continue
        network = contender.files[scale].network
        runners[contender.label] = runner(network)
        if precision != "float32":
            runners[precision_label(contender.label, precision)] = runner(
                network, precision=precision
            )
        if ensemble:
            runners[ensemble_label(contender.label)] = self_ensemble(runners[contender.label])
    return runners


def labels_trained_on(contenders: Iterable[Contender], dataset: str, scale: int) -> set[str]:
    """Returns labels, those of self-ensembles too, of networks that were trained on a dataset."""
    labels = set()
    for contender in contenders:
        info = contender.files[scale].network.info if scale in contender.files else None
        if info is not None and is_trained_on(dataset, info.training_sets):
            labels |= {contender.label, ensemble_label(contender.label)}
            labels |= {precision_label(contender.label, each) for each in PRECISIONS[1:]}
    return labels


def precision_label(label: str, precision: str) -> str:
    """What the column of a network in a lower precision is called."""
    return f"{label}, {precision}"


def ensemble_label(label: str) -> str:
    """What the self-ensemble's column is called."""
    return f"{label}, self-ensemble"


def final_table(
    builders: Mapping[str, tfds.core.DatasetBuilder],
    network: "Network | SuperResolutionModel",
    scale: int,
    label: str = "ours",
    split: str | None = None,
    protocols: Sequence[Protocol] = (SRCNN,),
) -> str:
    """Scores a network in memory and returns what a training run shows at its end.

    Args:
      builders: prepared datasets at that scale by their names, such as `{"set5": builder}`.
      network: what was trained.
      scale: what it was trained for.
      label: what its column is called.
      split: of every builder; by default the one that the catalog of datasets names.
      protocols: how it is scored, one row each; see `protocols.catalog`.

    Returns:
      Lines on the protocol, the table, and the gain over bicubic in dB; no newline at the end.

    Raises:
      ProtocolError: as `benchmark` does.
    """
    run = runner(network)
    lines: list[str] = []
    results = []
    for name, builder in builders.items():
        pictures = read_pictures(
            builder,
            split or DATASETS[name].roles["benchmark"],
            color=network.architecture.channels > 1,
        )
        if scale == 1:
            pictures = at_scale_1(pictures)
        for protocol in protocols:
            scores = benchmark(
                name, pictures, scale, {label: run}, log=lines.append, protocol=protocol
            )
            results.append(scores)
    return "\n".join([*dict.fromkeys(lines), "", table.text_report(results)])
