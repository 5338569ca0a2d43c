"""XMP, the XML that editors and cameras write into pictures: what must follow an enlargement."""

import re

# Each as an attribute, a="6", or an element, <a>6</a>.
_NUMBER = rb"(\b%s\s*=\s*[\"']|<%s>)\s*\d+"
_WIDTHS = (b"exif:PixelXDimension", b"tiff:ImageWidth")
_HEIGHTS = (b"exif:PixelYDimension", b"tiff:ImageLength", b"tiff:ImageHeight")
# They tell of further pictures, films and data that stand behind the first picture in its file.
_OF_OTHER_PARTS = (
    rb"\s(?:hdrgm|HDRGainMap|GCamera|xmpNote):(?:\w*(?:Version|Motion|MicroVideo|HasExtendedXMP)\w*)"
    rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')",
    rb"<(?:hdrgm|HDRGainMap|GCamera|xmpNote):(\w*)>[^<]*</\w+:\1>",
    rb"<(Container:Directory|GContainer:Directory)\b.*?</\1>",
)


def for_enlargement(xmp: bytes, size: tuple[int, int]) -> bytes:
    """Returns XMP for an upright, single picture of (width, height); the rest stays as it is."""
    xmp = _with_number(xmp, b"tiff:Orientation", 1)
    for names, side in zip((_WIDTHS, _HEIGHTS), size, strict=True):
        for name in names:
            xmp = _with_number(xmp, name, side)
    for pattern in _OF_OTHER_PARTS:
        xmp = re.sub(pattern, b"", xmp, flags=re.DOTALL)
    return xmp


def _with_number(xmp: bytes, name: bytes, number: int) -> bytes:
    return re.sub(_NUMBER % (name, name), rb"\g<1>%d" % number, xmp)
