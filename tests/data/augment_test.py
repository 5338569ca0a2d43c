"""Random choices cover what they should, stay inside, and depend on seed and step alone."""

import numpy as np
import pytest
import tensorflow as tf

from srcnn_tf.data import augment


def _step(step):
    return tf.constant(step, tf.int64)


def _picked(seed, steps, batch_size, pictures):
    batches = [augment.pick_pictures(seed, _step(s), batch_size, pictures) for s in range(steps)]
    return np.concatenate(batches)


@pytest.mark.parametrize(
    ("batch_size", "pictures"),
    [(16, 91), (91, 91), (8, 3), (12, 3), (5, 1), (4, 1), (1, 5), (16, 300)],
)
def test_every_picture_comes_once_in_each_epoch(batch_size, pictures):
    picked = _picked(0, 3 * pictures, batch_size, pictures)

    for start in range(0, len(picked) - pictures + 1, pictures):
        np.testing.assert_array_equal(
            np.sort(picked[start : start + pictures]), np.arange(pictures)
        )


def test_order_differs_by_epoch_and_seed():
    orders = {
        tuple(pass_)
        for seed in range(20)
        for pass_ in _picked(seed, 10, 91, 91).reshape(10, 91).tolist()
    }

    assert len(orders) == 20 * 10


def test_all_orders_of_few_pictures_occur():
    picked = augment.pick_pictures(1, _step(0), 4 * 1000, 4).numpy().reshape(1000, 4)

    assert len(set(map(tuple, picked.tolist()))) == 24


def test_crops_stay_inside_and_reach_every_corner():
    rows = tf.constant([20, 8, 9, 8], tf.int64)
    columns = tf.constant([8, 21, 9, 8], tf.int64)

    corners = np.array([augment.pick_corners(3, _step(s), rows, columns, 8) for s in range(300)])

    for picture, (height, width) in enumerate(zip(rows.numpy(), columns.numpy(), strict=True)):
        top, left = corners[:, 0, picture], corners[:, 1, picture]
        # 300 draws from at most 14 positions miss one with a probability of about 10^-8.
        assert set(top) == set(range(height - 8 + 1))
        assert set(left) == set(range(width - 8 + 1))


def test_crops_of_a_huge_picture_stay_inside():
    side = tf.fill([200_000], tf.constant(50_000, tf.int64))

    top, left = augment.pick_corners(0, _step(0), side, side, 8)

    for corner in (top.numpy(), left.numpy()):
        assert corner.min() in range(20)
        assert corner.max() in range(50_000 - 8 - 20, 50_000 - 8 + 1)


def test_dihedral_transforms_are_equally_frequent():
    turns = np.concatenate([augment.pick_dihedral(0, _step(step), 91) for step in range(100)])

    counts = np.bincount(turns, minlength=8)
    assert len(counts) == 8
    assert counts.min() > 0.8 * len(turns) / 8


def test_dihedral_transforms_are_all_eight():
    square = np.arange(25).reshape(5, 5)
    expected = {
        np.rot90(image, quarters).tobytes()
        for image in (square, np.fliplr(square))
        for quarters in range(4)
    }
    assert len(expected) == 8

    rows, columns = augment.dihedral_grid(tf.range(8), 5)
    turned = square[rows.numpy(), columns.numpy()]

    assert {image.tobytes() for image in turned} == expected


def test_transform_zero_is_the_identity():
    rows, columns = augment.dihedral_grid(tf.zeros([1], tf.int32), 4)

    np.testing.assert_array_equal(rows[0] * 4 + columns[0], np.arange(16).reshape(4, 4))


def _choices(seed, step):
    sides = tf.fill([16], tf.constant(1000, tf.int64))
    return tf.concat(
        [
            augment.pick_pictures(seed, step, 16, 10_000),
            *augment.pick_corners(seed, step, sides, sides, 8),
            tf.cast(augment.pick_dihedral(seed, step, 16), tf.int64),
        ],
        axis=0,
    )


def test_choices_are_a_pure_function_of_seed_and_step():
    found = set()
    for seed in (0, 1, 2):
        in_graph = tf.function(lambda step, seed=seed: _choices(seed, step))
        for step in (0, 1, 123_456_789):
            choices = _choices(seed, _step(step)).numpy()
            tf.random.set_seed(step)  # of no influence
            np.testing.assert_array_equal(_choices(seed, _step(step)), choices)
            np.testing.assert_array_equal(in_graph(_step(step)), choices)
            found.add(choices.tobytes())
    assert len(found) == 9


def test_transforms_match_reading_through_the_grid():
    crops = np.arange(8 * 5 * 5 * 2, dtype=np.float32).reshape(8, 5, 5, 2)
    turns = tf.range(8)

    rows, columns = (grid.numpy() for grid in augment.dihedral_grid(turns, 5))
    expected = [crop[r, c] for crop, r, c in zip(crops, rows, columns, strict=True)]
    np.testing.assert_array_equal(augment.transformed(tf.constant(crops), turns), expected)


@pytest.mark.parametrize("dtype", [tf.int32, tf.int64])
def test_offsets_match_the_grid(dtype):
    turns, widths = tf.range(8), tf.constant([9, 5, 7, 6, 100, 8, 5, 11], dtype)

    lines, columns = augment.dihedral_offsets(turns, widths, 5)

    assert lines.dtype == columns.dtype == dtype
    row, column = (grid.numpy() for grid in augment.dihedral_grid(turns, 5))
    expected = row * widths.numpy()[:, None, None] + column
    np.testing.assert_array_equal(lines[:, :, None] + columns[:, None, :], expected)
