"""The op that cuts crops matches TensorFlow's own ops bit for bit, and stays within bounds."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest
import tensorflow as tf

from srcnn_tf.data import augment, crop_op, native_ops, pipeline

_ROWS, _COLUMNS = 40, 57


@pytest.fixture(scope="module")
def pixels():
    """Two pictures of noise, of 40 x 57 and 57 x 40 pixels."""
    random = np.random.default_rng(0)
    return tf.constant(random.random((2 * _ROWS * _COLUMNS, 2), np.float32))


def _graph(cut, patch, border):
    """Cuts in a graph, the only place where the op can run."""

    @tf.function
    def run(pixels, corners, widths, codes, gains):
        return cut(pixels, corners, widths, codes, gains, patch, border)

    return run


@pytest.mark.parametrize(("patch", "border"), [(40, 6), (33, 8), (17, 8), (1, 0)])
def test_augmentations_match_tensorflows_ops(pixels, patch, border):
    codes = np.arange(32) % 8
    picture = np.arange(32) // 8 % 2
    widths = np.array([_COLUMNS, _ROWS])[picture]
    random = np.random.default_rng(1)
    top = random.integers(0, np.array([_ROWS, _COLUMNS])[picture] - patch + 1)
    left = random.integers(0, widths - patch + 1)
    corners = picture * _ROWS * _COLUMNS + top * widths + left
    gains = augment.gains(tf.constant(np.arange(32) // 16 == 1))
    operands = [pixels, *(tf.constant(each, tf.int64) for each in (corners, widths, codes)), gains]

    expected = _graph(pipeline.cut_by_gathering, patch, border)(*operands)
    found = _graph(crop_op.crop_op(), patch, border)(*operands)

    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
    assert found[1].shape == (32, patch - 2 * border, patch - 2 * border, 1)


@pytest.mark.parametrize("corner", [-1, 2 * _ROWS * _COLUMNS - 16 * _ROWS - 16])
def test_crop_beyond_the_pixels_is_an_error(pixels, corner):
    one = tf.constant([0], tf.int64)
    gains = tf.constant([[1.0, 0.0]])
    cut = _graph(crop_op.crop_op(), 17, 4)
    # One further inside, it is there.
    inside = tf.constant([max(corner - 1, 0)], tf.int64)
    cut(pixels, inside, one + _ROWS, one, gains)

    with pytest.raises(tf.errors.InvalidArgumentError, match="not within the pixels"):
        cut(pixels, tf.constant([corner], tf.int64), one + _ROWS, one, gains)


def test_batches_are_the_same_without_the_op():
    random = np.random.default_rng(2)
    pictures = [
        pipeline.EvaluationPicture(
            str(number), random.integers(0, 256, (30, 41), np.uint8), random.random((30, 41), "f4")
        )
        for number in range(7)
    ]
    packed = pipeline.pack(pictures, scale=3, rescale_factors=(1.0,), patch=13)
    several = [
        list(
            pipeline.training_batches(
                packed,
                batch_size=6,
                patch=13,
                border=4,
                seed=5,
                full_range=0.5,
                shard=(1, 2),
                engine=engine,
            )
            .take(9)
            .as_numpy_iterator()
        )
        for engine in ("auto", "tensorflow")
    ]
    for ours, theirs in zip(*several, strict=True):
        np.testing.assert_array_equal(ours[0], theirs[0])
        np.testing.assert_array_equal(ours[1], theirs[1])


def test_tensorflows_ops_take_over_without_it(monkeypatch, caplog):
    def refuse(*_):
        raise RuntimeError("no ops today")

    monkeypatch.setattr(crop_op, "register_op", refuse)
    monkeypatch.setattr(crop_op, "_is_registered", crop_op._is_registered.__wrapped__)
    with caplog.at_level("INFO"):
        assert crop_op.crop_op() is None
    assert "no ops today" in caplog.text


def test_missing_library_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(tf.sysconfig, "get_lib", lambda: str(tmp_path))
    with pytest.raises(OSError, match=str(tmp_path)):
        native_ops.register_op("SrcnnTfNothing", [], [], lambda kernel: None)


def test_taken_op_name_is_refused():
    crop_op.crop_op()
    with pytest.raises(RuntimeError, match=crop_op._NAME):
        native_ops.register_op(crop_op._NAME, [], [], lambda kernel: None)


@pytest.mark.slow
def test_process_ends_while_batches_are_cut():
    program = """
        import numpy as np
        from srcnn_tf.data.pipeline import EvaluationPicture, pack, training_batches

        picture = EvaluationPicture("", np.zeros((90, 90), np.uint8), np.zeros((90, 90), "f4"))
        packed = pack([picture], scale=3, rescale_factors=(1.0,), patch=65)
        batches = training_batches(
            packed, batch_size=500, patch=65, border=6, seed=0, prefetched=100
        )
        iterator = iter(batches)
        next(iterator)
        print("ends")
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stdout) == (0, "ends\n"), ended.stderr
