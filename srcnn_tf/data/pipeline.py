"""Prepared records to training batches, and to whole pictures for evaluation.

Training and evaluation are two pipelines. Both read the records once through `tf.data`; pictures
stay in memory, so that an epoch costs no decoding. Training cuts each batch with a single op from
all pictures laid end to end, which is many times faster than cropping picture by picture, and what
it cuts is a pure function of (seed, step): a run that resumes at step k continues with exactly the
crops it would have had, with no iterator to save.
"""

import hashlib
import itertools
import logging
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

from srcnn_tf.data import augment, record_files
from srcnn_tf.data.crop_op import crop_op
from srcnn_tf.data.originals import read_originals
from srcnn_tf.imaging.cropping import modcrop
from srcnn_tf.imaging.degradation import degrade_y
from srcnn_tf.imaging.resize import imresize

_LOGGER = logging.getLogger(__name__)
_PLANES = ("hr_y", "bicubic_y")
# Records that are unpacked at a time; of large photographs 10 MB each.
_READ_TOGETHER = 8


class EvaluationPicture(NamedTuple):
    """One whole picture: what is scored, and the network's input."""

    filename: str
    hr_y: np.ndarray  # uint8 (H, W)
    bicubic_y: np.ndarray  # float32 (H, W), 1.0 = 255
    lr_y: np.ndarray | None = None  # float32 (H/s, W/s), 1.0 = 255
    hr: np.ndarray | None = None  # uint8 (H, W, 3), RGB; read on request only


class PackedPictures(NamedTuple):
    """All training pictures laid end to end, row by row."""

    pixels: np.ndarray  # float32 (total, 2): bicubic and original, 1.0 = 255
    starts: np.ndarray  # int64 (pictures,): where each begins
    rows: np.ndarray  # int64 (pictures,)
    columns: np.ndarray  # int64 (pictures,)


def read_pictures(
    builder: tfds.core.DatasetBuilder, split: str, color: bool = False
) -> list[EvaluationPicture]:
    """Reads all luminance pairs of a prepared dataset, sorted by filename.

    Sorting makes everything that follows independent of the order of records and shards. The planes
    cannot be written to.

    Args:
      builder: of a prepared dataset.
      split: of it.
      color: whether to read `hr` as well.

    Raises:
      record_files.RecordsError: a file of the dataset is missing or damaged, or the records are
        not pairs of whole pictures as `tfds_builders` make them.
    """
    if not all(_is_raw(builder.info.features, plane) for plane in _PLANES):
        raise record_files.RecordsError(
            f"{builder.info.full_name} does not hold pairs of whole pictures as raw bytes; "
            "build them with tfds_builders/image_folder."
        )
    record_files.check_sizes(builder, split)
    files = record_files.Files.of(builder.info.splits[split].file_instructions)
    # Several at a time, and views of their bytes instead of tensors, which is faster than unpacking
    # each by itself. Untuned, since one pass is short and would end only when the tuner wakes up.
    options = tf.data.Options()
    options.autotune.enabled = False
    records = files.records().batch(_READ_TOGETHER).map(_parse).prefetch(2).with_options(options)
    with record_files.reading_errors(builder):
        pictures = [
            EvaluationPicture(
                filename.decode(),
                np.frombuffer(hr_y, np.uint8).reshape(hr_shape[:2]),
                np.frombuffer(bicubic_y, np.float32).reshape(bicubic_shape[:2]),
            )
            for fields in records.as_numpy_iterator()
            for filename, hr_y, hr_shape, bicubic_y, bicubic_shape in zip(*fields, strict=True)
        ]
        record_files.check_count(builder, split, len(pictures))
    if color:
        originals = read_originals(builder, split)
        pictures = [picture._replace(hr=originals[picture.filename]) for picture in pictures]
    return sorted(pictures, key=lambda picture: picture.filename)


def _is_raw(features, plane):
    """Whether planes are stored as `tfds_builders.pairs` stores those of whole pictures."""
    if plane not in features or features[plane].shape != (None, None, 1):
        return False
    feature = features[plane]
    return (
        isinstance(feature, tfds.features.Tensor)
        and feature.to_json_content().encoding == tfds.features.Encoding.BYTES.value
    )


def _parse(serialized):
    """Returns filename, and bytes and shape of both planes, of a batch of records of pairs."""
    raw, shape = tf.io.FixedLenFeature([], tf.string), tf.io.FixedLenFeature([3], tf.int64)
    # How TFDS stores a plane whose sides differ from record to record.
    planes = {
        "hr_y/value": raw,
        "hr_y/shape": shape,
        "bicubic_y/value": raw,
        "bicubic_y/shape": shape,
    }
    fields = tf.io.parse_example(serialized, {"filename": raw, **planes})
    return tuple(fields[name] for name in ("filename", *planes))


def hold_out(
    pictures: Sequence[EvaluationPicture], count: int
) -> tuple[list[EvaluationPicture], list[EvaluationPicture]]:
    """Splits pictures into (training, validation), the latter chosen by their names' hash.

    Args:
      pictures: in any order; both results are sorted by filename.
      count: how many to hold out, but never more than one in five, so that a recipe made for T91
        also works on a handful of pictures. Of fewer than five none is held out. A copy of one
        that is held out is held out too.
    """
    count = min(count, len(pictures) // 5)
    pictures = sorted(pictures, key=lambda picture: picture.filename)
    ranked = sorted(pictures, key=lambda p: hashlib.sha256(p.filename.encode()).digest())
    # By pixels, since a picture can be there twice: T91's t36 and t65 are the same.
    held_out = {picture.hr_y.tobytes() for picture in ranked[:count]}
    training = [picture for picture in pictures if picture.hr_y.tobytes() not in held_out]
    return training, [picture for picture in pictures if picture.hr_y.tobytes() in held_out]


def pack(
    pictures: Iterable[EvaluationPicture],
    scale: int,
    sizes: Sequence[float],
    patch: int,
    shifts: int = 1,
) -> PackedPictures:
    """Lays every picture, at every one of `sizes` and `shifts`, end to end in memory.

    Shrunken copies are made here and not at build time: which sizes to use is a choice of the
    training recipe, and the records stay the same for every recipe. Each
    copy is MATLAB's resize of the 8-bit original, degraded anew.

    Args:
      pictures: from `read_pictures`.
      scale: the pair's scale.
      sizes: factors, at most 1; 1.0 is the picture itself.
      patch: side of the crops; copies with a shorter side are left out, and pictures of which
        nothing remains are counted in a warning.
      shifts: at how many positions the low-resolution grid is placed over each copy, at most
        scale x scale. What a detail looks like once shrunk depends on where it falls in that grid.

    Raises:
      ValueError: no picture is large enough.
    """
    pixels, shapes, skipped, total = [], [], 0, 0
    for picture in pictures:
        copies = _copies(picture, scale, sizes, shifts)
        large = [pair for pair in copies if min(pair[0].shape) >= patch]
        skipped += not large
        total += 1
        for bicubic_y, hr_y in large:
            shapes.append(hr_y.shape)
            pixels.append(np.stack([bicubic_y, hr_y / np.float32(255)], -1).reshape(-1, 2))
    if not pixels:
        raise ValueError(
            f"None of the {total} training pictures has {patch} x {patch} pixels; "
            "give larger pictures or a smaller --patch_size."
        )
    if skipped:
        _LOGGER.warning(
            "%d of %d pictures are smaller than %d x %d pixels and are not trained on.",
            skipped,
            total,
            patch,
            patch,
        )
    rows, columns = np.array(shapes, np.int64).T
    starts = np.cumsum([0, *(rows * columns)[:-1]], dtype=np.int64)
    return PackedPictures(np.concatenate(pixels), starts, rows, columns)


def balanced(packed: PackedPictures, exponent: float) -> PackedPictures:
    """Lets pictures be drawn in proportion to (1 / bicubic's squared error) ** exponent.

    A mean of PSNRs is a mean of logarithms: its gradient weighs each picture by the inverse of its
    error, where the mean squared error leaves everything to the pictures with the largest. Pixels
    are not copied; a picture is listed several times.

    Args:
      packed: from `pack`.
      exponent: 0 changes nothing, 1 weighs as mean PSNR does.
    """
    if exponent == 0:
        return packed
    ends = packed.starts + packed.rows * packed.columns
    planes = (packed.pixels[start:end] for start, end in zip(packed.starts, ends, strict=True))
    # A constant picture has no error at all; beyond 60 dB there is nothing to gain.
    errors = np.array([max(np.mean((plane[:, 0] - plane[:, 1]) ** 2), 1e-6) for plane in planes])
    shares = errors**-exponent
    times = np.maximum(1, np.round(4 * shares / shares.mean())).astype(np.int64)
    listed = (np.repeat(each, times) for each in (packed.starts, packed.rows, packed.columns))
    return PackedPictures(packed.pixels, *listed)


def _copies(picture, scale, sizes, shifts):
    """Yields (bicubic_y, hr_y) of the picture at every size and shift."""
    # Along diagonals, so that a few shifts already differ in both directions.
    offsets = sorted(
        itertools.product(range(scale), repeat=2), key=lambda o: ((o[0] - o[1]) % scale, o)
    )[:shifts]
    for size in sizes:
        hr_y = picture.hr_y if size == 1 else imresize(picture.hr_y, size)
        for row, column in offsets:
            if size == 1 and row == column == 0:
                yield picture.bicubic_y, picture.hr_y
            elif min(hr_y.shape) >= 2 * scale:
                shifted = modcrop(hr_y[row:, column:], scale)
                yield degrade_y(shifted, scale)[1], shifted


def training_batches(
    packed: PackedPictures,
    *,
    batch_size: int,
    patch: int,
    border: int,
    seed: int,
    first_step: int = 0,
    turns: bool = True,
    full_range: float = 0.0,
    share: tuple[int, int] = (0, 1),
    engine: str = "auto",
    parallel_calls: int = tf.data.AUTOTUNE,
    prefetched: int = tf.data.AUTOTUNE,
) -> tf.data.Dataset:
    """Endless batches of random crops, one crop from each picture per epoch.

    Args:
      packed: the pictures.
      batch_size: crops in a batch.
      patch: side of the network's input.
      border: how much smaller the target is on every side: the network's radius.
      seed: of all random choices.
      first_step: the step that the first batch is for; batch k is the same wherever one starts.
      turns: whether crops are flipped and turned at random.
      full_range: share of the crops that are stretched to 0..1; see `augment.to_full_range`.
      share: (i, n) gives the i-th of n equal parts of each batch, and cuts no other crop; the parts
        together are the whole batch. `batch_size` must divide by n.
      engine: one of `devices.ENGINES`. Crops are cut by `crop_op`, and with `tensorflow`, or where
        that is missing, by TensorFlow's own ops; they are the same.
      parallel_calls: how many batches are cut at a time; changes none of them.
      prefetched: how many are kept ready; changes none of them.

    Returns:
      A dataset of (inputs float32 (batch_size / n, patch, patch, 1), targets float32 (batch_size
      / n, patch - 2 border, patch - 2 border, 1)), 1.0 = 255.
    """
    # Held by the host, also where a GPU is the default device: crops are cut beside the step.
    with tf.device("/CPU:0"):
        pixels, starts, rows, columns = (tf.constant(array) for array in packed)
    cut = (engine != "tensorflow" and crop_op()) or cut_by_gathering
    size = batch_size // share[1]
    mine = slice(share[0] * size, (share[0] + 1) * size)

    def batch(step):
        # Chosen for the whole batch, which costs next to nothing; cut for this share of it.
        chosen = augment.pick_pictures(seed, step, batch_size, len(packed.starts))
        widths = tf.gather(columns, chosen)
        top, left = augment.pick_corners(seed, step, tf.gather(rows, chosen), widths, patch)
        corners = tf.gather(starts, chosen) + top * widths + left
        turn = (
            tf.cast(augment.pick_turns(seed, step, batch_size), tf.int64)
            if turns
            else tf.zeros_like(corners)
        )
        stretched = (
            augment.pick_full_range(seed, step, batch_size, full_range)
            if full_range
            else tf.zeros([batch_size], tf.bool)
        )
        tones = augment.tones(stretched)
        return cut(pixels, corners[mine], widths[mine], turn[mine], tones[mine], patch, border)

    # There is nothing to rewrite here, and rewriting copies all pixels for every iterator.
    options = tf.data.Options()
    options.experimental_optimization.apply_default_optimizations = False
    return (
        tf.data.Dataset.range(first_step, np.iinfo(np.int64).max)
        # Deterministic order is the default, so parallel calls do not change what step k sees.
        .map(batch, num_parallel_calls=parallel_calls)
        .prefetch(prefetched)
        .with_options(options)
    )


def cut_by_gathering(pixels, corners, widths, turns, tones, patch, border):
    """What `crop_op` does, by TensorFlow's own ops, which are slower."""
    # A pair of pixels is gathered as one number of 64 bits, by indices that are as short as they
    # can be: both halve the time.
    pairs = tf.bitcast(pixels, tf.int64)
    index = tf.int32 if pairs.shape[0] <= tf.int32.max else tf.int64
    lines, across = augment.turned_offsets(turns, tf.cast(widths, index), patch)
    places = (lines + tf.cast(corners, index)[:, None])[:, :, None] + across[:, None, :]
    crops = tf.bitcast(tf.gather(pairs, places), tf.float32)
    inside = slice(border, patch - border)
    factors, subtrahends = (tones[:, part, None, None, None] for part in range(2))
    return tuple(
        part * factors - subtrahends for part in (crops[..., :1], crops[:, inside, inside, 1:])
    )
