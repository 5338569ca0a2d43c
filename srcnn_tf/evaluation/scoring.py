"""Scoring a network on whole pictures under the SRCNN paper's protocol."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from srcnn_tf.engines.runners import PlaneFunction
from srcnn_tf.evaluation.inputs import restored as restored_by
from srcnn_tf.evaluation.metrics.catalog import DEFAULT_METRICS, chosen
from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.metrics.scored_picture import ScoredPicture
from srcnn_tf.evaluation.protocols.protocol import SRCNN, Protocol
from srcnn_tf.evaluation.quality import Quality, mean_quality
from srcnn_tf.imaging.cropping import shave
from srcnn_tf.imaging.luma import luminance_of

if TYPE_CHECKING:
    # Scoring a picture at hand needs no TensorFlow, which the pipeline loads.
    from srcnn_tf.data.pipeline import EvaluationPicture

__all__ = [
    "PROTOCOL",
    "PictureScore",
    "Quality",
    "evaluate",
    "mean_quality",
    "protocol",
    "score",
    "score_picture",
]


def protocol(metrics: Sequence[str] = DEFAULT_METRICS, by: Protocol = SRCNN) -> str:
    """Says in one line how scores by these metrics come about under a protocol."""
    titles = ", ".join(metric.title for metric in chosen(metrics))
    return f"{by.in_words()} -> {titles}; mean over pictures"


PROTOCOL = protocol()


class PictureScore(NamedTuple):
    """Quality of one picture, as bicubic and as the network gives it."""

    filename: str
    bicubic: Quality
    network: Quality | None


def score(
    plane: np.ndarray,
    hr_y: np.ndarray,
    scale: int,
    metrics: Sequence[str] = DEFAULT_METRICS,
    hr: np.ndarray | None = None,
    by: Protocol = SRCNN,
    restored: np.ndarray | None = None,
) -> Quality:
    """Scores a restored luminance plane against the original, both shaved by `scale`.

    Args:
      plane: float (H, W), 1.0 = 255; rounded half up and clipped to 8 bits before it is compared.
        RGB (H, W, 3) is compared by its Y, which is made before anything is rounded.
      hr_y: the original's Y, uint8 (H, W).
      scale: the enlargement; the default protocol shaves as many pixels off each side.
      metrics: names in `metrics.catalog`.
      hr: the original, uint8 (H, W, 3) RGB or (H, W) gray; only metrics of color need it.
      by: the protocol, which may round and shave otherwise.
      restored: for metrics of color, a restored picture in its own colors, uint8 (H, W, 3) or gray
        (H, W); by default the plane's own if it has three, else bicubic's.

    Returns:
      A figure for each metric, NaN where it is not defined: SSIM for a picture smaller than its
      11 x 11 window, everything for a plane that holds NaN.

    Raises:
      ValueError: no such metric, the sides differ, nothing is left after shaving, a metric of color
        gets no colors, or one fails, which is named.
    """
    entries = chosen(metrics)
    if plane.ndim == 3:
        restored = plane if restored is None else restored
        plane = luminance_of(plane)
    if np.isnan(shave(plane, by.border(scale))).any():
        return Quality({metric.name: math.nan for metric in entries})
    picture = ScoredPicture(plane, hr_y, scale, hr, by, restored)
    return Quality({metric.name: _figure(metric, picture) for metric in entries})


def _figure(metric: Metric, picture: ScoredPicture) -> float:
    """Returns a metric's figure; ValueError, which names the metric, if it gives none."""
    try:
        return float(metric.compute(picture))
    except MemoryError:
        raise
    except Exception as error:
        reason = str(error) if isinstance(error, ValueError) else repr(error)
        raise ValueError(
            f"The metric {metric.name} fails ({reason}); see what it computes."
        ) from error


def score_picture(
    plane: np.ndarray,
    picture: "EvaluationPicture",
    scale: int,
    metrics: Sequence[str] = DEFAULT_METRICS,
    by: Protocol = SRCNN,
    restored: np.ndarray | None = None,
) -> Quality:
    """Scores a restored plane against a picture from `read_pictures`; see `score`."""
    return score(plane, picture.hr_y, scale, metrics, picture.hr, by, restored)


def evaluate(
    pictures: Iterable["EvaluationPicture"],
    scale: int,
    runner: PlaneFunction | None = None,
    metrics: Sequence[str] = DEFAULT_METRICS,
    *,
    by: Protocol = SRCNN,
    enhance: PlaneFunction | None = None,
) -> list[PictureScore]:
    """Scores bicubic, and the network if given, on every picture.

    Args:
      pictures: from `pipeline.read_pictures`, with `color=True` if a metric needs colors, and
        prepared (`Protocol.prepare`) if the protocol is another.
      scale: the enlargement.
      runner: what runs the network; its `grid` and `color_mode` say which planes it gets
        (`inputs.network_input`).
      metrics: names in `metrics.catalog`.
      by: the protocol.
      enhance: the older name of `runner`.

    Raises:
      ValueError: as `score` and `network_input`.
    """
    runner = runner or enhance
    scores = []
    for picture in pictures:
        bicubic = score_picture(picture.bicubic_y, picture, scale, metrics, by)
        network = None
        if runner is not None:
            plane = restored_by(runner, picture)
            network = score_picture(plane, picture, scale, metrics, by)
        scores.append(PictureScore(picture.filename, bicubic, network))
    return scores
