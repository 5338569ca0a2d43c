"""Targets from teachers: what trained networks make of each training picture, beside the picture.

The mean of several networks over all flips and turns of a picture is better than any one network,
but as many times slower. A network that is trained towards that mean comes nearer to it than one
that is trained on the pictures alone, whose finest detail nothing in its input foretells (G.
Hinton, O. Vinyals and J. Dean, "Distilling the Knowledge in a Neural Network", arXiv:1503.02531).
"""

import hashlib
import logging
import os
import pathlib
import sys
from collections.abc import Sequence

import numpy as np
import tqdm

from srcnn_tf import weights
from srcnn_tf.inference import Enhance, plane_enhancer, self_ensemble
from srcnn_tf.pipeline import PackedPictures
from srcnn_tf.symmetry import asymmetry, supports

_LOGGER = logging.getLogger(__name__)
# Largest difference between weights that are equal but for rounding.
_ROUNDING = 1e-6


def load_teachers(paths: Sequence[str | os.PathLike], scale: int) -> list[Enhance]:
    """Reads weight files, and returns what each network makes of a plane, by self-ensemble.

    Args:
      paths: weight files.
      scale: that they must be of.

    Raises:
      weights.WeightsError: one of them cannot be read or is of another scale.
    """
    teachers = []
    for path in paths:
        network = weights.load_weights(path, scale)
        if network.info.scale != scale:
            raise weights.WeightsError(
                f"{path} is a teacher for x{network.info.scale}; training for x{scale} needs one "
                "of that scale."
            )
        enhance = plane_enhancer(network)
        structure = network.architecture
        # Of a symmetric network all eight turns are the same.
        if not (supports(structure) and asymmetry(structure, network.get_arrays()) < _ROUNDING):
            enhance = self_ensemble(enhance)
        teachers.append(enhance)
    return teachers


def taught(packed: PackedPictures, teachers: Sequence[Enhance], share: float) -> PackedPictures:
    """Returns pictures whose targets are partly what teachers make of the inputs.

    Args:
      packed: from `pipeline.pack`; its pixels are changed in place.
      teachers: from `load_teachers`; their mean counts.
      share: of the teachers in each target, 0 to 1; the rest is the original's.
    """
    total = len(packed.pixels)
    _LOGGER.info("%d teachers look at %.0f megapixels", len(teachers), total / 1e6)
    hidden = not sys.stderr.isatty()
    with tqdm.tqdm(total=total, unit="px", unit_scale=True, disable=hidden) as bar:
        for start, rows, columns in zip(*packed[1:], strict=True):
            pixels = packed.pixels[start : start + rows * columns]
            plane = np.ascontiguousarray(pixels[:, 0]).reshape(rows, columns)
            mean = np.mean([teach(plane) for teach in teachers], axis=0, dtype=np.float64)
            pixels[:, 1] += share * (mean.ravel() - pixels[:, 1])
            bar.update(len(pixels))
    return packed


def digests(paths: Sequence[str | os.PathLike]) -> dict[str, str]:
    """Returns the SHA-256 of each file by its name, for the records."""
    return {
        str(path): hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest() for path in paths
    }
