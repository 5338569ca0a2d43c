"""What a picture file holds beside its pixels: color profile, EXIF, resolution."""

import dataclasses
import logging

from PIL import Image

_LOGGER = logging.getLogger(__name__)
_ORIENTATION, _EXIF_WIDTH, _EXIF_HEIGHT = 0x0112, 0xA002, 0xA003
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
# TIFF keeps these beside EXIF's tags; they describe the old file's layout, not the picture. Also
# XMP and Photoshop's blocks, which would repeat the old size and orientation.
_LAYOUT_TAGS = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 277, 278, 279, 280, 281, 282, 283}
    | {284, 290, 291, 292, 293, 296, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330, 332}
    | {338, 339, 340, 341, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532}
    | {700, 33723, 34377, 34675, _ORIENTATION}
)


@dataclasses.dataclass(frozen=True)
class Metadata:
    """What a picture file holds beside its pixels; the picture is upright already.

    Attributes:
      icc_profile: of the colors as they are now (CMYK that became RGB has sRGB's).
      exif: without orientation and file layout.
      dpi: pixels per inch, horizontally and vertically.
    """

    icc_profile: bytes | None = None
    exif: Image.Exif | None = None
    dpi: tuple[float, float] | None = None

    def has_sub_ifds(self) -> bool:
        """Whether EXIF holds camera settings or GPS data, which are IFDs of their own."""
        return bool(self.exif) and any(tag in self.exif for tag in (_EXIF_IFD, _GPS_IFD))

    def exif_bytes(self, size: tuple[int, int]) -> bytes | None:
        """Returns EXIF for a picture of (width, height), or None if there is nothing to say."""
        if not self.exif:
            return None
        exif = Image.Exif()
        exif.load(self.exif.tobytes())
        camera = exif.get_ifd(_EXIF_IFD) if _EXIF_IFD in exif else {}
        for tag, side in zip((_EXIF_WIDTH, _EXIF_HEIGHT), size, strict=True):
            if tag in camera:
                camera[tag] = side
        return exif.tobytes()


def read_exif(image: Image.Image, name: object) -> tuple[Image.Exif | None, int]:
    """Returns the EXIF to keep, and the orientation to apply."""
    try:
        exif = Image.Exif()
        exif.load(image.getexif().tobytes())
        orientation = exif.get(_ORIENTATION, 1)
        for tag in _LAYOUT_TAGS & set(exif):
            del exif[tag]
        exif.tobytes()
    except Exception as error:  # Cameras and editors write EXIF that breaks parsers in many ways.
        _LOGGER.warning("the EXIF data of %s cannot be read (%s) and is left out", name, error)
        return None, 1
    return exif if len(exif) else None, orientation


def read_dpi(image: Image.Image) -> tuple[float, float] | None:
    """Returns pixels per inch, or None where they are unknown or make no sense."""
    try:
        horizontal, vertical = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (horizontal, vertical) if min(horizontal, vertical) > 0 else None
