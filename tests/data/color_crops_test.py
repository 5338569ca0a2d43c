"""What networks in color are trained on: planes of pictures, and crops of these."""

import numpy as np
import pytest
import small_runs

from srcnn_tf.data.device_crops import DeviceCrops
from srcnn_tf.data.network_planes import input_planes, original_planes
from srcnn_tf.data.photo_degradation import as_jpeg
from srcnn_tf.data.pipeline import balanced, pack, training_batches
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.color_modes import LUMINANCE, RGB, YCBCR
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.networks.architecture import BICUBIC_GRID, LOW_GRID

_GRIDS = pytest.mark.parametrize("grid", [BICUBIC_GRID, LOW_GRID])
_COLORS = pytest.mark.parametrize("color", [YCBCR, RGB], ids=lambda color: color.name)
_OPTIONS = {"batch_size": 6, "patch": 12, "border": 2, "seed": 3}


def _packed(grid, color, factors=(1.0,), offsets=2):
    pictures = small_runs.colored_pictures(4)
    return pack(pictures, 3, factors, _OPTIONS["patch"], offsets, grid, color)


def _batches(packed, count=3, **options):
    return list(training_batches(packed, **_OPTIONS, **options).take(count).as_numpy_iterator())


@_GRIDS
@pytest.mark.parametrize("dihedral", [False, True])
def test_the_first_plane_of_ycbcr_is_luminance_bit_for_bit(grid, dihedral):
    ours = _batches(_packed(grid, YCBCR), dihedral=dihedral)
    theirs = _batches(_packed(grid, LUMINANCE), dihedral=dihedral)
    for colored, plain in zip(ours, theirs, strict=True):
        for each, plane in zip(colored, plain, strict=True):
            assert each.shape == (*plane.shape[:3], 3)
            np.testing.assert_array_equal(each[..., :1], plane)


@_GRIDS
def test_rgb_crops_are_the_same_places(grid):
    packed = _packed(grid, RGB, factors=(1.0, 0.8))
    for colored, plain in zip(
        _batches(packed), _batches(_packed(grid, LUMINANCE, factors=(1.0, 0.8))), strict=True
    ):
        for each, plane in zip(colored, plain, strict=True):
            # Luminance was rounded to 8 bits before it was shrunk, RGB was not; twice for copies.
            assert np.abs(rgb_to_y(each) - plane[..., 0]).max() < 4 / 255
            assert each.std(axis=-1).max() > 0.1


@_GRIDS
@_COLORS
def test_device_and_host_cut_the_same(grid, color):
    packed = balanced(_packed(grid, color), 0.5)
    crops = DeviceCrops(packed, "/CPU:0", **_OPTIONS)
    for expected, (places, gains) in zip(_batches(packed), crops.choices, strict=False):
        for theirs, ours in zip(expected, crops.cut(places, gains), strict=True):
            np.testing.assert_array_equal(ours, theirs)


@_COLORS
def test_planes_are_matlabs_bicubic_of_the_originals(color):
    (picture,) = small_runs.colored_pictures(1)
    original = original_planes(picture, color)
    assert original.dtype == np.uint8 and original.shape == (60, 60, 3)
    low = input_planes(picture, color, LOW_GRID)
    assert low.dtype == np.float32
    for plane in range(3):
        expected = imresize(original[..., plane] / 255.0, 1 / 3)
        np.testing.assert_allclose(low[..., plane], expected, rtol=0, atol=1e-7)
        enlarged = input_planes(picture, color, BICUBIC_GRID)[..., plane]
        np.testing.assert_allclose(enlarged, imresize(expected, 3), rtol=0, atol=1e-7)
    for grid, plane in ((BICUBIC_GRID, picture.bicubic_y), (LOW_GRID, picture.lr_y)):
        assert input_planes(picture, LUMINANCE, grid) is plane
        np.testing.assert_array_equal(input_planes(picture, YCBCR, grid)[..., 0], plane)


def test_a_small_picture_of_8_bits_is_taken_instead():
    (picture,) = small_runs.colored_pictures(1)
    small = imresize(picture.hr, 1 / 3)
    picture = picture._replace(small=small, given=True)
    np.testing.assert_allclose(input_planes(picture, RGB, LOW_GRID), small / 255, atol=1e-7)
    packed = pack([picture], 3, (1.0, 0.5), 12, 4, LOW_GRID, RGB)
    assert len(packed.starts) == 1  # How others would be degraded is not known.
    np.testing.assert_allclose(packed.pixels[:, :3], small.reshape(-1, 3) / 255, atol=1e-7)


def test_what_is_not_known_in_color_is_one_sentence():
    (picture,) = small_runs.pictures(1)
    with pytest.raises(ValueError, match=r"0\.png has no colors.*color=True"):
        pack([picture], 3, (1.0,), 12, color=RGB)
    (picture,) = small_runs.colored_pictures(1)
    with pytest.raises(ValueError, match="luminance alone"):
        input_planes(as_jpeg(picture, 3, 40), YCBCR, BICUBIC_GRID)
