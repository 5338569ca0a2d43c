"""Prepared records to training batches, and to whole pictures for evaluation.

Training and evaluation are two pipelines. Both read the records once through `tf.data`; pictures
stay in memory, so that an epoch costs no decoding. Training cuts each batch with a single op from
all pictures laid end to end, which is many times faster than cropping picture by picture, and what
it cuts is a pure function of (seed, step): a run that resumes at step k continues with exactly the
crops it would have had, with no iterator to save.
"""

import functools
import hashlib
import itertools
import logging
import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

from srcnn_tf.data import augment, photo_crops, record_files
from srcnn_tf.data.crop_choices import PictureSides, choose_crops
from srcnn_tf.data.crop_op import crop_op
from srcnn_tf.data.network_planes import input_planes, original_planes
from srcnn_tf.data.originals import read_originals
from srcnn_tf.data.photo_degradation import PhotoDegradation, webp_planes
from srcnn_tf.imaging.color_modes import LUMINANCE, ColorMode
from srcnn_tf.imaging.cropping import modcrop
from srcnn_tf.imaging.degradation import degrade_y, shrink_y
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.networks.architecture import BICUBIC_GRID, LOW_GRID

_LOGGER = logging.getLogger(__name__)
_PLANES = ("hr_y", "bicubic_y", "lr_y")
# Records that are unpacked at a time; of large photographs 10 MB each.
_READ_TOGETHER = 8


class EvaluationPicture(NamedTuple):
    """One whole picture: what is scored, and the network's input."""

    filename: str
    hr_y: np.ndarray  # uint8 (H, W)
    bicubic_y: np.ndarray  # float32 (H, W), 1.0 = 255
    lr_y: np.ndarray | None = None  # float32 (H/s, W/s), 1.0 = 255
    hr: np.ndarray | None = None  # uint8 (H, W, 3), RGB; read on request only
    condition: str = ""  # how the small picture was degraded, in a word; "" if it was not
    given: bool = False  # whether the small picture is the user's own, not MATLAB's
    small: np.ndarray | None = None  # uint8 (H/s, W/s, 3), RGB: of 8 bits; None if `hr` says it
    luminance_alone: bool = False  # whether `lr_y` is all that is known of the small picture


class PackedPictures(NamedTuple):
    """All training pictures laid end to end, row by row of the network's input.

    A pixel of the input is followed by the original's pixels in its place: one on the bicubic grid;
    on the low grid a block of scale x scale, row by row. In color a pixel is its three planes.
    """

    pixels: np.ndarray  # float32 (total, C + block x block x C): input, original, 1.0 = 255
    starts: np.ndarray  # int64 (pictures,): where each begins
    rows: np.ndarray  # int64 (pictures,), of the input
    columns: np.ndarray  # int64 (pictures,)
    channels: int = 1  # C, of the network

    @property
    def block(self) -> int:
        """Side of the original's blocks: 1, or the scale."""
        return math.isqrt(self.pixels.shape[1] // self.channels - 1)

    @property
    def is_paired(self) -> bool:
        """Whether a row is a pair of pixels, for which there are faster ways to cut crops."""
        return self.pixels.shape[1] == 2


def read_pictures(
    builder: tfds.core.DatasetBuilder, split: str, color: bool = False
) -> list[EvaluationPicture]:
    """Reads all luminance pairs of a prepared dataset, sorted by filename.

    Sorting makes everything that follows independent of the order of records and shards. The planes
    cannot be written to.

    Args:
      builder: of a prepared dataset.
      split: of it.
      color: whether to read `hr` as well, and `small` of pairs that were given.

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
    given = (builder.info.metadata or {}).get("pairs") == "given"
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
                np.frombuffer(lr_y, np.float32).reshape(lr_shape[:2]),
                given=given,
            )
            for fields in records.as_numpy_iterator()
            for filename, hr_y, hr_shape, bicubic_y, bicubic_shape, lr_y, lr_shape in zip(
                *fields, strict=True
            )
        ]
        record_files.check_count(builder, split, len(pictures))
    if color:
        originals = read_originals(builder, split)
        pictures = [picture._replace(hr=originals[picture.filename]) for picture in pictures]
        if given:
            small = read_originals(builder, split, "lr")
            pictures = [picture._replace(small=small[picture.filename]) for picture in pictures]
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
    """Returns filename, and bytes and shape of each plane, of a batch of records of pairs."""
    raw, shape = tf.io.FixedLenFeature([], tf.string), tf.io.FixedLenFeature([3], tf.int64)
    # How TFDS stores a plane whose sides differ from record to record.
    planes = {}
    for plane in _PLANES:
        planes |= {f"{plane}/value": raw, f"{plane}/shape": shape}
    fields = tf.io.parse_example(serialized, {"filename": raw, **planes})
    return tuple(fields[name] for name in ("filename", *planes))


def ranked(pictures: Iterable[EvaluationPicture], count: int) -> list[EvaluationPicture]:
    """Returns at most `count` pictures, chosen by their names' hash, sorted by filename."""
    by_hash = sorted(pictures, key=lambda p: hashlib.sha256(p.filename.encode()).digest())
    return sorted(by_hash[:count], key=lambda picture: picture.filename)


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
    # By pixels, since a picture can be there twice: T91's t36 and t65 are the same.
    held_out = {picture.hr_y.tobytes() for picture in ranked(pictures, count)}
    training = [picture for picture in pictures if picture.hr_y.tobytes() not in held_out]
    return training, [picture for picture in pictures if picture.hr_y.tobytes() in held_out]


def pack(
    pictures: Iterable[EvaluationPicture],
    scale: int,
    rescale_factors: Sequence[float],
    patch: int,
    grid_offsets: int = 1,
    grid: str = BICUBIC_GRID,
    color: ColorMode = LUMINANCE,
) -> PackedPictures:
    """Lays every picture, at every one of some sizes and offsets, end to end in memory.

    Shrunken copies are made here and not at build time: which sizes to use is a choice of the
    training recipe, and the records stay the same for every recipe. Each
    copy is MATLAB's resize of the 8-bit original, degraded anew.

    Args:
      pictures: from `read_pictures`.
      scale: the pair's scale.
      rescale_factors: at most 1; 1.0 is the picture itself.
      patch: side of the crops, in pixels of the input; copies with a shorter side are left out, and
        pictures of which nothing remains are counted in a warning.
      grid_offsets: at how many positions the low-resolution grid is placed over each copy, at most
        scale x scale. What a detail looks like once shrunk depends on where it falls in that grid.
      grid: of the network: which plane is its input.
      color: of the network: which planes; other than luminance needs pictures with colors.

    Raises:
      ValueError: no picture is large enough, or one has no colors.
    """
    pixels, shapes, skipped, total = [], [], 0, 0
    block = scale if grid == LOW_GRID else 1
    for picture in pictures:
        copies = _copies(picture, scale, rescale_factors, grid_offsets, grid, color)
        large = [pair for pair in copies if min(pair[0].shape[:2]) >= patch]
        skipped += not large
        total += 1
        for inputs, hr in large:
            shapes.append(inputs.shape[:2])
            originals = _blocks(hr, block) / np.float32(255)
            pixels.append(np.concatenate([inputs.reshape(-1, color.channels), originals], -1))
    if not pixels:
        raise ValueError(
            f"None of the {total} training pictures has {patch} x {patch} pixels"
            f"{f' once shrunk by {scale}' if block > 1 else ''}; "
            "give larger pictures or a smaller --patch_size."
        )
    if skipped:
        _LOGGER.warning(
            "%d of %d pictures are smaller than %d x %d pixels and are not trained on.",
            skipped,
            total,
            patch * block,
            patch * block,
        )
    rows, columns = np.array(shapes, np.int64).T
    starts = np.cumsum([0, *(rows * columns)[:-1]], dtype=np.int64)
    return PackedPictures(np.concatenate(pixels), starts, rows, columns, color.channels)


def _blocks(plane, side):
    """Returns (H, W) as (H W / side^2, side^2): a row for each block of side x side pixels.

    A pixel of (H, W, C) is its C values.
    """
    height, width = plane.shape[:2]
    blocks = plane.reshape(height // side, side, width // side, side, -1)
    return blocks.transpose(0, 2, 1, 3, 4).reshape(height * width // side**2, -1)


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
    pictures = zip(packed.starts, ends, packed.columns, strict=True)
    errors = (
        _bicubic_error(packed.pixels[start:end], columns, packed.block, packed.channels)
        for start, end, columns in pictures
    )
    # A constant picture has no error at all; beyond 60 dB there is nothing to gain.
    errors = np.array([max(error, 1e-6) for error in errors])
    shares = errors**-exponent
    times = np.maximum(1, np.round(4 * shares / shares.mean())).astype(np.int64)
    listed = (np.repeat(each, times) for each in (packed.starts, packed.rows, packed.columns))
    return PackedPictures(packed.pixels, *listed, packed.channels)


def _bicubic_error(pixels, columns, block, channels):
    """Mean square of what bicubic gets wrong in a packed picture."""
    enlarged, originals = pixels[:, :channels], pixels[:, channels:]
    if block > 1:
        axes = () if channels == 1 else (channels,)
        enlarged = _blocks(imresize(enlarged.reshape(-1, columns, *axes), block), block)
    return np.mean((enlarged - originals) ** 2)


def _copies(picture, scale, factors, offsets, grid, color):
    """Yields input and original planes of the picture at every factor and grid offset.

    Of a pair that was given there are no others: how it was degraded is not known.
    """
    # Along diagonals, so that a few offsets already differ in both directions.
    corners = sorted(
        itertools.product(range(scale), repeat=2), key=lambda o: ((o[0] - o[1]) % scale, o)
    )[:offsets]
    low = grid == LOW_GRID
    if picture.given:
        factors, corners = (1,), [(0, 0)]
    original = original_planes(picture, color)
    known = input_planes(picture, color, grid)
    for factor in factors:
        hr = original if factor == 1 else imresize(original, factor)
        for row, column in corners:
            if factor == 1 and row == column == 0 and known is not None:
                yield known, original
            elif min(hr.shape[:2]) >= 2 * scale:
                moved = modcrop(hr[row:, column:], scale)
                yield (shrink_y(moved, scale) if low else degrade_y(moved, scale)[1]), moved


def training_batches(
    packed: PackedPictures,
    *,
    batch_size: int,
    patch: int,
    border: int,
    seed: int,
    first_step: int = 0,
    dihedral: bool = True,
    full_range: float = 0.0,
    photo: PhotoDegradation | None = None,
    shard: tuple[int, int] = (0, 1),
    engine: str = "auto",
    parallel_calls: int = tf.data.AUTOTUNE,
    prefetched: int = tf.data.AUTOTUNE,
) -> tf.data.Dataset:
    """Endless batches of random crops, one crop from each picture per epoch.

    Args:
      packed: the pictures.
      batch_size: crops in a batch.
      patch: side of the network's input.
      border: how many pixels of the input the target is smaller by on every side: the network's
        halo, or 0 if it pads what it sees.
      seed: of all random choices.
      first_step: the step that the first batch is for; batch k is the same wherever one starts.
      dihedral: whether crops are flipped and rotated at random.
      full_range: share of the crops that are stretched to 0..1; see `augment.to_full_range`. For
        luminance: other planes have no such range.
      photo: what the inputs go through, as photographs do; None leaves them as they are. For
        luminance on the low grid, where the input is the small picture.
      shard: (i, n) gives the i-th of n equal parts of each batch, and cuts no other crop; the parts
        together are the whole batch. `batch_size` must divide by n.
      engine: one of `devices.ENGINES`. On the bicubic grid crops are cut by `crop_op`; with
        `tensorflow`, or where that is missing, by TensorFlow's own ops. They are the same.
      parallel_calls: how many batches are cut at a time; changes none of them.
      prefetched: how many are kept ready; changes none of them.

    Returns:
      A dataset of (inputs float32 (batch_size / n, patch, patch, C), targets float32 (batch_size
      / n, side, side, C)), 1.0 = 255, the side being patch - 2 border, on the low grid times the
      scale, and C the pictures' `channels`.
    """
    # Held by the host, also where a GPU is the default device: crops are cut beside the step.
    with tf.device("/CPU:0"):
        pixels, *sides = (tf.constant(array) for array in packed[:4])
    sides = PictureSides(*sides)
    native = engine != "tensorflow" and packed.is_paired and crop_op()
    cut = native or cut_by_tensorflow(packed)
    size = batch_size // shard[1]
    mine = slice(shard[0] * size, (shard[0] + 1) * size)
    degraded = photo and photo_crops.photo_inputs(
        photo,
        (pixels, *sides),
        webp_planes(packed, photo, seed) if photo.webp else np.zeros(0, np.uint8),
        seed=seed,
        batch_size=batch_size,
        patch=patch,
    )

    def batch(step):
        # Chosen for the whole batch, which costs next to nothing; cut for this share of it.
        chosen = choose_crops(
            step,
            sides,
            seed=seed,
            batch_size=batch_size,
            patch=patch,
            dihedral=dihedral,
            full_range=full_range,
        )
        inputs, targets = cut(
            pixels,
            chosen.corners[mine],
            chosen.widths[mine],
            chosen.codes[mine],
            chosen.gains[mine],
            patch,
            border,
        )
        if degraded:
            inputs = degraded(
                step,
                chosen.chosen,
                chosen.top,
                chosen.left,
                chosen.codes,
                chosen.gains,
                mine,
            )
        return inputs, targets

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


def cut_by_tensorflow(packed: PackedPictures) -> Callable:
    """Returns what cuts crops out of packed pictures, by TensorFlow's own ops."""
    if packed.is_paired:
        return cut_by_gathering
    return functools.partial(cut_blocks, channels=packed.channels)


def cut_by_gathering(pixels, corners, widths, codes, gains, patch, border, index=None):
    """What `crop_op` does, by TensorFlow's own ops, which are slower.

    `index` is the dtype of places, by default as short as it can be; without `gains` crops are not
    stretched.
    """
    # A pair of pixels is gathered as one number of 64 bits, by indices that are as short as they
    # can be: both halve the time.
    pairs = tf.bitcast(pixels, tf.int64)
    index = index or (tf.int32 if pairs.shape[0] <= tf.int32.max else tf.int64)
    lines, across = augment.dihedral_offsets(codes, tf.cast(widths, index), patch)
    places = (lines + tf.cast(corners, index)[:, None])[:, :, None] + across[:, None, :]
    crops = tf.bitcast(tf.gather(pairs, places), tf.float32)
    inside = slice(border, patch - border)
    return stretch_crops((crops[..., :1], crops[:, inside, inside, 1:]), gains)


def cut_blocks(pixels, corners, widths, codes, gains, patch, border, index=None, channels=1):
    """What `cut_by_gathering` does, where a pixel of the input has a block of the original.

    Of one pixel, too, in color.
    """
    block = math.isqrt(pixels.shape[1] // channels - 1)
    index = index or (tf.int32 if pixels.shape[0] <= tf.int32.max else tf.int64)
    lines, across = augment.dihedral_offsets(codes, tf.cast(widths, index), patch)
    places = (lines + tf.cast(corners, index)[:, None])[:, :, None] + across[:, None, :]
    crops = tf.gather(pixels, places)
    # Blocks are turned like the crop that they are in: a gather within each.
    blocks = tf.fill(tf.shape(codes), tf.constant(block, index))
    lines, across = augment.dihedral_offsets(codes, blocks, block)
    within = tf.reshape(lines[:, :, None] + across[:, None, :], [-1, block * block])
    inner = patch - 2 * border
    originals = crops[:, border : patch - border, border : patch - border, channels:]
    originals = tf.reshape(originals, [-1, inner * inner, block * block, channels])
    originals = tf.gather(originals, within, axis=2, batch_dims=1)
    targets = tf.reshape(originals, [-1, inner, inner, block * block * channels])
    if block > 1:
        targets = tf.nn.depth_to_space(targets, block)
    count = corners.shape[0]
    inputs = tf.ensure_shape(crops[..., :channels], [count, patch, patch, channels])
    targets = tf.ensure_shape(targets, [count, inner * block, inner * block, channels])
    return stretch_crops((inputs, targets), gains)


def stretch_crops(crops, gains):
    """Multiplies crops by factors, subtracts; `gains` are those of `augment`, or None for none."""
    if gains is None:
        return crops
    factors, subtrahends = (gains[:, part, None, None, None] for part in range(2))
    return tuple(part * factors - subtrahends for part in crops)
