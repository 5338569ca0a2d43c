"""All engines give one answer, whole and in tiles, for all that an architecture can state."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from drawn_networks import EVERYTHING, drawn

from srcnn_tf.engines.keras_models import keras_model
from srcnn_tf.engines.numpy_engine import convolve
from srcnn_tf.engines.runners import runner, self_ensemble
from srcnn_tf.engines.tensor_planes import enlarge_bicubic
from srcnn_tf.imaging.phases import bicubic_phases
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.imaging.tiling import Tiler
from srcnn_tf.upscaling.enlarging import Enlarger

_EACH = pytest.mark.parametrize("architecture", EVERYTHING, ids=lambda each: each.name)
_SHAPES = ((1, 1), (1, 7), (2, 3), (13, 10))


def _plane(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, np.float32)


@_EACH
@pytest.mark.parametrize("shape", _SHAPES)
def test_numpy_equals_tensorflow(architecture, shape):
    network, plane = drawn(architecture), _plane(*shape)
    ours = runner(network, "numpy")(plane)
    assert ours.shape == tuple(side * architecture.upscale for side in shape)
    assert ours.dtype == np.float32
    expected = runner(network, "tensorflow")(plane)
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-5)


@_EACH
def test_an_empty_plane_stays_empty(architecture):
    network, channels = drawn(architecture), architecture.color_mode.plane_axes
    for rows, columns in ((0, 5), (5, 0), (0, 0)):
        plane = np.zeros((rows, columns, *channels), np.float32)
        sides = (rows * architecture.upscale, columns * architecture.upscale)
        for engine in ("auto", "numpy", "tensorflow"):
            result = runner(network, engine)(plane)
            assert (result.shape, result.dtype) == ((*sides, *channels), np.float32)


def test_convolution_is_its_definition():
    planes, kernel = _plane(4, 5, 2), _plane(3, 3, 2, 3, seed=1)
    expected = np.zeros((4, 5, 3))
    for row, column, down, right in np.ndindex(4, 5, 3, 3):
        y, x = np.clip(row + down - 1, 0, 3), np.clip(column + right - 1, 0, 4)
        expected[row, column] += planes[y, x] @ kernel[down, right]
    np.testing.assert_allclose(convolve(planes, kernel), expected, atol=1e-5)


@pytest.mark.parametrize("scale", [2, 3, 4, 5])
@pytest.mark.parametrize("shape", [*_SHAPES, (3, 1)])
def test_enlarging_in_a_graph_is_imresize(scale, shape):
    plane = _plane(*shape)
    enlarged = enlarge_bicubic(tf.constant(plane[None, ..., None]), scale)[0, ..., 0]
    np.testing.assert_allclose(enlarged, imresize(plane.astype(float), scale), atol=1e-6)
    assert bicubic_phases(scale).sum() == pytest.approx(scale, rel=1e-6)


@_EACH
@pytest.mark.parametrize("side", [1, 5, 8, 11, 32])
def test_tiles_have_no_seams(architecture, side):
    run = runner(drawn(architecture), "numpy")
    plane = _plane(*((4, 3) if side == 1 else (11, 9)))
    for restore in (run, self_ensemble(run)):
        tiled = Tiler(side).run(plane, restore, architecture.halo, architecture.upscale)
        np.testing.assert_allclose(tiled, restore(plane), rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["sides-to-nine", "small-low-bicubic"])
def test_a_smaller_halo_would_show(name):
    architecture = next(each for each in EVERYTHING if each.name == name)
    run, plane = runner(drawn(architecture), "numpy"), _plane(40, 40)
    tiled = Tiler(16).run(plane, run, architecture.halo - 1, architecture.upscale)
    assert np.abs(tiled - run(plane)).max() > 1e-4


@_EACH
@pytest.mark.parametrize("side", [3, 16, 33])
def test_pictures_in_tiles_equal_the_whole(architecture, side):
    run, scale = runner(drawn(architecture), "numpy"), max(architecture.upscale, 2)
    for shape in ((1, 1, 3), (1, 9, 3), (13, 1, 1), (17, 13, 4), (6, 5, 2)):
        picture = _plane(*shape)
        if shape == (17, 13, 4):
            picture[:, 6:12, 3] = 0  # Hidden pixels, whose color is made up from neighbors.
        whole = Enlarger(scale, Tiler(10_000), run).enlarge(picture)
        tiled = Enlarger(scale, Tiler(side), run).enlarge(picture)
        assert whole.shape == (shape[0] * scale, shape[1] * scale, shape[2])
        np.testing.assert_allclose(tiled, whole, rtol=0, atol=2e-5)


@_EACH
def test_luminance_is_the_networks_and_colors_are_bicubics(architecture):
    run, scale = runner(drawn(architecture), "numpy"), max(architecture.upscale, 2)
    gray = _plane(9, 8)
    seen = gray if architecture.grid == "low" else imresize(gray, scale)
    enlarger = Enlarger(scale, Tiler(512), run)
    assert enlarger.grid == architecture.grid
    np.testing.assert_allclose(enlarger.enlarge(gray), run(seen), atol=1e-6)
    np.testing.assert_allclose(enlarger.run(seen), run(seen), atol=1e-6)


@_EACH
def test_valid_padding_is_the_inside_of_the_whole(architecture):
    model, plane = keras_model(drawn(architecture)), _plane(1, 41, 39, 1)
    inside = model(plane, padding="valid")
    border = architecture.halo * architecture.upscale
    whole = model(plane)[:, border:-border, border:-border]
    assert inside.shape == whole.shape
    np.testing.assert_allclose(inside, whole, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    "architecture",
    # Exporting takes seconds.
    [
        pytest.param(each, marks=[pytest.mark.slow] if number else [])
        for number, each in enumerate(EVERYTHING)
    ],
    ids=lambda architecture: architecture.name,
)
@pytest.mark.slow
def test_models_are_kerases_own(architecture, tmp_path):
    model = keras_model(drawn(architecture))
    assert model.count_params() == architecture.parameters
    plane, scale = _plane(2, 12, 11, 1), architecture.upscale
    expected = model(plane)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded(plane), expected, atol=1e-6)
    model.export(str(tmp_path / "exported"), verbose=False)
    exported = tf.saved_model.load(str(tmp_path / "exported"))
    np.testing.assert_allclose(exported.serve(plane), expected, atol=1e-6)
    model.compile("adam", "mse")
    targets = np.zeros((2, 12 * scale, 11 * scale, 1), np.float32)
    losses = model.fit(plane, targets, epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    assert model.to_network() != drawn(architecture)
