"""What a picture file holds beside its pixels: profile, EXIF, resolution, XMP, IPTC, texts."""

import dataclasses
import logging
import pathlib
import struct
import warnings

from PIL import Image

from srcnn_tf.files import png_chunks, xmp
from srcnn_tf.files.picture_source import Memory, Source

_LOGGER = logging.getLogger(__name__)
_ORIENTATION, _EXIF_WIDTH, _EXIF_HEIGHT = 0x0112, 0xA002, 0xA003
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT, _INCH = 282, 283, 296, 2
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
# What JPEG can hold.
_HIGHEST_DPI = 65_535
XMP_TAG, IPTC_TAG, _ICC_TAG = 700, 33723, 34675
_IPTC_RESOURCE = 0x0404
# TIFF keeps these beside EXIF's tags; they describe the old file's layout, not the picture. Also
# Photoshop's blocks and layers, which would repeat the old size and orientation.
_LAYOUT_TAGS = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 277, 278, 279, 280, 281, 282, 283}
    | {284, 290, 291, 292, 293, 296, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330, 332}
    | {338, 339, 340, 341, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532}
    | {XMP_TAG, IPTC_TAG, 34377, _ICC_TAG, 37724, _ORIENTATION}
)


@dataclasses.dataclass(frozen=True)
class Metadata:
    """What a picture file holds beside its pixels; the picture is upright already.

    Attributes:
      icc_profile: of the colors as they are now (CMYK that became RGB has sRGB's).
      exif: without orientation and file layout.
      dpi: pixels per inch, horizontally and vertically.
      xmp: as it was in the file.
      iptc: captions and keywords, in IPTC's IIM format.
      comment: of a JPEG or GIF file.
      texts: PNG's chunks of text as they were, but for those that hold any of the above.
      colors: PNG's chunks that say what pixels mean: cICP, sRGB, gAMA and cHRM.
    """

    icc_profile: bytes | None = None
    exif: Image.Exif | None = None
    dpi: tuple[float, float] | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    comment: bytes | None = None
    texts: tuple[png_chunks.Chunk, ...] = ()
    colors: tuple[png_chunks.Chunk, ...] = ()

    def has_sub_ifds(self) -> bool:
        """Whether EXIF holds camera settings or GPS data, which are IFDs of their own."""
        return bool(self.exif) and any(tag in self.exif for tag in (_EXIF_IFD, _GPS_IFD))

    def exif_bytes(self, size: tuple[int, int], with_dpi: bool = False) -> bytes | None:
        """Returns EXIF for a picture of (width, height), or None if there is nothing to say.

        Args:
          size: of the picture.
          with_dpi: whether to put the resolution in, for formats that have no other place for it.
        """
        if not self.exif and not (with_dpi and self.dpi):
            return None
        exif = Image.Exif()
        if self.exif:
            exif.load(self.exif.tobytes())
        camera = exif.get_ifd(_EXIF_IFD) if _EXIF_IFD in exif else {}
        for tag, side in zip((_EXIF_WIDTH, _EXIF_HEIGHT), size, strict=True):
            if tag in camera:
                camera[tag] = side
        if with_dpi and self.dpi:
            exif[_X_RESOLUTION], exif[_Y_RESOLUTION] = self.dpi
            exif[_RESOLUTION_UNIT] = _INCH
        return exif.tobytes()

    def xmp_bytes(self, size: tuple[int, int]) -> bytes | None:
        """Returns XMP for a picture of (width, height), or None if there is none."""
        return xmp.for_enlargement(self.xmp, size) if self.xmp else None

    def pillow_info(self, size: tuple[int, int]) -> dict:
        """Returns what Pillow's images of (width, height) hold in `info`, and `save` can take."""
        about = {
            "icc_profile": self.icc_profile,
            "exif": self.exif_bytes(size),
            "dpi": self.dpi,
            "xmp": self.xmp_bytes(size),
            "comment": self.comment,
        }
        return {key: value for key, value in about.items() if value is not None}


def read_metadata(
    image: Image.Image, icc_profile, exif: Image.Exif | None, source: object = None
) -> Metadata:
    """Collects everything but profile and EXIF, which depend on the pixels' way to uprightness."""
    info = image.info
    chunks = _png_chunks(image, source) if image.format == "PNG" else []
    found = info.get("xmp") or png_chunks.text_of(chunks, png_chunks.XMP_KEY.decode())
    comment = info.get("comment") if image.format != "PNG" else None
    return Metadata(
        icc_profile=icc_profile or None,
        exif=exif,
        dpi=read_dpi(image),
        xmp=_as_bytes(found) or None,
        iptc=_read_iptc(image, chunks),
        comment=_as_bytes(comment) or None,
        texts=tuple(png_chunks.plain_texts(chunks)),
        colors=tuple(png_chunks.colors(chunks)),
    )


def read_tiff_metadata(path: Source) -> tuple[Metadata, int]:
    """Reads the metadata of a TIFF file that Pillow does not know, and the orientation to apply."""
    import tifffile

    with path.open("rb") as stream, tifffile.TiffFile(stream) as file:
        tags = {tag.code: tag.value for tag in file.pages[0].tags}
    exif = Image.Exif()
    for tag, value in tags.items():
        if isinstance(value, str) and tag not in _LAYOUT_TAGS:
            exif[tag] = value
    dpi = None
    if tags.get(_RESOLUTION_UNIT, _INCH) == _INCH and {_X_RESOLUTION, _Y_RESOLUTION} <= set(tags):
        pairs = tags[_X_RESOLUTION], tags[_Y_RESOLUTION]
        dpi = tuple(above / below for above, below in pairs if above and below)
    metadata = Metadata(
        icc_profile=_as_bytes(tags.get(_ICC_TAG)) or None,
        exif=exif if len(exif) else None,
        dpi=_sensible_dpi(dpi),
        xmp=_as_bytes(tags.get(XMP_TAG)) or None,
        iptc=_as_bytes(tags.get(IPTC_TAG)) or None,
    )
    return metadata, int(tags.get(_ORIENTATION, 1))


def read_exif(image: Image.Image, name: object) -> tuple[Image.Exif | None, int]:
    """Returns the EXIF to keep, and the orientation to apply."""
    try:
        if _is_exif_cut(image.info.get("exif")):
            _LOGGER.warning(
                "%s: its EXIF data is damaged, and what cannot be read of it is left out", name
            )
        found = image.getexif()
        # It is written as plain TIFF, whatever it was read from.
        found.bigtiff = False
        exif = Image.Exif()
        exif.load(found.tobytes())
        orientation = exif.get(_ORIENTATION, 1)
        for tag in _LAYOUT_TAGS & set(exif):
            del exif[tag]
        exif.tobytes()
    except Exception as error:  # Cameras and editors write EXIF that breaks parsers in many ways.
        _LOGGER.debug("%s: EXIF", name, exc_info=error)
        _LOGGER.warning(
            "%s: its EXIF data (camera, date, place, which side is up) is damaged and is left out",
            name,
        )
        return None, 1
    return exif if len(exif) else None, orientation


def _is_exif_cut(data: bytes | None) -> bool:
    """Whether entries are missing, which Pillow remarks on and passes over."""
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        if data:
            Image.Exif().load(data)
    return any("orrupt EXIF" in str(remark.message) for remark in remarks)


def read_dpi(image: Image.Image) -> tuple[float, float] | None:
    """Returns pixels per inch, or None where they are unknown or make no sense."""
    dpi = image.info.get("dpi")
    if dpi is None and image.format in ("WEBP", "AVIF", "HEIF"):
        exif = image.getexif()
        if exif.get(_RESOLUTION_UNIT, _INCH) == _INCH:
            dpi = exif.get(_X_RESOLUTION), exif.get(_Y_RESOLUTION)
    try:
        horizontal, vertical = (float(value) for value in dpi)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return _sensible_dpi((horizontal, vertical))


def _sensible_dpi(dpi: tuple[float, ...] | None) -> tuple[float, float] | None:
    if dpi and len(dpi) == 2 and min(dpi) > 0 and max(dpi) <= _HIGHEST_DPI:
        return dpi
    return None


def photoshop_block(iptc: bytes) -> bytes:
    """Wraps IPTC as Photoshop does in JPEG's APP13."""
    head = b"8BIM" + struct.pack(">HHI", _IPTC_RESOURCE, 0, len(iptc))
    return b"Photoshop 3.0\0" + head + iptc + bytes(len(iptc) % 2)


def _read_iptc(image: Image.Image, chunks) -> bytes | None:
    photoshop = image.info.get("photoshop")
    if isinstance(photoshop, dict):
        return _as_bytes(photoshop.get(_IPTC_RESOURCE)) or None
    found = png_chunks.iptc_of(chunks)
    if found is None:
        found = getattr(image, "tag_v2", {}).get(IPTC_TAG)
    found = _as_bytes(found)
    if found.startswith(b"8BIM"):
        size = struct.unpack(">I", found[8:12].ljust(4, b"\0"))[0]
        return found[12 : 12 + size] or None
    return found or None


def _png_chunks(image: Image.Image, source: object) -> list[png_chunks.Chunk]:
    path = getattr(image, "filename", "")
    if isinstance(source, Memory):
        return png_chunks.read_chunks(source)
    if path:
        return png_chunks.read_chunks(pathlib.Path(path))
    return png_chunks.chunks_of_info(image.info, getattr(image, "text", {}))


def _as_bytes(value: object) -> bytes:
    """Returns what libraries give as bytes, text or numbers; nothing of other types."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, tuple) and all(isinstance(item, int) for item in value):
        # TIFF's writers store bytes as 32-bit numbers, too.
        return b"".join(struct.pack("<I", item) for item in value)
    return bytes(value) if isinstance(value, bytes | bytearray) else b""
