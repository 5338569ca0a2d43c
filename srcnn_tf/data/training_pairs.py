"""`training_pair`: what a network takes and what it should give, both with 1.0 = 255."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from srcnn_tf.networks.architecture import BICUBIC_GRID, GRIDS

_WHITE = 255


def training_pair(example: Any, grid: str = BICUBIC_GRID) -> tuple[Any, Any]:
    """Returns an example's input and target, in one range.

    The target is stored in 8 bits (`hr_y`, 255 = white) and the inputs in floats (`bicubic_y` and
    `lr_y`, 1.0 = white), so that a loop which pairs them as they are trains 255 times off.

    Args:
      example: of a dataset of `tfds_builders`, whole pictures or sub-images, as TensorFlow, NumPy
        or `tfds.data_source` gives it; an `EvaluationPicture`; or what `degrade` returns. For
        `dataset.map`, too.
      grid: of the network: `bicubic` (SRCNN), or `low`.

    Returns:
      Two float32 arrays, or tensors if the example has tensors, of the planes' shapes, 1.0 = 255.

    Raises:
      ValueError: no such grid, or the example lacks a plane.
      TypeError: `hr_y` is not uint8: it was scaled already.
    """
    if grid not in GRIDS:
        raise ValueError(f"The grid must be one of {GRIDS}, not {grid!r}.")
    source = _plane(example, "bicubic_y" if grid == BICUBIC_GRID else "lr_y")
    target = _plane(example, "hr_y")
    # `uint8` of NumPy; tensors of TensorFlow say more around it.
    if "uint8" not in str(target.dtype):
        raise TypeError(f"hr_y must be uint8, 255 = white, not {target.dtype}; give it as it is.")
    return _as_float32(source), _as_float32(target) / _WHITE


def _plane(example, name):
    mapped = isinstance(example, Mapping)
    plane = example.get(name) if mapped else getattr(example, name, None)
    if plane is None:
        raise ValueError(f"The example has no {name}; sub-images, for one, have no lr_y.")
    return plane


def _as_float32(plane):
    if isinstance(plane, np.ndarray):
        return plane.astype(np.float32)
    import tensorflow as tf

    return tf.cast(plane, tf.float32)
