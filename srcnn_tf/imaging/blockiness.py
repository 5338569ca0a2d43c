"""`blockiness`: how strongly a plane shows the grid of 8 x 8 blocks that JPEG leaves."""

import numpy as np

_SIDE = 8
# In 1/255 of white. Stronger breaks are edges of things, and would drown out those of blocks.
_STRONGEST = 12.0
# Clean parts of BSD200's pictures, shrunk by two, of this side exceed 0.08 in 2 of 100 cases; those
# of 64 pixels in 12, and of 32 pixels in 44.
_SMALLEST = 96


def blockiness(plane: np.ndarray) -> float:
    """Compares breaks of brightness between blocks with those within them.

    A break is how far the step from one pixel to the next differs from the mean of the steps before
    and after it. In a JPEG they are larger at every eighth pixel. Where the grid begins is not
    known, since pictures are cropped: it is taken where breaks are largest, in each direction.

    Args:
      plane: real (H, W), 1.0 = 255.

    Returns:
      By how much the mean break at the grid exceeds that at any other place but those next to it,
      as a fraction of theirs, averaged over both directions; around 0 in pictures that were never
      compressed, and 0 in those too small to tell (below 96 pixels in one direction).
    """
    plane = np.asarray(plane, np.float32) * 255
    if min(plane.shape) < _SMALLEST:
        return 0.0
    return (_along_rows(plane) + _along_rows(plane.T)) / 2


def _along_rows(plane):
    steps = np.diff(plane, axis=1)
    breaks = np.abs(steps[:, 1:-1] - (steps[:, :-2] + steps[:, 2:]) / 2)
    columns = np.minimum(breaks, _STRONGEST).mean(axis=0, dtype=np.float64)
    means = np.array([columns[phase::_SIDE].mean() for phase in range(_SIDE)])
    top = int(np.argmax(means))
    # A step between blocks also counts by half to the breaks beside it. Of the others the largest
    # is what chance does: of eight means that differ by nothing one is the largest, too.
    others = np.roll(means, -top)[2:-1]
    return float((means[top] - others.max()) / max(np.median(others), 1e-3))
