"""One picture becomes the pair that the paper's protocol asks for."""

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.evaluation.metrics.psnr import psnr
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.degradation import degrade, degrade_y
from srcnn_tf.imaging.resize import imresize


@pytest.mark.parametrize("scale", [1, 2, 3, 4, 7])
def test_shapes_dtypes_and_ranges(photo, scale):
    pair = degrade(photo, scale)

    rows, columns = 150 // scale, 200 // scale
    found = {name: (array.shape, array.dtype) for name, array in pair._asdict().items()}
    assert found == {
        "hr": ((rows * scale, columns * scale, 3), np.uint8),
        "lr": ((rows, columns, 3), np.uint8),
        "hr_y": ((rows * scale, columns * scale, 1), np.uint8),
        "lr_y": ((rows, columns, 1), np.float32),
        "bicubic_y": ((rows * scale, columns * scale, 1), np.float32),
    }
    assert pair.hr_y.min() >= 16
    assert pair.hr_y.max() <= 235
    assert psnr(pair.hr_y / 255, pair.bicubic_y, peak=1) > 25


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_every_array_follows_from_the_crop(photo, scale):
    pair = degrade(photo, scale)

    rows, columns = pair.hr.shape[:2]
    np.testing.assert_array_equal(pair.hr, photo[:rows, :columns])
    np.testing.assert_array_equal(pair.lr, imresize(pair.hr, 1 / scale))
    np.testing.assert_array_equal(pair.hr_y[..., 0], rgb_to_y(pair.hr))
    # Nothing is rounded between the original's 8 bits and the result's float32.
    lr_y = imresize(pair.hr_y[..., 0] / 255, 1 / scale)
    np.testing.assert_array_equal(pair.lr_y[..., 0], lr_y.astype(np.float32))
    np.testing.assert_array_equal(pair.bicubic_y[..., 0], imresize(lr_y, scale).astype(np.float32))


@pytest.mark.parametrize("shape", [(150, 200), (150, 200, 1)])
def test_a_gray_picture_is_its_own_luminance(photo, shape):
    gray = np.clip(photo[..., 0] * 2.0 - 120, 0, 255).astype(np.uint8).reshape(shape)
    assert gray.max() > 235  # which no converted picture could have

    pair = degrade(gray, 3)

    cropped = gray.reshape(150, 200)[:150, :198]
    np.testing.assert_array_equal(pair.hr_y[..., 0], cropped)
    for channel in range(3):
        np.testing.assert_array_equal(pair.hr[..., channel], cropped)
        np.testing.assert_array_equal(pair.lr[..., channel], imresize(cropped, 1 / 3))


def test_luminance_alone_gives_the_same_planes(photo):
    pair = degrade(photo, 4)

    lr_y, bicubic_y = degrade_y(pair.hr_y[..., 0], 4)

    np.testing.assert_array_equal(lr_y, pair.lr_y[..., 0])
    np.testing.assert_array_equal(bicubic_y, pair.bicubic_y[..., 0])


def test_scale_one_changes_nothing(photo):
    pair = degrade(photo, 1)

    np.testing.assert_array_equal(pair.lr, photo)
    np.testing.assert_allclose(pair.bicubic_y, pair.hr_y / 255, rtol=0, atol=1e-7)


def test_a_picture_may_be_as_small_as_the_scale():
    pair = degrade(np.full((3, 4, 3), 200, np.uint8), 3)

    assert pair.lr.shape == (1, 1, 3)
    assert (pair.lr == 200).all()


def test_unusable_pictures_and_scales_are_refused(photo):
    with pytest.raises(TypeError, match="uint8"):
        degrade(photo / 255, 2)
    for shape in ((8,), (8, 8, 2), (8, 8, 4), (1, 8, 8, 3)):
        with pytest.raises(ValueError, match="pictures"):
            degrade(np.zeros(shape, np.uint8), 2)
    for scale in (0, -2, 1.5):
        with pytest.raises(ValueError, match="positive integer"):
            degrade(photo, scale)
    with pytest.raises(ValueError, match="5 x 2 pixels"):
        degrade(np.zeros((2, 5, 3), np.uint8), 3)


@pytest.mark.parametrize(
    ("name", "scale"), [("bird_GT", 3), ("butterfly_GT", 2), ("butterfly_GT", 4)]
)
def test_photographs_match_matlab(shared_data, name, scale):
    matlab = np.load(shared_data / f"matlab/{name}_x{scale}.npz")
    rows, columns = matlab["hr_y"].shape  # which may be less than modcrop leaves
    picture = np.asarray(Image.open(shared_data / f"set5/{name}.bmp"))[:rows, :columns]

    pair = degrade(picture, scale)

    # MATLAB's arrays began at an unrounded Y. Resizing is linear, so the rounding can be taken out.
    rounding = (pair.hr_y[..., 0] - matlab["hr_y"]) / 255
    assert np.abs(rounding * 255).max() < 0.5 + 1e-9
    lr_rounding = imresize(rounding, 1 / scale)
    np.testing.assert_allclose(
        pair.lr_y[..., 0] - lr_rounding, matlab["lr_y"] / 255, rtol=0, atol=1e-7
    )
    np.testing.assert_allclose(
        pair.bicubic_y[..., 0] - imresize(lr_rounding, scale),
        matlab["bicubic_y"] / 255,
        rtol=0,
        atol=1e-7,
    )
