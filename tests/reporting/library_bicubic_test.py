"""What libraries call bicubic, measured: which widen the kernel, and what that does to scores."""

import numpy as np
import pytest
import skimage.data

from srcnn_tf.evaluation.metrics.psnr import psnr
from srcnn_tf.imaging.cropping import shave
from srcnn_tf.reporting.library_bicubic import (
    MATLAB,
    OPENCV,
    PILLOW,
    TENSORFLOW,
    TENSORFLOW_ANTIALIAS,
    baselines,
    libraries,
    shrinking_weights,
)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_weights_add_up_to_one_and_only_antialiased_kernels_widen(scale):
    reach = {}
    for name, resize in libraries().items():
        distances, weights = shrinking_weights(resize, scale)
        assert weights.sum() == pytest.approx(1, abs=1e-5)
        assert (distances * weights).sum() == pytest.approx(0, abs=1e-4)  # Nothing is shifted.
        reach[name] = np.abs(distances[np.abs(weights) > 1e-6]).max()
    for name in (MATLAB, PILLOW, TENSORFLOW_ANTIALIAS):
        assert reach[name] > 1.5 * scale
    assert all(reach[name] < 2 for name in (TENSORFLOW, OPENCV) if name in reach)


def test_only_antialiased_baselines_agree_with_matlab():
    hr_y = skimage.data.camera()[100:250, 100:298]
    planes = baselines(hr_y, 3, libraries())
    scores = {
        name: psnr(shave(hr_y[:150, :198] / 255, 3), shave(plane, 3), peak=1)
        for name, plane in planes.items()
    }
    assert scores[PILLOW] == pytest.approx(scores[MATLAB], abs=0.05)
    assert scores[TENSORFLOW_ANTIALIAS] == pytest.approx(scores[MATLAB], abs=0.05)
    assert scores[TENSORFLOW] < scores[MATLAB] - 0.5
