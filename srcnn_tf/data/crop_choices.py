"""`choose_crops`: what a batch takes from which picture, a pure function of (seed, step)."""

from typing import NamedTuple

import tensorflow as tf

from srcnn_tf.data import augment


class PictureSides(NamedTuple):
    """Where packed pictures begin and how large they are: int64 (pictures,) each."""

    starts: tf.Tensor
    rows: tf.Tensor
    columns: tf.Tensor


class CropChoices(NamedTuple):
    """What a whole batch is cut from; all but `gains` are int64 (batch,).

    Attributes:
      chosen: numbers of pictures.
      top: row of each crop's upper left pixel in its picture.
      left: its column.
      corners: where that pixel is among all packed pixels.
      widths: pixels in a row of each crop's picture.
      codes: flips and rotations, of `imaging.dihedral`.
      gains: float32 (batch, 2), from `augment.gains`.
    """

    chosen: tf.Tensor
    top: tf.Tensor
    left: tf.Tensor
    corners: tf.Tensor
    widths: tf.Tensor
    codes: tf.Tensor
    gains: tf.Tensor


def choose_crops(
    step: tf.Tensor,
    sides: PictureSides,
    *,
    seed: int,
    batch_size: int,
    patch: int,
    dihedral: bool,
    full_range: float,
) -> CropChoices:
    """Chooses the crops of one batch, wherever they are cut then.

    Args:
      step: int64 scalar.
      sides: of the packed pictures.
      seed: of the run.
      batch_size: crops in a batch, of all its readers.
      patch: side of the network's input.
      dihedral: whether crops are flipped and rotated.
      full_range: share of the crops that are stretched to 0..1.
    """
    chosen = augment.pick_pictures(seed, step, batch_size, sides.starts.shape[0])
    widths = tf.gather(sides.columns, chosen)
    top, left = augment.pick_corners(seed, step, tf.gather(sides.rows, chosen), widths, patch)
    corners = tf.gather(sides.starts, chosen) + top * widths + left
    codes = (
        tf.cast(augment.pick_dihedral(seed, step, batch_size), tf.int64)
        if dihedral
        else tf.zeros_like(corners)
    )
    stretched = (
        augment.pick_full_range(seed, step, batch_size, full_range)
        if full_range
        else tf.zeros([batch_size], tf.bool)
    )
    return CropChoices(chosen, top, left, corners, widths, codes, augment.gains(stretched))
