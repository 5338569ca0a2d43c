"""The eight transforms are those of a square, in NumPy and in a graph alike."""

import numpy as np
import tensorflow as tf

from srcnn_tf.data import augment
from srcnn_tf.imaging import dihedral

_CODES = range(dihedral.COUNT)


def test_they_are_all_flips_and_rotations():
    square = np.arange(9).reshape(3, 3)
    expected = {
        np.rot90(flipped, quarters).tobytes()
        for flipped in (square, square[:, ::-1])
        for quarters in range(4)
    }
    found = [np.ascontiguousarray(dihedral.transform(code, square)) for code in _CODES]
    assert {each.tobytes() for each in found} == expected
    assert dihedral.code_of(np.fliplr) == 2
    assert dihedral.code_of(np.transpose) == 4


def test_products_and_inverses_are_those_of_the_transforms():
    plane = np.arange(24).reshape(4, 3, 2)
    for first in _CODES:
        changed = dihedral.transform(first, plane)
        undone = dihedral.transform(dihedral.inverse(first), changed)
        np.testing.assert_array_equal(undone, plane)
        for second in _CODES:
            np.testing.assert_array_equal(
                dihedral.transform(dihedral.product(second, first), plane),
                dihedral.transform(second, changed),
            )


def test_graphs_number_them_alike():
    planes = np.random.default_rng(0).random((8, 5, 5, 2)).astype(np.float32)
    changed = augment.transformed(tf.constant(planes), tf.range(8))
    for code in _CODES:
        np.testing.assert_array_equal(changed[code], dihedral.transform(code, planes[code]))
