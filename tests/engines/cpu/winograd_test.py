"""Minimal filtering computes exactly what a sliding filter computes."""

import numpy as np
import pytest

from srcnn_tf.engines.cpu.winograd import filtering_matrices, transformed_kernel


@pytest.mark.parametrize("taps", range(1, 9))
def test_one_dimension_equals_a_sliding_sum_of_products(taps):
    matrices = filtering_matrices(taps)
    random = np.random.default_rng(0)
    samples, filter_taps = random.normal(size=8), random.normal(size=taps)

    result = matrices.outputs @ ((matrices.kernel @ filter_taps) * (matrices.inputs @ samples))

    assert result.shape == (9 - taps,)
    np.testing.assert_allclose(result, np.correlate(samples, filter_taps), rtol=0, atol=1e-12)


@pytest.mark.parametrize("side", [1, 3, 5])
def test_two_dimensions_and_channels_equal_a_convolution(side):
    random = np.random.default_rng(0)
    tile, kernel = random.normal(size=(8, 8, 3)), random.normal(size=(side, side, 3, 2))
    windows = np.lib.stride_tricks.sliding_window_view(tile, (side, side), axis=(0, 1))
    expected = np.einsum("yxcij,ijco->yxo", windows, kernel)
    matrices = filtering_matrices(side)

    spectrum = np.einsum("ai,bj,ijc->abc", matrices.inputs, matrices.inputs, tile)
    products = np.einsum("abc,abco->abo", spectrum, transformed_kernel(kernel))
    result = np.einsum("ya,xb,abo->yxo", matrices.outputs, matrices.outputs, products)

    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-11)


@pytest.mark.parametrize("taps", [0, 9])
def test_too_few_and_too_many_taps_are_refused(taps):
    with pytest.raises(ValueError, match="1 to 8 taps"):
        filtering_matrices(taps)


@pytest.mark.parametrize("taps", range(2, 6))
def test_points_for_rounded_spectra_give_the_same_filter(taps):
    matrices = filtering_matrices(taps, 6, coarse=True)
    random = np.random.default_rng(0)
    samples, filter_taps = random.normal(size=6), random.normal(size=taps)

    result = matrices.outputs @ ((matrices.kernel @ filter_taps) * (matrices.inputs @ samples))

    np.testing.assert_allclose(result, np.correlate(samples, filter_taps), rtol=0, atol=1e-12)


def test_rounded_spectra_lose_less_by_their_points():
    def error(coarse):
        inputs, kernel, outputs = filtering_matrices(3, 6, coarse)
        random = np.random.default_rng(0)
        spectra = random.normal(size=(500, 6)) @ inputs.T, random.normal(size=(500, 3)) @ kernel.T
        # Eight bits, as bfloat16 has.
        rounded = [
            np.ldexp(np.rint(256 * part), exponent - 8) for part, exponent in map(np.frexp, spectra)
        ]
        exact = (spectra[0] * spectra[1]) @ outputs.T
        return np.sqrt(np.mean(((rounded[0] * rounded[1]) @ outputs.T - exact) ** 2))

    assert error(True) < 0.7 * error(False)
