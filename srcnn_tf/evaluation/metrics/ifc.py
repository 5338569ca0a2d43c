"""`ifc`: the information fidelity criterion."""

import math

import numpy as np

from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.metrics.operands import checked_operands

_LEVELS = 4
_ORIENTATIONS = (0, 3)  # Horizontal and vertical of the pyramid's six.
_BLOCK = 3
_TOLERANCE = 1e-15
# The coarsest level is smaller by 8, and of its blocks one at each side is left out.
_SMALLEST = 8 * 3 * _BLOCK


def ifc(reference: np.ndarray, image: np.ndarray) -> float:
    """Information fidelity criterion: bits per pixel that an image keeps of its reference.

    H. R. Sheikh, A. C. Bovik and G. de Veciana, "An information fidelity criterion for image
    quality assessment using natural scene statistics", 2005, with the details of the authors'
    `ifcvec`: a steerable pyramid of four levels (`sp5Filters`, edges mirrored), of which the
    horizontal and the vertical bands count, 3 x 3 vectors of a Gaussian scale mixture, and a
    distortion channel of gain and noise in windows of 3 to 17 coefficients.

    Needs `pyrtools`, for the pyramid.

    Args:
      reference: (H, W) array of real dtype, 0..255, both sides at least 72; computed in float64.
      image: array of the same shape and range. The order matters.

    Returns:
      At least 0, without a largest value: identical planes have some tens.

    Raises:
      ValueError: as `psnr`, or the planes are too small.
      ModuleNotFoundError: `pyrtools` is not installed.
    """
    reference, image, _ = checked_operands(reference, image, None)
    if reference.ndim != 2 or min(reference.shape) < _SMALLEST:
        raise ValueError(
            f"IFC takes planes of at least {_SMALLEST} x {_SMALLEST}, not {reference.shape}."
        )
    theirs, ours = _pyramid(reference), _pyramid(image)
    bands = [(level, each) for level in range(_LEVELS) for each in _ORIENTATIONS]
    return sum(_information(theirs[band], ours[band], band[0]) for band in bands) / reference.size


def _pyramid(plane):
    # It loads Matplotlib, which nobody else should wait for.
    from pyrtools.pyramids import SteerablePyramidSpace

    return SteerablePyramidSpace(plane, _LEVELS, order=5, edge_type="reflect1").pyr_coeffs


def _information(reference, image, level):
    """The bits that one band keeps."""
    rows, columns = (side // _BLOCK * _BLOCK for side in reference.shape)
    reference, image = reference[:rows, :columns], image[:rows, :columns]
    window = 2 ** (_LEVELS - level) + 1
    gain, noise = _channel(reference, image, window)
    eigenvalues, scale = _mixture(reference)
    # Blocks whose window reaches over the edge are left out.
    border = math.ceil(window // 2 / _BLOCK)
    inside = slice(border, -border), slice(border, -border)
    signal = (gain**2 * scale / (noise + 1e-10))[inside]
    return float(sum(np.log2(1 + signal * each).sum() for each in eigenvalues))


def _channel(reference, image, window):
    """Gain, and variance of the noise, of the regression of `image` on `reference` at each block.

    A gain below 0 counts as 0: nothing is kept.
    """
    from scipy.ndimage import uniform_filter

    def mean(values):
        middle = slice(_BLOCK // 2, None, _BLOCK)
        return uniform_filter(values, window, mode="mirror")[middle, middle]

    mean_r, mean_i = mean(reference), mean(image)
    variance_r = np.maximum(mean(reference**2) - mean_r**2, 0)
    variance_i = np.maximum(mean(image**2) - mean_i**2, 0)
    covariance = mean(reference * image) - mean_r * mean_i
    gain = np.maximum(covariance / (variance_r + _TOLERANCE), 0)
    gain[(variance_r < _TOLERANCE) | (variance_i < _TOLERANCE)] = 0
    return gain, np.maximum(variance_i - gain * covariance, _TOLERANCE)


def _mixture(band):
    """Eigenvalues of the covariance of all blocks, and the scale of those that do not overlap."""
    every = np.lib.stride_tricks.sliding_window_view(band, (_BLOCK, _BLOCK))
    vectors = every.reshape(-1, _BLOCK**2)
    covariance = np.cov(vectors, rowvar=False, bias=True)
    own = every[::_BLOCK, ::_BLOCK].reshape(-1, _BLOCK**2)
    scale = np.sum(own * np.linalg.solve(covariance, own.T).T, axis=1) / _BLOCK**2
    shape = band.shape[0] // _BLOCK, band.shape[1] // _BLOCK
    return np.linalg.eigvalsh(covariance), scale.reshape(shape)


METRIC = Metric(
    name="ifc",
    title="IFC",
    compute=lambda picture: (
        ifc(picture.hr_y, picture.y) if min(picture.y.shape) >= _SMALLEST else math.nan
    ),
    description="IFC of Y",
    package="pyrtools",
)
