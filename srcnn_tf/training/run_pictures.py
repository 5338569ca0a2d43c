"""The picture by which a run is watched: one crop, always the same, as bicubic and network have it.

It comes from a picture that is held out, so that it shows what the network does with new ones.
"""

from collections.abc import Sequence

import numpy as np

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.engines.runners import PlaneFunction
from srcnn_tf.evaluation.inputs import restored
from srcnn_tf.imaging.cropping import shave
from srcnn_tf.imaging.luma import luminance_of
from srcnn_tf.imaging.rounding import quantize
from srcnn_tf.imaging.windows import Window, window_with_max_sum
from srcnn_tf.training.config import TrainConfig

NAME = "validation/bicubic | network | original"

_SIDE = 112
_MARGIN = 8
_EVALUATIONS_BETWEEN = 4
_GAP = 4


def sample(pictures: Sequence[EvaluationPicture], scale: int) -> EvaluationPicture | None:
    """Cuts out where bicubic is worst in the first picture; None if there are no pictures.

    The window begins and ends at multiples of the scale, so that it can be cut from `lr_y` too.
    """
    if not pictures:
        return None
    picture = pictures[0]
    error = (picture.bicubic_y - picture.hr_y / np.float32(255)) ** 2
    side = _SIDE - _SIDE % scale
    found = window_with_max_sum(error, side, side, border=scale)
    # In small pixels; the picture's sides are multiples of the scale, and so is the window's.
    low = Window(*(edge // scale for edge in found))
    window = Window(*(edge * scale for edge in low))
    cut = {"hr_y": window.cut(picture.hr_y), "bicubic_y": window.cut(picture.bicubic_y)}
    if picture.lr_y is not None:
        cut["lr_y"] = low.cut(picture.lr_y)
    # Colors were read if the network needs them.
    if picture.hr is not None:
        cut["hr"] = window.cut(picture.hr)
    if picture.small is not None:
        cut["small"] = low.cut(picture.small)
    return picture._replace(**{name: plane.copy() for name, plane in cut.items()})


def should_show(step: int, config: TrainConfig) -> bool:
    """Whether the evaluation at this step shows the picture: the first, every fourth, the last.

    The answer depends on the step alone, so a resumed run shows it at the same steps.
    """
    evaluations = step // config.evaluate_every
    return step == config.steps or evaluations == 1 or evaluations % _EVALUATIONS_BETWEEN == 0


def side_by_side(picture: EvaluationPicture, run: PlaneFunction) -> np.ndarray:
    """Returns uint8 (H, W): Y of bicubic's, the network's and the original crop, with gaps."""
    made = luminance_of(restored(run, picture))
    planes = [picture.bicubic_y, made, picture.hr_y / np.float32(255)]
    if min(picture.hr_y.shape) > 4 * _MARGIN:
        # What the network makes of the crop's edges is not what it makes of them in the picture.
        planes = [shave(plane, _MARGIN) for plane in planes]
    gap = np.ones((planes[0].shape[0], _GAP), np.float32)
    strip = np.concatenate([planes[0], gap, planes[1], gap, planes[2]], axis=1)
    return quantize(strip, np.uint8)
