"""PNG's chunks of text and of color: read from files as they are, and made for new ones."""

import re
import struct
import zlib
from collections.abc import Iterable, Mapping

from srcnn_tf.files.picture_source import Source

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
# The chunks of color, and their sizes.
COLORS = {b"cICP": 4, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32}
XMP_KEY = b"XML:com.adobe.xmp"
# ImageMagick's way to put what PNG has no chunk for into a text.
_IPTC_KEYS = (b"Raw profile type iptc", b"Raw profile type 8bim")
# What Pillow reads as EXIF, or would repeat the old size.
_EXIF_KEYS = (b"Raw profile type exif", b"Raw profile type APP1", b"Raw profile type xmp")
# Of sRGB, to which pictures without any of these chunks are taken to belong.
_SRGB_CICP = bytes([1, 13, 0, 1])
_SRGB_GAMMA = 45455
_SRGB_CHROMATICITIES = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)

Chunk = tuple[bytes, bytes]


def read_chunks(path: Source) -> list[Chunk]:
    """Reads the names and contents of the chunks of text and color in a PNG file.

    Raises:
      struct.error: the file is cut short.
    """
    found: list[Chunk] = []
    with path.open("rb") as file:
        if file.read(8) != _SIGNATURE:
            return []
        while True:
            size, name = struct.unpack(">I4s", file.read(8))
            if name == b"IEND":
                return found
            if name in _TEXTS or name in COLORS:
                found.append((name, file.read(size)))
                file.seek(4, 1)
            else:
                file.seek(size + 4, 1)


def chunks_of_info(info: Mapping, texts: Mapping[str, str]) -> list[Chunk]:
    """Makes chunks of what Pillow has read from a PNG file."""
    chunks = [text_chunk(key, value) for key, value in texts.items()]
    if "srgb" in info:
        chunks.append((b"sRGB", bytes([info["srgb"]])))
    if "gamma" in info:
        chunks.append((b"gAMA", struct.pack(">I", round(info["gamma"] * 100_000))))
    if "chromaticity" in info:
        numbers = (round(value * 100_000) for value in info["chromaticity"])
        chunks.append((b"cHRM", struct.pack(">8I", *numbers)))
    return chunks


def text_chunk(key: str, text: str) -> Chunk:
    """Makes a text chunk: plain if Latin-1 has all its characters, else international."""
    name = key.encode("latin-1", "replace")
    try:
        return b"tEXt", name + b"\0" + text.encode("latin-1")
    except UnicodeEncodeError:
        return b"iTXt", name + b"\0\0\0\0\0" + text.encode()


def xmp_chunk(xmp: bytes) -> Chunk:
    """Makes the chunk that holds XMP."""
    return b"iTXt", XMP_KEY + b"\0\0\0\0\0" + xmp


def iptc_chunk(iptc: bytes) -> Chunk:
    """Makes a text that holds IPTC in hexadecimal, as ImageMagick and ExifTool know it."""
    digits = iptc.hex()
    lines = "\n".join(digits[start : start + 72] for start in range(0, len(digits), 72))
    text = f"\niptc\n{len(iptc):8}\n{lines}\n"
    return b"zTXt", _IPTC_KEYS[0] + b"\0\0" + zlib.compress(text.encode())


def plain_texts(chunks: Iterable[Chunk]) -> list[Chunk]:
    """Returns the texts that are neither XMP nor what stands for other metadata."""
    special = (XMP_KEY, *_IPTC_KEYS, *_EXIF_KEYS)
    return [(name, data) for name, data in chunks if name in _TEXTS and _key(data) not in special]


def colors(chunks: Iterable[Chunk]) -> list[Chunk]:
    """Returns the chunks that say what the numbers of the pixels mean."""
    return [(name, data) for name, data in chunks if COLORS.get(name) == len(data)]


def text_of(chunks: Iterable[Chunk], key: str) -> bytes | None:
    """Returns the first text of a key, as bytes."""
    for name, data in chunks:
        if name in _TEXTS and _key(data) == key.encode():
            return _content(name, data)
    return None


def iptc_of(chunks: Iterable[Chunk]) -> bytes | None:
    """Returns the IPTC that a text holds."""
    for key in _IPTC_KEYS:
        text = text_of(chunks, key.decode())
        parts = re.split(rb"\s+", text.strip(), maxsplit=2) if text else []
        if len(parts) == 3:
            try:
                return bytes.fromhex(parts[2].decode("ascii"))
            except ValueError:
                return None
    return None


def changes_colors(chunks: Iterable[Chunk], has_profile: bool) -> bool:
    """Whether pixels look different where these chunks are missing."""
    found = dict(chunks)
    if b"cICP" in found:
        return found[b"cICP"] != _SRGB_CICP
    if has_profile or b"sRGB" in found:
        return False
    gamma = struct.unpack(">I", found[b"gAMA"])[0] if b"gAMA" in found else _SRGB_GAMMA
    places = struct.unpack(">8I", found[b"cHRM"]) if b"cHRM" in found else _SRGB_CHROMATICITIES
    distances = (abs(a - b) for a, b in zip(places, _SRGB_CHROMATICITIES, strict=True))
    return abs(gamma - _SRGB_GAMMA) > 1000 or max(distances) > 500


def _key(data: bytes) -> bytes:
    return data.partition(b"\0")[0]


def _content(name: bytes, data: bytes) -> bytes | None:
    try:
        content = data.partition(b"\0")[2]
        if name == b"zTXt":
            return _inflated(content[1:])
        if name == b"iTXt":
            packed, content = content[0], content[2:]
            content = content.split(b"\0", 2)[2]
            return _inflated(content) if packed else content
        return content
    except (IndexError, zlib.error):
        return None


def _inflated(data: bytes) -> bytes:
    # Bounded, since a few bytes may stand for gigabytes.
    return zlib.decompressobj().decompress(data, 1 << 24)
