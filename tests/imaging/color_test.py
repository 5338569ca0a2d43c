"""Colors are converted as MATLAB's `rgb2ycbcr` and `ycbcr2rgb` convert them."""

import numpy as np
import pytest
import skimage.color
from PIL import Image

from srcnn_tf.imaging.color import rgb_to_y, rgb_to_ycbcr, ycbcr_to_rgb

# BT.601 by hand: 16 + 65.481 R + 128.553 G + 24.966 B and so on, rounded.
_KNOWN = {
    "black": ((0, 0, 0), (16, 128, 128)),
    "white": ((255, 255, 255), (235, 128, 128)),
    "red": ((255, 0, 0), (81, 90, 240)),
    "green": ((0, 255, 0), (145, 54, 34)),
    "blue": ((0, 0, 255), (41, 240, 110)),
    "mid gray": ((128, 128, 128), (126, 128, 128)),
}


@pytest.fixture(scope="module")
def colors():
    return np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)


@pytest.mark.parametrize("name", _KNOWN)
def test_known_colors(name):
    rgb, ycbcr = (np.array(values, np.uint8) for values in _KNOWN[name])

    np.testing.assert_array_equal(rgb_to_ycbcr(rgb), ycbcr)
    assert rgb_to_y(rgb) == ycbcr[0]


@pytest.mark.parametrize("name", ["black", "white"])
def test_black_and_white_survive_8_bits(name):
    rgb, ycbcr = (np.array(values, np.uint8) for values in _KNOWN[name])

    np.testing.assert_array_equal(ycbcr_to_rgb(ycbcr), rgb)


def test_floats_agree_with_scikit_image(colors):
    unit = colors / 255

    np.testing.assert_allclose(
        rgb_to_ycbcr(unit), skimage.color.rgb2ycbcr(unit) / 255, rtol=0, atol=1e-12
    )
    ycbcr = rgb_to_ycbcr(unit)
    np.testing.assert_allclose(
        ycbcr_to_rgb(ycbcr), skimage.color.ycbcr2rgb(255 * ycbcr), rtol=0, atol=1e-12
    )


def test_8_bits_are_the_rounded_floats(colors):
    for convert in (rgb_to_ycbcr, rgb_to_y):
        expected = np.rint(255 * convert(colors / 255)).astype(np.uint8)
        np.testing.assert_array_equal(convert(colors), expected)
    # Not every YCbCr is a color: those outside RGB are clipped.
    expected = np.rint(np.clip(255 * ycbcr_to_rgb(colors / 255), 0, 255)).astype(np.uint8)
    np.testing.assert_array_equal(ycbcr_to_rgb(colors), expected)


def test_round_trip_through_ycbcr(colors):
    back = ycbcr_to_rgb(rgb_to_ycbcr(colors))
    assert back.dtype == np.uint8
    # Studio range has fewer levels than RGB, so 8 bits lose up to two levels and no more.
    assert np.abs(back.astype(int) - colors).max() <= 2
    for dtype, tolerance in ((np.float32, 1e-6), (np.float64, 1e-12)):
        # Beyond black and white, too: floats are not clipped.
        unit = (colors / 255 * 1.4 - 0.2).astype(dtype)
        back = ycbcr_to_rgb(rgb_to_ycbcr(unit))
        assert back.dtype == dtype
        np.testing.assert_allclose(back, unit, rtol=0, atol=tolerance)


def test_luminance_is_the_first_channel(colors):
    for dtype in (np.uint8, np.float32, np.float64):
        image = colors.astype(dtype) if dtype == np.uint8 else (colors / 255).astype(dtype)
        luminance = rgb_to_y(image)

        assert luminance.dtype == dtype
        assert luminance.shape == (40, 50)
        tolerance = 0 if dtype == np.uint8 else 1e-6
        np.testing.assert_allclose(luminance, rgb_to_ycbcr(image)[..., 0], rtol=0, atol=tolerance)


def test_rounding_does_not_depend_on_position():
    # Of all 16.7 million colors, these have a Y midway between two levels.
    red, green, blue = np.ogrid[:256, :256, :256]
    midway = (65481 * red + 128553 * green + 24966 * blue) % 255000 == 127500
    colors = np.argwhere(midway).astype(np.uint8)
    assert len(colors) == 194

    luminance = rgb_to_y(colors)

    np.testing.assert_array_equal(rgb_to_y(colors[None, ::-1])[0, ::-1], luminance)
    np.testing.assert_array_equal([rgb_to_y(color) for color in colors], luminance)


def test_batches_are_converted_like_single_pictures(colors):
    batch = np.stack([colors, colors[::-1]])

    np.testing.assert_array_equal(rgb_to_ycbcr(batch)[1], rgb_to_ycbcr(colors[::-1]))


@pytest.mark.parametrize("convert", [rgb_to_ycbcr, rgb_to_y, ycbcr_to_rgb])
def test_other_shapes_and_dtypes_are_refused(convert):
    with pytest.raises(TypeError, match="int64"):
        convert(np.zeros((2, 2, 3), np.int64))
    for shape in ((), (2, 2), (2, 2, 4), (3, 2)):
        with pytest.raises(ValueError, match="three channels"):
            convert(np.zeros(shape))


@pytest.mark.parametrize("name", ["bird_GT_x3", "butterfly_GT_x2", "butterfly_GT_x4"])
def test_luminance_of_photographs_matches_matlab(shared_data, name):
    expected = np.load(shared_data / f"matlab/{name}.npz")["hr_y"]
    picture = np.asarray(Image.open(shared_data / f"set5/{name[:-3]}.bmp"))
    picture = picture[: expected.shape[0], : expected.shape[1]]

    np.testing.assert_array_equal(255 * rgb_to_y(picture / 255), expected)
    # Within a half, not equal to rint: some colors lie exactly between two levels.
    np.testing.assert_allclose(rgb_to_y(picture), expected, rtol=0, atol=0.5 + 1e-9)
