"""IFC beside the paper's formulas, block by block, and what it refuses."""

import math

import numpy as np
import pytest

from srcnn_tf import extras
from srcnn_tf.evaluation.metrics import catalog
from srcnn_tf.evaluation.metrics.ifc import ifc

pyramids = pytest.importorskip("pyrtools.pyramids", reason="pyrtools, of the extra `metrics`")


@pytest.fixture(scope="module")
def pair(photo):
    """A plane and a blurred, noisy copy."""
    plane = photo[:101, :88, 0].astype(float)
    blurred = (plane + np.roll(plane, 1, 0) + np.roll(plane, 1, 1)) / 3
    noise = np.random.default_rng(1).normal(0, 4, plane.shape)
    return plane, np.clip(np.rint(blurred + noise), 0, 255)


def _bits(reference, image, window):
    """What one band keeps: a loop over blocks of 3 x 3, each in its window."""
    rows, columns = (side // 3 * 3 for side in reference.shape)
    reference, image = reference[:rows, :columns], image[:rows, :columns]
    blocks = [
        reference[y : y + 3, x : x + 3].ravel() for y in range(rows - 2) for x in range(columns - 2)
    ]
    covariance = np.cov(np.array(blocks).T, ddof=0)
    half = window // 2
    padded = [np.pad(plane, half, mode="reflect") for plane in (reference, image)]
    skipped = math.ceil(half / 3)
    bits = 0.0
    for y in range(skipped, rows // 3 - skipped):
        for x in range(skipped, columns // 3 - skipped):
            vector = reference[3 * y : 3 * y + 3, 3 * x : 3 * x + 3].ravel()
            scale = vector @ np.linalg.inv(covariance) @ vector / 9
            # The window's middle is the block's; padding moves it by `half`.
            rest = slice(3 * y + 1, 3 * y + 1 + window), slice(3 * x + 1, 3 * x + 1 + window)
            ours, theirs = (plane[rest].ravel() for plane in padded)
            (variance, covaries), (_, other) = np.cov(ours, theirs, ddof=0)
            gain = covaries / variance
            noise = other - gain * covaries
            if gain > 0:
                kept = gain**2 * scale / noise * np.linalg.eigvalsh(covariance)
                bits += np.log2(1 + kept).sum()
    return bits


def test_it_is_the_papers_formula(pair):
    bands = [
        pyramids.SteerablePyramidSpace(plane, 4, order=5, edge_type="reflect1").pyr_coeffs
        for plane in pair
    ]
    expected = sum(
        _bits(bands[0][level, orientation], bands[1][level, orientation], 2 ** (4 - level) + 1)
        for level in range(4)
        for orientation in (0, 3)
    )
    assert ifc(*pair) == pytest.approx(expected / pair[0].size, rel=1e-6)


def test_more_noise_keeps_less_and_contrast_keeps_all(pair):
    plane, noisy = pair
    noisier = np.clip(noisy + np.random.default_rng(2).normal(0, 20, plane.shape), 0, 255)
    assert ifc(plane, plane) > 5 * ifc(plane, noisy) > 5 * ifc(plane, noisier) > 0
    assert ifc(plane, plane * 0.5 + 60) == pytest.approx(ifc(plane, plane), rel=0.1)
    assert ifc(plane, np.full_like(plane, 99)) == 0


def test_small_planes_are_refused(pair):
    assert ifc(pair[0][:72, :72], pair[1][:72, :72]) > 0
    with pytest.raises(ValueError, match="at least 72 x 72"):
        ifc(np.zeros((71, 200)), np.zeros((71, 200)))


def test_without_its_package_it_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setattr(catalog.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r'metric ifc: .* pip install "srcnn_tf\[metrics\]"'):
        catalog.chosen(["psnr", "ifc"])
    assert catalog.chosen(["psnr"])
    assert extras._EXTRAS["pyrtools"] == "metrics"
