"""A plane gets the colors of bicubic back."""

import numpy as np

from srcnn_tf.imaging.color import rgb_to_y, rgb_to_ycbcr
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.imaging.luma import LumaToRgb
from srcnn_tf.imaging.resize import imresize


def test_luma_is_the_planes_and_chroma_is_bicubics(photo):
    pair = degrade(photo, 3)
    color = LumaToRgb(pair.hr, pair.hr_y[..., 0], 3)
    restored = color(pair.bicubic_y[..., 0])
    np.testing.assert_array_equal(color.original, pair.hr)
    assert restored.dtype == np.uint8 and restored.shape == pair.hr.shape

    inside = (restored > 0).all(-1) & (restored < 255).all(-1)  # Nothing was clipped there.
    error = rgb_to_y(restored) - 255 * pair.bicubic_y[..., 0].astype(np.float64)
    assert np.abs(error)[inside].max() < 1.01
    chroma = rgb_to_ycbcr(pair.hr / 255)[..., 1:]
    chroma = imresize(imresize(chroma, 1 / 3), 3)
    difference = 255 * (rgb_to_ycbcr(restored / 255.0)[..., 1:] - chroma)
    assert np.abs(difference)[inside].max() < 1.01


def test_a_picture_that_is_its_own_y_stays_gray(photo):
    pair = degrade(photo[..., 0], 2)
    hr_y = pair.hr_y[..., 0]
    for original in (hr_y, pair.hr):
        color = LumaToRgb(original, hr_y, 2)
        assert color.is_gray
        np.testing.assert_array_equal(color.original, hr_y)
        np.testing.assert_array_equal(color(hr_y / 255), hr_y)
