"""How a training crop lies in memory, layer by layer, while its gradient is computed."""

import dataclasses

from srcnn_tf.engines.cpu.shape import PLANE_GAP, TILE, KernelShape


@dataclasses.dataclass(frozen=True)
class PatchLayout:
    """Sizes of a square crop's layers, "valid" padding, and of the buffers that hold them.

    Tiles of Winograd's convolution cover the second layer, which they may exceed at the right and
    at the bottom: what is computed there is never used, and its gradient is zero.

    Attributes:
      shape: of the network.
      patch: side of the crop, more than the network's kernels take away.
    """

    shape: KernelShape
    patch: int

    @property
    def first_side(self) -> int:
        """Side of the first layer's result."""
        return self.patch - self.shape.kernel_sizes[0] + 1

    @property
    def second_side(self) -> int:
        """Side of the second layer's result."""
        return self.first_side - self.shape.kernel_sizes[1] + 1

    @property
    def third_side(self) -> int:
        """Side of the result."""
        return self.second_side - self.shape.kernel_sizes[2] + 1

    @property
    def tiles_across(self) -> int:
        """Tiles in a row of tiles, and rows of tiles."""
        return -(-self.second_side // self.shape.outputs)

    @property
    def tiles(self) -> int:
        """Tiles in all."""
        return self.tiles_across**2

    @property
    def blocked_tiles(self) -> int:
        """Tiles with those that fill up the last block of a matrix product."""
        return -(-self.tiles // self.shape.block) * self.shape.block

    @property
    def first_rows(self) -> int:
        """Rows of the first layer that the tiles look at."""
        return self.second_rows + self.shape.kernel_sizes[1] - 1

    @property
    def first_columns(self) -> int:
        """Columns that a buffer of the first layer has, a multiple of 4."""
        return _up_to_four(self.first_rows)

    @property
    def second_rows(self) -> int:
        """Rows of the second layer that the tiles give."""
        return self.tiles_across * self.shape.outputs

    @property
    def second_columns(self) -> int:
        """Columns that a buffer of the second layer has, a multiple of 4."""
        return _up_to_four(self.second_rows)

    @property
    def plane_columns(self) -> int:
        """Columns of the crop, with those beyond it that the first layer's buffer looks at."""
        return self.first_columns + self.shape.kernel_sizes[0] - 1

    @property
    def gradient_border(self) -> int:
        """Zeros above and at the left of the result's gradients."""
        return self.shape.kernel_sizes[2] - 1

    @property
    def gradient_shape(self) -> tuple[int, int]:
        """Rows and columns of the result's gradients, with zeros around them."""
        return self.second_rows + self.gradient_border, self.second_columns + self.gradient_border

    @property
    def spectra_plane(self) -> int:
        """Floats from one frequency of the first layer's spectra to the next."""
        return self.blocked_tiles * self.shape.filters[0] + PLANE_GAP

    @property
    def products_plane(self) -> int:
        """Floats from one frequency of the second layer's spectra to the next."""
        return self.blocked_tiles * self.shape.filters[1] + PLANE_GAP

    @property
    def buffers(self) -> dict[str, int]:
        """Floats that each buffer of a crop takes, in the order of the kernels' arguments."""
        first, second = self.shape.filters
        rows, columns = self.gradient_shape
        return {
            "plane": self.patch * self.plane_columns,
            "first": self.first_rows * self.first_columns * first,
            "spectra": TILE * TILE * self.spectra_plane,
            "products": TILE * TILE * self.products_plane,
            "second": self.second_rows * self.second_columns * second,
            "result": self.third_side**2,
            "gradients": rows * columns,
            "first_gradients": self.first_rows * self.first_columns * first,
        }


def _up_to_four(count):
    return -(-count // 4) * 4
