"""Training crops' small pictures as photographs are: noisy, compressed, and cropped after that.

What happens to a crop is a pure function of (seed, step), as where it is cut from.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from srcnn_tf.data.jpeg_op import jpeg_loss
from srcnn_tf.data.photo_degradation import PhotoDegradation

# JPEG's blocks, and how far a crop may lie from the corner of one.
_BLOCK = 8
# Far from all streams of `augment`, which are a few numbers for each seed.
_CHOICES, _NOISE = 1 << 40, 1 << 41
# What is drawn for each crop, all uniform in 0..1.
_DRAWN = 13
# Of crops that are compressed twice: whose second blocks lie on the first, as when a file is saved
# again without being cropped.
_IN_PHASE = 0.5
# Of the crops from 16..235: what is compressed as a color picture's luminance is, in 0..255.
_COLOR = 0.5
_BLACK, _GAIN = 16.0, 255 / 219


def photo_inputs(
    photo: PhotoDegradation,
    tensors: tuple[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor],
    webp: np.ndarray,
    *,
    seed: int,
    batch_size: int,
    patch: int,
) -> Callable[..., tf.Tensor]:
    """Returns a function that cuts the network's inputs of a batch and degrades them.

    A window that is larger than the crop is cut (beyond the picture's edge it repeats that), made
    noisy, compressed, cut smaller at a place of any phase, compressed, and cut to the crop. So the
    blocks of the first and second compression lie anywhere, and no crop sees padding that its
    picture had not.

    Args:
      photo: what happens how often.
      tensors: `PackedPictures`' pixels, starts, rows and columns.
      webp: from `photo_degradation.webp_planes`; empty if no crop is WebP's.
      seed: of the run.
      batch_size: crops in a whole batch.
      patch: side of the crops.

    Returns:
      `inputs(step, chosen, top, left, codes, gains, mine)`: float32 (n, patch, patch, 1), 1.0 =
      255. `mine` is the slice of the batch that is wanted, of n crops; the others are pictures,
      corners, dihedral codes, and gain and offset of the whole batch, as for the targets.
    """
    pixels, starts, rows, columns = tensors
    width = pixels.shape[1]
    flat = tf.reshape(pixels, [-1])
    index = tf.int32 if flat.shape[0] <= tf.int32.max else tf.int64
    # The crop, rounded up to blocks, and room for two phases.
    second = -(-patch // _BLOCK) * _BLOCK + _BLOCK
    first = second + _BLOCK
    has_webp = photo.webp > 0 and photo.compressed > 0
    with tf.device("/CPU:0"):
        webp = tf.constant(webp)

    def inputs(step, chosen, top, left, codes, gains, mine):
        drawn = tf.random.stateless_uniform([batch_size, _DRAWN], [seed + _CHOICES, step])[mine]
        draw = iter(tf.unstack(drawn, axis=1))
        compressed = next(draw) < photo.compressed
        from_webp = compressed & (next(draw) < (photo.webp if has_webp else 0.0))
        twice = compressed & (next(draw) < photo.recompressed)
        in_color = (next(draw) < _COLOR) & (gains[mine, 0] == 1)
        deviations = tf.where(
            (next(draw) < photo.noisy) & ~from_webp, next(draw) * photo.noise_levels, 0.0
        )
        qualities = [_quality(next(draw), photo) for _ in range(2)]
        moved = tf.where(next(draw) < _IN_PHASE, 0, _phases(next(draw), next(draw)))
        crops = _phases(next(draw), next(draw))

        places = _places(
            tf.gather(starts, chosen)[mine],
            (tf.gather(rows, chosen)[mine], tf.gather(columns, chosen)[mine]),
            (top[mine], left[mine]),
            codes[mine],
            tf.cast(moved + crops, tf.int64),
            (first, patch),
        )
        windows = tf.gather(flat, tf.cast(places, index) * width) * 255
        noise = tf.random.stateless_normal([batch_size, first, first], [seed + _NOISE, step])
        windows += noise[mine] * deviations[:, None, None]
        if has_webp:
            seen = tf.cast(tf.gather(webp, places), tf.float32)
            windows = tf.where(from_webp[:, None, None], seen, windows)
        factors, subtrahends = (gains[mine, part, None, None] for part in range(2))
        windows = _to_levels(windows * factors - subtrahends * 255)
        windows = _compressed(windows, twice & ~from_webp, in_color, qualities[0])
        windows = _cut(windows, moved, second)
        windows = _compressed(windows, compressed & (twice | ~from_webp), in_color, qualities[1])
        return _cut(windows, crops, patch)[..., None] / 255

    return inputs


def _quality(uniform, photo):
    """Whole numbers between the lowest and the highest, those too: int32 (n,)."""
    low, high = photo.qualities
    return low + tf.cast(uniform * (high + 1 - low), tf.int32)


def _phases(*uniforms):
    """How far to move down and right, in pixels: int32 (2, n), less than a block."""
    return tf.cast(tf.stack(uniforms) * _BLOCK, tf.int32)


def _places(starts, sides, corners, codes, margins, lengths):
    """Says where in the packed pixels the windows around transformed crops are.

    Args:
      starts: int64 (n,), of the pictures.
      sides: their rows and columns, int64 (n,) each.
      corners: of the crops, top and left, int64 (n,) each.
      codes: int64 (n,), of `imaging.dihedral`.
      margins: int64 (2, n): how many pixels of the transformed window are above and left of the
        crop.
      lengths: sides of window and crop.

    Returns:
      int64 (n, side, side).
    """
    window, patch = lengths
    flips = [tf.bitwise.bitwise_and(codes, bit)[:, None] > 0 for bit in (1, 2, 4)]
    down, across = (tf.range(window, dtype=tf.int64) - margins[axis, :, None] for axis in range(2))
    # Where the window is read transposed, what goes down it goes along the picture's columns.
    along = [tf.where(flips[2], across, down), tf.where(flips[2], down, across)]
    for axis in range(2):
        steps = tf.where(flips[axis], patch - 1 - along[axis], along[axis])
        last = sides[axis][:, None] - 1
        along[axis] = tf.clip_by_value(steps + corners[axis][:, None], 0, last)
    lines = starts[:, None] + along[0] * sides[1][:, None]
    vertical = tf.where(flips[2], along[1], lines)
    horizontal = tf.where(flips[2], lines, along[1])
    return vertical[:, :, None] + horizontal[:, None, :]


def _compressed(levels, chosen, in_color, qualities):
    """Compresses the chosen planes by JPEG, some as the luminance of a color picture.

    That is stretched to 0..255 and does not depend on how color is stored; reading it back as RGB
    and converting that to Y shrinks and rounds it.
    """
    in_color = in_color[:, None, None]
    stored = tf.where(in_color, _to_levels((levels - _BLACK) * _GAIN), levels)
    stored = jpeg_loss(stored, qualities)
    seen = tf.where(in_color, tf.round(stored / _GAIN + _BLACK), stored)
    return tf.where(chosen[:, None, None], seen, levels)


def _to_levels(values):
    return tf.clip_by_value(tf.round(values), 0, 255)


def _cut(planes, corners, side):
    """Cuts squares (n, side, side) from planes (n, H, W), each at its corner, int32 (2, n)."""
    for axis in range(2):
        lines = corners[axis, :, None] + tf.range(side)
        planes = tf.gather(planes, lines, axis=axis + 1, batch_dims=1)
    return planes
