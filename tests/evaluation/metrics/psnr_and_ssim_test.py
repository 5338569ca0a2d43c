"""PSNR and SSIM agree with their definitions and with scikit-image."""

import math

import numpy as np
import pytest
import skimage.metrics

import srcnn_tf
from srcnn_tf.evaluation.metrics.psnr import psnr
from srcnn_tf.evaluation.metrics.ssim import ssim


@pytest.fixture(scope="module")
def pair(photo):
    """A plane and a noisy copy of it, uint8."""
    plane = photo[..., 0]
    noise = np.random.default_rng(3).normal(0, 12, plane.shape)
    return plane, np.clip(np.rint(plane + noise), 0, 255).astype(np.uint8)


def test_psnr_of_identical_pictures_is_infinite(photo):
    assert psnr(photo, photo.copy()) == math.inf
    assert psnr(np.zeros((2, 2)), np.zeros((2, 2)), peak=1) == math.inf


@pytest.mark.parametrize(
    ("difference", "peak", "expected"),
    [(1, 255, 48.1308), (5, 255, 34.1514), (255, 255, 0), (0.1, 1, 20), (-0.1, 1, 20)],
)
def test_psnr_of_a_constant_difference(difference, peak, expected):
    reference = np.zeros((4, 5, 3))

    assert psnr(reference, reference + difference, peak) == pytest.approx(expected, abs=5e-5)


def test_psnr_of_bytes_does_not_wrap_around():
    black, white = np.zeros((3, 3), np.uint8), np.full((3, 3), 255, np.uint8)

    assert psnr(black, white) == psnr(white, black) == 0


def test_psnr_agrees_with_scikit_image(pair):
    expected = skimage.metrics.peak_signal_noise_ratio(*pair, data_range=255)

    assert psnr(*pair) == pytest.approx(expected, abs=1e-10)
    unit = [plane / 255 for plane in pair]
    assert psnr(*unit, peak=1) == pytest.approx(expected, abs=1e-10)


def test_ssim_agrees_with_scikit_image_where_the_window_fits(pair):
    _, similarity = skimage.metrics.structural_similarity(
        *(plane.astype(np.float64) for plane in pair),
        data_range=255,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        full=True,
    )
    expected = similarity[5:-5, 5:-5].mean()

    assert 0.3 < expected < 0.9
    assert ssim(*pair) == pytest.approx(expected, abs=1e-9)
    assert ssim(*pair[::-1]) == pytest.approx(expected, abs=1e-9)
    unit = [plane / 255 for plane in pair]
    assert ssim(*unit, peak=1) == pytest.approx(expected, abs=1e-9)


def test_ssim_of_the_smallest_planes_by_hand():
    # Flat planes have no variance, so that only the luminance term is left.
    flat = [np.full((11, 11), level, np.float64) for level in (100, 120)]
    c1 = (0.01 * 255) ** 2

    expected = (2 * 100 * 120 + c1) / (100**2 + 120**2 + c1)
    assert ssim(*flat) == pytest.approx(expected, abs=1e-9)


def test_ssim_of_identical_planes_is_one(photo):
    assert ssim(photo[..., 1], photo[..., 1].copy()) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("metric", [psnr, ssim])
def test_pictures_of_different_shapes_are_refused(metric):
    with pytest.raises(ValueError, match="different shapes"):
        metric(np.zeros((20, 20)), np.zeros((20, 21)))
    with pytest.raises(ValueError, match="different shapes"):
        metric(np.zeros((20, 20)), np.zeros((20, 20, 1)))  # would broadcast
    with pytest.raises(ValueError, match="without pixels"):
        metric(np.zeros((0, 20)), np.zeros((0, 20)))


@pytest.mark.parametrize("shape", [(10, 40), (40, 10), (40, 40, 1), (121,)])
def test_ssim_refuses_what_its_window_does_not_fit(shape):
    with pytest.raises(ValueError, match="11 x 11"):
        ssim(np.zeros(shape), np.zeros(shape))


@pytest.mark.parametrize("metric", [psnr, ssim])
def test_bytes_beside_floats_are_refused_with_the_remedy(metric, photo):
    plane = photo[..., 0]
    for pictures in ((plane, plane / 255), (plane / np.float32(255), plane)):
        with pytest.raises(ValueError, match=r"uint8 cannot .* float\d\d.* give peak=1"):
            metric(*pictures)
    with pytest.raises(ValueError, match="multiply the first by 257"):
        metric(plane, plane.astype(np.uint16) * 257)


@pytest.mark.parametrize("peak", [1, 0, -255, math.nan])
def test_a_peak_that_bytes_cannot_have_is_refused(peak, photo):
    with pytest.raises(ValueError, match="peak is the largest value"):
        psnr(photo, photo, peak=peak)


def test_sixteen_bits_score_as_eight_do(pair):
    deep = [plane.astype(np.uint16) * 257 for plane in pair]
    assert psnr(*deep) == pytest.approx(psnr(*pair), abs=1e-9)
    assert ssim(*deep) == pytest.approx(ssim(*pair), abs=1e-9)


def test_both_are_public_names():
    assert srcnn_tf.psnr is psnr and srcnn_tf.ssim is ssim
