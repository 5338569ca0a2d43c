"""Which metadata each format can hold, and how its writer takes them."""

import logging

from PIL import Image, PngImagePlugin

from srcnn_tf.files import png_chunks
from srcnn_tf.files.picture_metadata import IPTC_TAG, XMP_TAG, Metadata, photoshop_block

_LOGGER = logging.getLogger(__name__)
# What no format but those of its column can hold, or the writers at hand cannot write.
_HOLDS = {
    "PNG": {"EXIF", "XMP", "IPTC", "comment", "texts", "colors"},
    "JPEG": {"EXIF", "XMP", "IPTC", "comment"},
    "WEBP": {"EXIF", "XMP"},
    "AVIF": {"EXIF", "XMP"},
    "TIFF": {"EXIF", "XMP", "IPTC"},
    "BMP": set(),
}
_WORDS = {
    "profile": "color profile",
    "texts": "PNG's texts",
    "colors": "PNG's color space (gAMA, cHRM or cICP), so that colors look different",
    "camera": "EXIF's camera settings and place in 16-bit color",
    "long EXIF": "more than 64 kB of EXIF",
    "long XMP": "more than 64 kB of XMP",
    "long IPTC": "more than 64 kB of IPTC",
    "long comment": "more than 64 kB of comment",
}
# JPEG's segments hold 65,533 bytes, less what each kind begins with.
_JPEG_SEGMENT = 65_533 - 64
# Formats and kinds that were said to be lost, so that a folder of pictures says it once.
_SAID: set[tuple[str, str]] = set()


def pillow_options(
    form: str, metadata: Metadata, size: tuple[int, int], name: object
) -> dict[str, object]:
    """Returns the options with which Pillow's `save` writes metadata.

    Args:
      form: Pillow's name of the format.
      metadata: is written as far as the format can hold it; what it cannot is said, once for
        each format and kind in a process.
      size: (width, height) of the picture.
      name: of the file, for that message.
    """
    exif = metadata.exif_bytes(size, with_dpi=form in ("WEBP", "AVIF"))
    xmp, iptc, comment = metadata.xmp_bytes(size), metadata.iptc, _comment(form, metadata)
    lost = _lost(form, metadata)
    if form == "JPEG":
        values = {"EXIF": exif, "XMP": xmp, "IPTC": iptc, "comment": comment}
        long = [kind for kind, value in values.items() if value and len(value) > _JPEG_SEGMENT]
        lost += [f"long {kind}" for kind in long]
        exif, xmp, iptc, comment = (None if kind in long else values[kind] for kind in values)
    say_lost(form, lost, name)
    options = {}
    if metadata.icc_profile and form != "BMP":
        options["icc_profile"] = metadata.icc_profile
    if metadata.dpi:
        options["dpi"] = metadata.dpi
    if form == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        for chunk in png_extras(metadata, size):
            options["pnginfo"].add(*chunk)
    if form == "TIFF":
        return options | _tiff_tags(exif, xmp, iptc)
    if exif and form != "BMP":
        options["exif"] = exif
    if xmp and form in ("JPEG", "WEBP", "AVIF"):
        options["xmp"] = xmp
    if form == "JPEG":
        if iptc:
            block = photoshop_block(iptc)
            options["extra"] = b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block
        if comment:
            options["comment"] = comment
    return options


def png_extras(metadata: Metadata, size: tuple[int, int]) -> list[png_chunks.Chunk]:
    """Returns the chunks of text and color of a PNG file, in the order of writing."""
    chunks = [
        (name, data)
        for name, data in metadata.colors
        # PNG allows one of the two.
        if name != b"sRGB" or not metadata.icc_profile
    ]
    chunks += metadata.texts
    xmp = metadata.xmp_bytes(size)
    if xmp:
        chunks.append(png_chunks.xmp_chunk(xmp))
    if metadata.iptc:
        chunks.append(png_chunks.iptc_chunk(metadata.iptc))
    if metadata.comment:
        chunks.append(png_chunks.text_chunk("Comment", metadata.comment.decode("utf-8", "replace")))
    return chunks


def sixteen_bit_tiff_tags(metadata: Metadata, size: tuple[int, int], name: object) -> list[tuple]:
    """Returns tifffile's extra tags for a TIFF file: XMP, IPTC, and what of EXIF is text."""
    lost = _lost("TIFF", metadata) + (["camera"] if metadata.has_sub_ifds() else [])
    say_lost("TIFF", lost, name)
    tags = [
        (tag, 2, 0, value, True)
        for tag, value in (metadata.exif or {}).items()
        if isinstance(value, str) and value.isascii()
    ]
    xmp = metadata.xmp_bytes(size)
    if xmp:
        tags.append((XMP_TAG, 1, len(xmp), xmp, True))
    if metadata.iptc:
        tags.append((IPTC_TAG, 7, len(metadata.iptc), metadata.iptc, True))
    return tags


def say_lost(form: str, kinds: list[str], name: object) -> None:
    """Says what a format cannot hold, once for each format and kind."""
    new = [kind for kind in kinds if (form, kind) not in _SAID]
    if new:
        _SAID.update((form, kind) for kind in new)
        words = ", ".join(_WORDS.get(kind, kind) for kind in new)
        _LOGGER.warning(
            "%s: %s cannot hold %s; left out here, and in further files without a word",
            name,
            form,
            words,
        )


def _lost(form: str, metadata: Metadata) -> list[str]:
    present = {
        "profile": bool(metadata.icc_profile) and form == "BMP",
        "EXIF": bool(metadata.exif),
        "XMP": bool(metadata.xmp),
        "IPTC": bool(metadata.iptc),
        "comment": bool(_comment(form, metadata)),
        "texts": bool(_texts(form, metadata)),
        "colors": png_chunks.changes_colors(metadata.colors, bool(metadata.icc_profile)),
    }
    return [kind for kind, there in present.items() if there and kind not in _HOLDS[form]]


def _comment(form: str, metadata: Metadata) -> bytes | None:
    """Returns the comment; JPEG's may come from PNG's text of that name."""
    if form == "JPEG" and metadata.comment is None:
        return png_chunks.text_of(metadata.texts, "Comment")
    return metadata.comment


def _texts(form: str, metadata: Metadata) -> list[png_chunks.Chunk]:
    if form != "JPEG":
        return list(metadata.texts)
    return [chunk for chunk in metadata.texts if not chunk[1].startswith(b"Comment\0")]


def _tiff_tags(exif: bytes | None, xmp: bytes | None, iptc: bytes | None) -> dict[str, object]:
    tags = Image.Exif()
    if exif:
        tags.load(exif)
    if xmp:
        tags[XMP_TAG] = xmp
    if iptc:
        tags[IPTC_TAG] = iptc
    return {"exif": tags} if len(tags) else {}
