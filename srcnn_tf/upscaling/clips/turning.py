"""Films that are to be turned or mirrored before they are seen, as phones record them: upright."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from srcnn_tf.upscaling.clips.planes import Layout

if TYPE_CHECKING:
    import av


class Turning(NamedTuple):
    """What makes a frame upright: first rows become columns, then it is mirrored.

    Attributes:
      transposed: whether rows become columns.
      left_right: whether left becomes right, after that.
      upside_down: whether top becomes bottom, after that.
    """

    transposed: bool = False
    left_right: bool = False
    upside_down: bool = False

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Returns (width, height) of the upright frame."""
        return (height, width) if self.transposed else (width, height)

    def plane(self, plane: np.ndarray) -> np.ndarray:
        """Returns a plane upright."""
        plane = plane.swapaxes(0, 1) if self.transposed else plane
        plane = plane[:, ::-1] if self.left_right else plane
        return plane[::-1] if self.upside_down else plane

    def layout(self, layout: Layout) -> Layout:
        """Returns what the upright planes are."""
        (rows, columns), (top, left) = layout.steps, layout.siting
        if self.transposed:
            rows, columns, top, left = columns, rows, left, top
        left = columns - left if self.left_right else left
        top = rows - top if self.upside_down else top
        return layout._replace(steps=(rows, columns), siting=(top, left))


def turning_of(frame: "av.VideoFrame") -> Turning:
    """Reads a frame's display matrix; turns that are no multiples of 90 degrees are left out.

    The matrix is ISO/IEC 14496-12's, 3 x 3, row by row, in which (p, q) is shown at
    (a p + c q + x, b p + d q + y).
    """
    sides: Any = frame.side_data  # PyAV's types take it for a dictionary.
    for side in sides:
        if side.type.name == "DISPLAYMATRIX":
            a, b, _, c, d = np.frombuffer(bytes(side), np.int32)[:5].tolist()
            if not a and not d:
                return Turning(True, c < 0, b < 0)
            if not b and not c:
                return Turning(False, a < 0, d < 0)
    return Turning()
