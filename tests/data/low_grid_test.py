"""Crops for networks on the low grid are the records' own pixels, turned like their input."""

import numpy as np
import pytest
import tensorflow as tf
from small_runs import pictures as small_pictures

from srcnn_tf.data.pipeline import balanced, pack, training_batches
from srcnn_tf.imaging.degradation import degrade_y


@pytest.mark.parametrize("scale", [2, 3, 4])
@pytest.mark.parametrize("border", [0, 2])
def test_crops_are_pairs_in_all_eight_positions(scale, border):
    picture = small_pictures(1, side=12 * scale, scale=scale)[0]
    packed = pack([picture], scale, (1.0,), patch=6, grid="low")
    assert packed.block == scale
    batches = training_batches(
        packed, batch_size=64, patch=6, border=border, seed=3, full_range=0.0
    )
    inputs, targets = next(iter(batches))
    assert inputs.shape == (64, 6, 6, 1)
    side = (6 - 2 * border) * scale
    assert targets.shape == (64, side, side, 1)
    original = picture.hr_y / np.float32(255)
    # Every crop that there is, in every position, by NumPy.
    expected = {}
    for top, left in np.ndindex(7, 7):
        low = picture.lr_y[top : top + 6, left : left + 6]
        high = original[
            (top + border) * scale : (top + 6 - border) * scale,
            (left + border) * scale : (left + 6 - border) * scale,
        ]
        for quarters in range(4):
            for flip in (1, -1):
                key = np.rot90(low[:, ::flip], quarters).tobytes()
                expected[key] = np.rot90(high[:, ::flip], quarters)
    seen = set()
    for low, high in zip(inputs.numpy()[..., 0], targets.numpy()[..., 0], strict=True):
        np.testing.assert_array_equal(high, expected[low.tobytes()])
        seen.add(low.tobytes())
    assert len(seen) > 40


def test_moved_and_smaller_copies_are_degraded_anew():
    picture = small_pictures(1, side=36)[0]
    packed = pack([picture], 3, (1.0,), patch=4, grid_offsets=9, grid="low")
    assert len(packed.starts) == 9
    start, end = packed.starts[1], packed.starts[2]
    moved = packed.pixels[start:end].reshape(packed.rows[1], packed.columns[1], 10)
    blocks = moved[..., 1:].reshape(*moved.shape[:2], 3, 3).transpose(0, 2, 1, 3)
    original = np.rint(blocks.reshape(3 * moved.shape[0], -1) * 255).astype(np.uint8)
    np.testing.assert_array_equal(moved[..., 0], degrade_y(original, 3)[0])
    assert any(np.array_equal(original, picture.hr_y[d : d + 33, d : d + 33]) for d in (1, 2))


def test_batches_do_not_depend_on_where_one_starts():
    packed = pack(small_pictures(4, side=48), 3, (1.0,), patch=8, grid="low")
    options = {"batch_size": 4, "patch": 8, "border": 1, "seed": 5, "full_range": 0.5}
    whole = list(training_batches(packed, **options).take(6).as_numpy_iterator())
    rest = list(training_batches(packed, first_step=4, **options).take(2).as_numpy_iterator())
    parts = [training_batches(packed, shard=(i, 2), **options) for i in (0, 1)]
    for (x, y), (again_x, again_y) in zip(whole[4:], rest, strict=True):
        np.testing.assert_array_equal(x, again_x)
        np.testing.assert_array_equal(y, again_y)
    (x0, _), (x1, _) = (next(iter(part)) for part in parts)
    np.testing.assert_array_equal(tf.concat([x0, x1], 0), whole[0][0])


def test_easy_pictures_are_drawn_as_often_as_on_the_bicubic_grid():
    pictures = small_pictures(6, side=48)
    low, bicubic = (
        balanced(pack(pictures, 3, (1.0,), patch=8, grid=grid), 1.0) for grid in ("low", "bicubic")
    )
    np.testing.assert_array_equal(
        np.unique(low.starts, return_counts=True)[1],
        np.unique(bicubic.starts, return_counts=True)[1],
    )


def test_pictures_that_are_too_small_once_shrunk_are_refused():
    with pytest.raises(ValueError, match=r"has 13 x 13 pixels once shrunk by 3"):
        pack(small_pictures(2, side=36), 3, (1.0,), patch=13, grid="low")
