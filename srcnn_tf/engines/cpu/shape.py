"""Which networks the SRCNN kernels are for, and how much memory a strip of a picture takes."""

import dataclasses

from srcnn_tf.engines.cpu.function_builder import LANES, register_lanes

TILE_MULTIPLE = 12  # a strip has a multiple of this many tiles in a row
TILE = 8  # samples on a side of a tile of Winograd's convolution
FIRST_RING = 8  # rows kept of the first layer: those that one row of tiles takes
SECOND_RING = 16  # of the second: at most 8 new ones and the 4 above them
# Floats between the planes of two frequencies, a cache line: at a distance of many cache lines
# exactly, all 64 planes would contend for the same few places of the first-level cache.
PLANE_GAP = LANES


@dataclasses.dataclass(frozen=True)
class KernelShape:
    """A network that these kernels can run: three layers, one plane in and out.

    Attributes:
      kernel_sizes: sides of the three filters; the second at most 8.
      filters: of the first and the second layer, multiples of 16.
      lanes: floats in a register, 4, 8 or 16: how many sums the code keeps at once.
    """

    kernel_sizes: tuple[int, int, int]
    filters: tuple[int, int]
    lanes: int = dataclasses.field(default_factory=register_lanes)

    @property
    def outputs(self) -> int:
        """Side of the block of outputs that a tile gives."""
        return TILE + 1 - self.kernel_sizes[1]

    @property
    def block(self) -> int:
        """Rows in each block of a matrix product: tiles, or inputs of the kernel's gradient."""
        return {16: 12, 8: 6, 4: 2}[self.lanes]

    @property
    def vectors(self) -> int:
        """Vectors of filters in such a block: its sums, one row of factors and a splat must fit."""
        return {16: 2, 8: 1, 4: 1}[self.lanes]

    @property
    def halo_columns(self) -> int:
        """Columns of the first layer beyond those of the second, in a strip; a multiple of 4."""
        return -(-(self.kernel_sizes[1] - 1) // 4) * 4

    def scratch(self, tiles: int) -> int:
        """Returns how many floats `strip` needs for its rings, spectra and products."""
        first, second = self.filters
        columns = self.outputs * tiles
        rings = FIRST_RING * (columns + self.halo_columns) * first + SECOND_RING * columns * second
        return rings + TILE * TILE * (tiles * (first + second) + 2 * PLANE_GAP)
