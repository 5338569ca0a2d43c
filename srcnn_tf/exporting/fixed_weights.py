"""What `upscale` does beside the network, as weights of convolutions: colors, bicubic, pixels."""

from collections.abc import Callable

import numpy as np

from srcnn_tf.imaging.color import rgb_to_ycbcr, ycbcr_to_rgb
from srcnn_tf.imaging.phases import REACH, bicubic_phases

TAPS = 2 * REACH + 1


def to_ycbcr() -> tuple[np.ndarray, np.ndarray]:
    """Returns float32 (3, 3) and (3,): RGB in 0..255 times the matrix, and the offset, is YCbCr."""
    matrix, offset = _affine(rgb_to_ycbcr)
    return (matrix / 255).astype(np.float32), offset.astype(np.float32)


def to_rgb() -> tuple[np.ndarray, np.ndarray]:
    """Returns float32 (3, 3) and (3,): from YCbCr, 1.0 = 255, to RGB in 0..255."""
    matrix, offset = _affine(ycbcr_to_rgb)
    return (matrix * 255).astype(np.float32), (offset * 255).astype(np.float32)


def bicubic_taps(scale: int) -> np.ndarray:
    """Returns float32 (5 scale,): the kernel of a transposed convolution that enlarges as imresize.

    Its stride is the scale. Of what comes out, the first and last 4 scale belong to pixels beyond
    the edges, if the old ones were extended by the `REACH` that each new one depends on.
    """
    # Tap (REACH - o) scale + p is what the old pixel o places on gives to the new pixel p.
    return bicubic_phases(scale)[:, ::-1].T.reshape(-1)


def pixel_shuffle_kernel(scale: int) -> np.ndarray:
    """Returns float32 (scale, scale, 1, scale^2): `depth_to_space` as a transposed convolution."""
    return np.eye(scale**2, dtype=np.float32).reshape(scale, scale, 1, scale**2)


def _affine(convert: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    offset = convert(np.zeros((1, 3)))[0]
    return convert(np.eye(3)) - offset, offset
