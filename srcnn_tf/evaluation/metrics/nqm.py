"""`nqm`: the noise quality measure, a signal-to-noise ratio of what an eye can tell apart."""

import math

import numpy as np

from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.metrics.operands import checked_operands

# A picture that is seen from 3.5 times its height, as the MeTriX MuX package assumes; in degrees.
_VIEWING_ANGLE = math.degrees(1 / 3.5)
_BANDS = 5  # Octaves, around 2, 4, 8, 16 and 32 cycles a picture.
_SMALLEST = 2**_BANDS


def nqm(reference: np.ndarray, image: np.ndarray, viewing_angle: float = _VIEWING_ANGLE) -> float:
    """Noise quality measure in dB.

    N. Damera-Venkata et al., "Image quality assessment based on a degradation model", 2000, with
    the details of the authors' MATLAB function as MeTriX MuX extends it to pictures that are not
    square: both pictures are parted into octaves by cosine log filters (E. Peli, "Contrast in
    complex images", 1990), contrast is a band over all that lies below it, differences within a
    band that its own contrast masks are undone, and what is below the threshold of sight is left
    out. What remains of both is compared as signal and noise.

    Args:
      reference: (H, W) array of real dtype, 0..255, both sides at least 32; computed in float64.
      image: array of the same shape and range.
      viewing_angle: under which the picture is seen, in degrees.

    Returns:
      Decibels; `inf` if no difference can be seen, NaN if nothing of the reference can.

    Raises:
      ValueError: as `psnr`, or the planes are too small.
    """
    reference, image, _ = checked_operands(reference, image, None)
    if reference.ndim != 2 or min(reference.shape) < _SMALLEST:
        raise ValueError(
            f"NQM takes planes of at least {_SMALLEST} x {_SMALLEST}, not {reference.shape}."
        )
    radius = _radius(reference.shape)
    seen_of_reference, seen_of_image = np.zeros(reference.shape), np.zeros(reference.shape)
    bands = zip(_bands(reference, radius), _bands(image, radius), strict=True)
    for octave, ((band, contrast), (other, other_contrast)) in enumerate(bands, start=1):
        threshold = _threshold(2**octave / viewing_angle)
        masked = np.where(_is_masked(contrast, other_contrast, octave), band, other)
        seen_of_reference += np.where(np.abs(contrast) < threshold, 0, band)
        seen_of_image += np.where(np.abs(other_contrast) < threshold, 0, masked)
    signal = np.sum(np.square(seen_of_reference))
    noise = np.sum(np.square(seen_of_reference - seen_of_image))
    if signal == 0:
        return math.nan
    return float(10 * np.log10(signal / noise)) if noise else math.inf


def _radius(shape):
    """Frequency of every coefficient of the FFT, in cycles a picture.

    The reference's is half a cycle too high where a side is odd, and published figures have that.
    """
    rows, columns = (np.fft.fftfreq(side, 1 / side) + side % 2 / 2 for side in shape)
    return np.hypot(rows[:, None], columns)


def _bands(plane, radius):
    """Yields each octave and its contrast, lowest first: (H, W) arrays."""
    spectrum = np.fft.fft2(plane)
    below = _filtered(spectrum, radius + 2, 1)
    for octave in range(1, _BANDS + 1):
        band = _filtered(spectrum, radius, octave)
        with np.errstate(divide="ignore", invalid="ignore"):
            contrast = band / below
        yield band, contrast
        below = below + band


def _filtered(spectrum, frequency, octave):
    """One cosine log band, of two octaves around 2**octave."""
    inside = (frequency >= 2 ** (octave - 1)) & (frequency <= 2 ** (octave + 1))
    position = np.log2(np.where(inside, frequency, 1)) - octave
    weights = np.where(inside, 0.5 * (1 + np.cos(np.pi * position)), 0)
    return np.fft.ifft2(spectrum * weights).real


def _threshold(frequency):
    """The least contrast that is seen at a frequency, in cycles a degree."""
    return 1 / (520 * (0.0192 + 0.114 * frequency) * math.exp(-((0.114 * frequency) ** 1.1)))


def _is_masked(contrast, other, octave):
    """Where contrasts differ by less than an eye tells apart above the threshold of sight."""
    # The reference takes the octave's number for its frequency, and sets strong contrasts of
    # either sign to 1.
    least = _threshold(octave)
    other = np.where(np.abs(other) > 1, 1, other)
    return np.abs(other - contrast) < 0.86 * (contrast - least) + 0.3 * least


METRIC = Metric(
    name="nqm",
    title="NQM",
    compute=lambda picture: (
        nqm(picture.hr_y, picture.y) if min(picture.y.shape) >= _SMALLEST else math.nan
    ),
    unit="dB",
    description="NQM of Y in dB",
)
