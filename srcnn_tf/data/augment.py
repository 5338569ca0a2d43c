"""Which pictures, crops and dihedral transforms a batch takes: pure functions of seed and step."""

import tensorflow as tf

# Streams of random numbers that must not be correlated get seeds of their own.
_PICTURES, _CROPS, _DIHEDRAL, _RANGES = range(4)
# Factor and subtrahend that map 16/255..235/255 to 0..1.
_FULL_RANGE = (255 / 219, 16 / 219)
# Up to this many pictures, the order of an epoch is computed by sorting random numbers.
_FEW = 256


def pick_pictures(seed: int, step: tf.Tensor, batch_size: int, pictures: int) -> tf.Tensor:
    """Chooses the pictures of one batch: each once per epoch, in a new order in every epoch.

    Args:
      seed: of the run.
      step: int64 scalar, from 0; batches follow each other without a gap at the end of an epoch.
      batch_size: pictures in a batch.
      pictures: how many there are.

    Returns:
      int64 (batch_size,) of numbers below `pictures`.
    """
    position = step * batch_size + tf.range(batch_size, dtype=tf.int64)
    passes = position // pictures
    if pictures <= _FEW and batch_size <= 4 * pictures:
        # The cipher below works on 16 bits at least, and is repeated until its result is a picture:
        # for few pictures that takes far longer than sorting an epoch.
        first = passes[0]
        orders = [
            tf.argsort(
                tf.random.stateless_uniform([pictures], [_stream(seed, _PICTURES), first + later])
            )
            for later in range((batch_size - 2) // pictures + 2)
        ]
        place = tf.stack([passes - first, position % pictures], axis=1)
        return tf.cast(tf.gather_nd(tf.stack(orders), place), tf.int64)
    key = tf.fill([batch_size], tf.constant(_stream(seed, _PICTURES), tf.int64))
    last = tf.fill([batch_size], tf.constant(pictures - 1, tf.int64))
    # The op itself, since `tf.random.experimental.index_shuffle` mistakes the shape of many seeds.
    return tf.raw_ops.RandomIndexShuffle(
        index=position % pictures,
        seed=tf.stack([tf.zeros_like(key), key, passes], axis=1),
        max_index=last,
    )


def pick_corners(
    seed: int, step: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor, patch: int
) -> tuple[tf.Tensor, tf.Tensor]:
    """Chooses where each crop begins, all places being equally likely.

    Args:
      seed: of the run.
      step: int64 scalar.
      rows: int64 (batch,), heights of the pictures, at least `patch`.
      columns: int64 (batch,), their widths, at least `patch`.
      patch: side of the crop.

    Returns:
      Top rows and left columns, int64 (batch,) each.
    """
    choices = tf.stack([rows, columns]) - patch + 1
    # float64, since float32's 24 bits could round up to 1 and step outside a large picture.
    uniform = tf.random.stateless_uniform(
        tf.shape(choices), [_stream(seed, _CROPS), step], dtype=tf.float64
    )
    corners = tf.cast(tf.floor(uniform * tf.cast(choices, tf.float64)), tf.int64)
    top, left = tf.unstack(corners)
    return top, left


def pick_dihedral(seed: int, step: tf.Tensor, batch_size: int) -> tf.Tensor:
    """Chooses a flip or rotation for each crop, a code of `dihedral`: int32 (batch,), 0..7."""
    return tf.random.stateless_uniform(
        [batch_size], [_stream(seed, _DIHEDRAL), step], maxval=8, dtype=tf.int32
    )


def pick_full_range(seed: int, step: tf.Tensor, batch_size: int, fraction: float) -> tf.Tensor:
    """Chooses the crops that are stretched to the full range: bool (batch,), that share of them."""
    uniform = tf.random.stateless_uniform([batch_size], [_stream(seed, _RANGES), step])
    return uniform < fraction


def to_full_range(planes: tf.Tensor) -> tf.Tensor:
    """Maps Y's 16/255..235/255, which color pictures have, to 0..1, which gray ones may have.

    Resizing is linear and its weights add up to one, so that stretching a pair gives the pair of
    the stretched picture.
    """
    factor, subtrahend = _FULL_RANGE
    return planes * factor - subtrahend


def gains(stretched: tf.Tensor) -> tf.Tensor:
    """Gain and offset that bring some crops to the full range and leave the others exactly alone.

    Args:
      stretched: bool (batch,), from `pick_full_range`.

    Returns:
      float32 (batch, 2): a factor for each crop, and what is to be subtracted after it.
    """
    return tf.where(stretched[:, None], tf.constant([_FULL_RANGE]), tf.constant([[1.0, 0.0]]))


def dihedral_offsets(
    codes: tf.Tensor, widths: tf.Tensor, patch: int
) -> tuple[tf.Tensor, tf.Tensor]:
    """Says where the pixels of transformed crops lie in pictures that are stored row by row.

    Pixel (i, j) of crop n is found `lines[n, i] + columns[n, j]` pixels after the crop's corner:
    what `dihedral_grid` gives, times the width, but as two short vectors and one sum.

    Args:
      codes: int32 (batch,), from `pick_dihedral`.
      widths: integers (batch,), pixels in a row of each crop's picture.
      patch: side of the crops.

    Returns:
      `lines` and `columns`, (batch, patch) each, of the dtype of `widths`.
    """
    forward = tf.range(patch, dtype=widths.dtype)
    flips = [tf.bitwise.bitwise_and(codes, bit)[:, None] > 0 for bit in (1, 2, 4)]
    rows = tf.where(flips[0], forward[::-1], forward) * widths[:, None]
    columns = tf.where(flips[1], forward[::-1], forward)
    return tf.where(flips[2], columns, rows), tf.where(flips[2], rows, columns)


def dihedral_grid(codes: tf.Tensor, patch: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns where pixels of transformed crops are: rows, columns, int64 (batch, patch, patch).

    Reading a crop through these indices transforms it without moving pixels afterwards. Codes are
    those of `imaging.dihedral`.
    """
    forward = tf.range(patch, dtype=tf.int64)
    flips = [tf.cast(tf.bitwise.bitwise_and(codes, bit) > 0, tf.bool) for bit in (1, 2, 4)]
    lines = [tf.where(flip[:, None], forward[::-1], forward) for flip in flips[:2]]
    rows = tf.broadcast_to(lines[0][:, :, None], [tf.shape(codes)[0], patch, patch])
    columns = tf.broadcast_to(lines[1][:, None, :], [tf.shape(codes)[0], patch, patch])
    swap = flips[2][:, None, None]
    transposed_rows = tf.transpose(rows, [0, 2, 1])
    transposed_columns = tf.transpose(columns, [0, 2, 1])
    return tf.where(swap, transposed_rows, rows), tf.where(swap, transposed_columns, columns)


def transformed(crops: tf.Tensor, codes: tf.Tensor) -> tf.Tensor:
    """Transforms square crops (batch, patch, patch, channels) by codes; same shape."""
    patch = crops.shape[1]
    rows, columns = dihedral_grid(codes, patch)
    pixels = tf.reshape(crops, [-1, patch * patch, crops.shape[3]])
    places = tf.reshape(rows * patch + columns, [-1, patch * patch])
    return tf.reshape(tf.gather(pixels, places, batch_dims=1), tf.shape(crops))


def shard_stream(seed: int) -> int:
    """Returns the seed of the order in which shards and records are read."""
    # Negative, so that it differs from the four streams of every seed.
    return -1 - seed


def _stream(seed, stream):
    return seed * 4 + stream
