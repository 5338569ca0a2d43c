"""`imresize` gives MATLAB's numbers, whatever the size, direction, dtype and memory layout."""

import math
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.imaging.resize import imresize


def _keys(x):
    x = abs(x)
    if x < 1:
        return 1.5 * x**3 - 2.5 * x**2 + 1
    return -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2 if x < 2 else 0.0


def _dense_matrix(side, new_side, scale, antialias):
    """The oracle: MATLAB's published algorithm, written pixel by pixel into a dense matrix."""
    stretch = min(scale, 1) if antialias else 1
    matrix = np.zeros((new_side, side))
    for row in range(new_side):
        center = (row + 0.5) / scale - 0.5
        reach = math.ceil(2 / stretch) + 1
        for pixel in range(math.floor(center) - reach, math.ceil(center) + reach + 1):
            mirrored = pixel
            while not 0 <= mirrored < side:
                mirrored = -1 - mirrored if mirrored < 0 else 2 * side - 1 - mirrored
            matrix[row, mirrored] += _keys((center - pixel) * stretch)
    return matrix / matrix.sum(axis=1, keepdims=True)


def _dense_imresize(image, size, scales, antialias=True):
    result = image.astype(np.float64)
    for axis in np.argsort(scales, kind="stable"):
        matrix = _dense_matrix(image.shape[axis], size[axis], scales[axis], antialias)
        result = np.moveaxis(np.tensordot(matrix, result, (1, axis)), 0, axis)
        if image.dtype == np.uint8:
            result = np.clip(np.floor(result + 0.5), 0, 255)
    return result


def _random_image(random, shape, dtype):
    if dtype == np.uint8:
        return random.integers(0, 256, shape, dtype=np.uint8)
    return random.uniform(-1, 1, shape).astype(dtype)


_SHAPES_AND_SIZES = [
    ((12, 12), (6, 6)),
    ((9, 15), (27, 45)),
    ((13, 8), (5, 19)),  # one side shrinks, the other grows
    ((8, 13), (19, 5)),
    ((17, 11, 3), (4, 10)),
    ((7, 9, 2), (7, 23)),  # one side stays
    ((1, 1), (4, 3)),
    ((1, 20), (3, 7)),
    ((20, 1, 3), (7, 1)),
    ((3, 2), (40, 31)),
    ((50, 3), (1, 1)),  # the kernel is far wider than the picture
]
_TOLERANCES = {np.float64: 1e-12, np.float32: 1e-6, np.uint8: 0}


@pytest.mark.parametrize("dtype", _TOLERANCES)
@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize(("shape", "size"), _SHAPES_AND_SIZES)
def test_any_size_agrees_with_the_dense_oracle(shape, size, antialias, dtype):
    image = _random_image(np.random.default_rng(len(shape) * 100 + size[0]), shape, dtype)
    scales = size[0] / shape[0], size[1] / shape[1]

    result = imresize(image, size=size, antialias=antialias)

    assert result.dtype == dtype
    assert result.shape == size + shape[2:]
    expected = _dense_imresize(image, size, scales, antialias)
    np.testing.assert_allclose(result, expected, rtol=0, atol=_TOLERANCES[dtype])


@pytest.mark.parametrize("dtype", _TOLERANCES)
@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize("scale", [1 / 4, 1 / 3, 0.37, 0.5, 0.999, 1, 1.13, 2, 3, np.pi, 4])
def test_any_scale_agrees_with_the_dense_oracle(scale, antialias, dtype):
    random = np.random.default_rng(int(1000 * scale))
    for shape in ((12, 24), (19, 14, 3), (5, 1)):
        image = _random_image(random, shape, dtype)
        size = math.ceil(scale * shape[0]), math.ceil(scale * shape[1])

        result = imresize(image, scale, antialias=antialias)

        assert result.shape == size + shape[2:]
        expected = _dense_imresize(image, size, (scale, scale), antialias)
        np.testing.assert_allclose(result, expected, rtol=0, atol=_TOLERANCES[dtype])


@pytest.mark.parametrize("scale", [0.3333, 0.37, 1.7, 2.3])
def test_float32_is_exact_far_from_the_origin(scale):
    image = np.random.default_rng(0).random((4000, 4), np.float32)

    result = imresize(image, scale)

    expected = imresize(image.astype(np.float64), scale)
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-6)


def test_enlarging_a_point_gives_keys_kernel():
    image = np.zeros((1, 9))
    image[0, 4] = 1

    row = imresize(image, size=(1, 18))[0]

    half = [0.8671875, 0.2265625, -0.0703125, -0.0234375]  # at distances 0.25, 0.75, 1.25, 1.75
    np.testing.assert_allclose(row, [0] * 5 + half[::-1] + half + [0] * 5, atol=1e-15)


def test_shrinking_a_point_gives_the_widened_kernel():
    image = np.zeros((1, 16))
    image[0, 8] = 1

    smooth = imresize(image, size=(1, 8))[0]
    sharp = imresize(image, size=(1, 8), antialias=False)[0]

    # The point lies 0.25, 0.75, 1.25 and 1.75 new pixels from the new pixels around it.
    widened = [-0.03515625, 0.11328125, 0.43359375, -0.01171875]
    np.testing.assert_allclose(smooth[2:6], np.array(widened)[[3, 1, 2, 0]], atol=1e-15)
    # Without antialiasing it is 0.5 and 1.5 source pixels away.
    np.testing.assert_allclose(sharp[2:6], [0, -0.0625, 0.5625, 0], atol=1e-15)


def test_flat_pictures_stay_flat():
    for level in (0, 77, 255):
        flat = np.full((10, 7, 3), level, np.uint8)
        assert (imresize(flat, 2.6) == level).all()
        assert (imresize(flat, 0.4) == level).all()


def test_floats_are_not_clipped():
    step = np.repeat([0.0, 1.0], 6)[None].repeat(4, axis=0)

    for dtype in (np.float32, np.float64):
        result = imresize(step.astype(dtype), 3)
        assert result.min() < -0.01
        assert result.max() > 1.01


@pytest.mark.parametrize("dtype", _TOLERANCES)
def test_any_memory_layout_works_and_input_is_unchanged(dtype):
    whole = _random_image(np.random.default_rng(1), (30, 24, 3), dtype)
    before = whole.copy()
    whole.flags.writeable = False
    for view in (whole[::-1, ::2], whole.transpose(1, 0, 2), np.asfortranarray(whole)):
        for scale in (0.5, 2):
            expected = imresize(view.copy(order="C"), scale)
            np.testing.assert_array_equal(imresize(view, scale), expected)
    np.testing.assert_array_equal(whole, before)


@pytest.mark.parametrize("dtype", [np.float64, np.uint8])
@pytest.mark.parametrize("scale", [0.5, 2])
def test_memory_grows_with_pixels_alone(dtype, scale):
    image = np.zeros((4000, 64), dtype)
    imresize(image[:8], scale)
    matrix_bytes = 4000 * 4000 * scale * 8

    tracemalloc.start()
    result = imresize(image, scale)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 4 * (image.size + result.size) * 8 < matrix_bytes / 2


@pytest.mark.parametrize("dtype", [np.bool_, np.int16, np.uint16, np.float16, np.complex128])
def test_other_dtypes_are_refused(dtype):
    with pytest.raises(TypeError, match="uint8, float32 or float64"):
        imresize(np.zeros((4, 4), dtype), 2)


@pytest.mark.parametrize("shape", [(), (4,), (4, 4, 3, 1), (0, 4), (4, 0), (4, 4, 0)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="at least one pixel"):
        imresize(np.zeros(shape), 2)


@pytest.mark.parametrize("scale", [0, -1, math.nan, math.inf])
def test_unusable_scales_are_refused(scale):
    with pytest.raises(ValueError, match="positive number"):
        imresize(np.zeros((4, 4)), scale)


@pytest.mark.parametrize("size", [(0, 4), (4, -1), (2.5, 4), (4,), (4, 4, 3)])
def test_unusable_sizes_are_refused(size):
    with pytest.raises(ValueError, match="two positive integers"):
        imresize(np.zeros((4, 4)), size=size)


def test_exactly_one_of_scale_and_size_is_needed():
    with pytest.raises(ValueError, match="either a scale or a size"):
        imresize(np.zeros((4, 4)))
    with pytest.raises(ValueError, match="either a scale or a size"):
        imresize(np.zeros((4, 4)), 2, (8, 8))


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-6)])
@pytest.mark.parametrize(
    ("name", "scale"), [("bird_GT_x3", 3), ("butterfly_GT_x2", 2), ("butterfly_GT_x4", 4)]
)
def test_photographs_match_matlab(shared_data, name, scale, dtype, tolerance):
    matlab = {
        key: value / 255 for key, value in np.load(shared_data / f"matlab/{name}.npz").items()
    }

    lr_y = imresize(matlab["hr_y"].astype(dtype), 1 / scale)
    bicubic_y = imresize(matlab["lr_y"].astype(dtype), scale)

    assert lr_y.dtype == bicubic_y.dtype == dtype
    np.testing.assert_allclose(lr_y, matlab["lr_y"], rtol=0, atol=tolerance)
    np.testing.assert_allclose(bicubic_y, matlab["bicubic_y"], rtol=0, atol=tolerance)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-6)])
def test_small_cases_match_matlab(shared_data, dtype, tolerance):
    topleft = np.zeros((4, 4))
    topleft[0, 0], topleft[1, 0], topleft[0, 1], topleft[0, 3] = 100, 10, 1, 100
    ramps = {side: np.arange(float(side * side)).reshape(side, side) for side in (4, 8, 15)}
    cases = np.load(shared_data / "matlab/small_cases.npz")
    assert len(cases.files) == 10
    for name, expected in cases.items():
        image = ramps[4 if "small" in name else 15 if "x3" in name else 8]
        image = topleft if "topleft" in name else image

        result = imresize(
            image.astype(dtype), size=expected.shape, antialias=not name.endswith("noaa")
        )

        atol = tolerance * image.max()
        np.testing.assert_allclose(result, expected, rtol=0, atol=atol, err_msg=name)


def test_8_bit_pictures_match_matlab_in_every_pixel(shared_data):
    image = np.asarray(Image.open(shared_data / "matlab/rgb_512x512.png"))
    expected = np.asarray(Image.open(shared_data / "matlab/rgb_512x512_to_123x234_uint8.png"))

    np.testing.assert_array_equal(imresize(image, size=(123, 234)), expected)
