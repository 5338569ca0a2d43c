"""NQM beside its formulas, pixel by pixel, and what it refuses."""

import cmath
import math

import numpy as np
import pytest

from srcnn_tf.evaluation.metrics.nqm import nqm


@pytest.fixture(scope="module")
def pair(photo):
    """A plane and a noisy copy; the rows are even, the columns odd."""
    plane = photo[30:78, 90:141, 1].astype(float)
    noise = np.random.default_rng(4).normal(0, 12, plane.shape)
    return plane, np.clip(np.rint(plane + noise), 0, 255)


def _threshold(frequency):
    sensitivity = 2.6 * (0.0192 + 0.114 * frequency) * math.exp(-((0.114 * frequency) ** 1.1))
    return 1 / (200 * sensitivity)


def _weight(radius, octave):
    if not 2 ** (octave - 1) <= radius <= 2 ** (octave + 1):
        return 0
    return (1 + math.cos(math.pi * (math.log2(radius) - octave))) / 2


def _bands(plane):
    """Lowest frequencies and five octaves, by matrices of the discrete Fourier transform."""
    transforms, frequencies = [], []
    for side in plane.shape:
        turns = np.arange(side)
        transforms.append(
            [[cmath.exp(-2j * cmath.pi * k * n / side) for n in turns] for k in turns]
        )
        signed = [k if k < side / 2 else k - side for k in range(side)]
        frequencies.append([k + 0.5 * (side % 2) for k in signed])
    rows, columns = (np.array(each) for each in transforms)
    spectrum = rows @ plane @ columns
    bands = []
    for octave, added in [(1, 2), *((octave, 0) for octave in range(1, 6))]:
        weights = [[_weight(math.hypot(y, x) + added, octave) for x in frequencies[1]]
                   for y in frequencies[0]]  # fmt: skip
        band = rows.conj() @ (spectrum * weights) @ columns.conj() / plane.size
        bands.append(band.real)
    return bands


def test_it_is_the_papers_formula(pair):
    angle = 180 / math.pi / 3.5
    (low, *bands), (other_low, *others) = (_bands(plane) for plane in pair)
    signal = noise = 0.0
    for place in np.ndindex(pair[0].shape):
        below, other_below = low[place], other_low[place]
        seen = other_seen = 0.0
        for octave in range(1, 6):
            value, other = bands[octave - 1][place], others[octave - 1][place]
            contrast, other_contrast = value / below, other / other_below
            below, other_below = below + value, other_below + other
            clipped = 1 if abs(other_contrast) > 1 else other_contrast
            threshold = _threshold(octave)
            if abs(clipped - contrast) < threshold * (0.86 * (contrast / threshold - 1) + 0.3):
                other = value
            visible = _threshold(2**octave / angle)
            seen += value if abs(contrast) >= visible else 0
            other_seen += other if abs(other_contrast) >= visible else 0
        signal += seen**2
        noise += (seen - other_seen) ** 2
    assert nqm(*pair) == pytest.approx(10 * math.log10(signal / noise), abs=1e-6)


def test_more_noise_is_worse_and_what_nobody_sees_counts_nothing(pair):
    plane, noisy = pair
    noisier = np.clip(noisy + np.random.default_rng(5).normal(0, 40, plane.shape), 0, 255)
    assert nqm(plane, noisy) > nqm(plane, noisier)
    assert nqm(plane, plane) == math.inf
    # Frequencies above the fifth octave belong to no band.
    fine = 3 * (-1.0) ** np.add.outer(np.arange(128), np.arange(128))
    wave = np.tile(120 + 60 * np.sin(np.arange(128) * 2 * np.pi * 4 / 128), (128, 1))
    assert nqm(wave, wave + fine) > 100


def test_a_flat_reference_has_none_and_small_planes_are_refused():
    flat = np.full((40, 40), 128.0)
    assert math.isnan(nqm(flat, flat))
    with pytest.raises(ValueError, match="at least 32 x 32"):
        nqm(np.zeros((31, 200)), np.zeros((31, 200)))
