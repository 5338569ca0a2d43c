"""`ColorMode`: in which planes a network sees a picture, and the way there and back."""

import dataclasses

import numpy as np

from srcnn_tf.imaging.color import rgb_to_gray, rgb_to_ycbcr, ycbcr_to_rgb


@dataclasses.dataclass(frozen=True)
class ColorMode:
    """What the planes of a network are. The one place that converts them.

    A picture in color becomes three planes, the first `channels` of which a network restores;
    bicubic enlarges the others. To a network on luminance a gray picture is its own Y. To the
    others it is a picture in color whose three channels are equal, so that gray and colored
    pictures have the same range there.

    Attributes:
      name: what architectures and names of networks call it.
      channels: planes that a network takes and gives.
      is_ycbcr: whether the planes are MATLAB's YCbCr, else RGB.
    """

    name: str
    channels: int
    is_ycbcr: bool

    @property
    def plane_axes(self) -> tuple[int, ...]:
        """What follows rows and columns in the shape of a network's input: () or (channels,)."""
        return () if self.channels == 1 else (self.channels,)

    def planes_of(self, picture: np.ndarray) -> np.ndarray:
        """Returns the planes of a picture: the network's first, then what bicubic enlarges.

        Args:
          picture: uint8, or floats with white at 1.0; (H, W, 1) gray or (H, W, 3) RGB.

        Returns:
          (H, W, 3), or (H, W, 1) for gray luminance, of the same dtype. uint8 is rounded as
          MATLAB's `rgb2ycbcr` does; floats are neither rounded nor clipped.
        """
        if picture.shape[2] == 1:
            if self.channels == 1:
                return picture
            picture = np.repeat(picture, 3, axis=2)
        return rgb_to_ycbcr(picture) if self.is_ycbcr else picture

    def picture_of(self, planes: np.ndarray, gray: bool) -> np.ndarray:
        """Returns the picture that planes are of: the inverse of `planes_of`.

        Args:
          planes: as `planes_of` gives them, floats or uint8.
          gray: whether the picture is to be gray: (H, W, 1), else RGB (H, W, 3).
        """
        if planes.shape[2] == 1:
            return planes
        rgb = ycbcr_to_rgb(planes) if self.is_ycbcr else planes
        return rgb_to_gray(rgb)[..., None] if gray else rgb

    def weights_on_rgb(self, kernel: np.ndarray) -> np.ndarray:
        """Returns what filters of three planes weigh R, G and B by.

        Args:
          kernel: (rows, columns, 3, filters), of a first layer.

        Returns:
          The same shape: the planes are linear in R, G and B, but for an offset.
        """
        basis = self.planes_of(np.eye(3)[None]) - self.planes_of(np.zeros((1, 1, 3)))
        return np.einsum("rcpf,bp->rcbf", kernel, basis[0])


LUMINANCE = ColorMode("luminance", 1, is_ycbcr=True)
YCBCR = ColorMode("ycbcr", 3, is_ycbcr=True)
RGB = ColorMode("rgb", 3, is_ycbcr=False)
COLOR_MODES = {mode.name: mode for mode in (LUMINANCE, YCBCR, RGB)}
