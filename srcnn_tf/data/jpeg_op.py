"""JPEG's loss of a batch of planes, by TensorFlow's own ops: no codec, no Python at run time."""

import numpy as np
import tensorflow as tf

from srcnn_tf.imaging.compression import luminance_table

_SIDE = 8


def _cosines():
    """The orthonormal DCT-II of eight values: (frequency, place)."""
    places, frequencies = np.arange(_SIDE), np.arange(_SIDE)[:, None]
    matrix = np.cos((2 * places + 1) * frequencies * np.pi / (2 * _SIDE)) / 2
    matrix[0] /= np.sqrt(2)
    return matrix


# A block, row by row, times this is its coefficients, row by row (ITU-T T.81, A.3.3).
_TO_COEFFICIENTS = np.kron(_cosines(), _cosines()).T.astype(np.float32)
# Row q is the table of quality q; there is no quality 0.
_TABLES = np.stack([luminance_table(max(quality, 1)).ravel() for quality in range(101)])
_TABLES = _TABLES.astype(np.float32)
# Coefficients are multiples of 1/8 up to rounding, so ties are common; this settles them upwards.
_TIE = 1e-3


def jpeg_loss(levels: tf.Tensor, qualities: tf.Tensor) -> tf.Tensor:
    """Returns what a gray JPEG of each plane holds: what Pillow reads back, but for rounding.

    Only transform and quantization lose anything, and they work on 8 x 8 blocks by themselves, so
    that a batch of blocks is two products of matrices. A codec computes them in integers, so that
    now and then a coefficient is rounded otherwise; what is lost is the same within 0.03 dB
    (`tests/data/jpeg_op_test.py`).

    Args:
      levels: float32 (N, H, W), whole numbers 0..255; H and W are static multiples of 8.
      qualities: integers (N,), 1..100.

    Returns:
      float32 (N, H, W), whole numbers 0..255.
    """
    height, width = levels.shape[1:]
    rows, columns = height // _SIDE, width // _SIDE
    blocks = tf.reshape(levels - 128, [-1, rows, _SIDE, columns, _SIDE])
    blocks = tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4]), [-1, _SIDE * _SIDE])
    coefficients = tf.reshape(blocks @ _TO_COEFFICIENTS, [-1, rows * columns, _SIDE * _SIDE])
    tables = tf.gather(_TABLES, qualities)[:, None]
    # Halves go away from zero, as in libjpeg.
    steps = tf.sign(coefficients) * tf.floor(tf.abs(coefficients) / tables + (0.5 + _TIE))
    blocks = tf.reshape(steps * tables, [-1, _SIDE * _SIDE])
    blocks = tf.reshape(
        tf.matmul(blocks, _TO_COEFFICIENTS, transpose_b=True), [-1, rows, columns, _SIDE, _SIDE]
    )
    planes = tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4]), [-1, height, width])
    return tf.clip_by_value(tf.round(planes + 128), 0, 255)
