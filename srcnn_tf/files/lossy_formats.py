"""Whether a file's format has thrown details away, and what users call it."""

from PIL import Image

from srcnn_tf.files.picture_source import Source

# By Pillow's names. AVIF, HEIC and JPEG 2000 can be lossless, which hardly any file is.
_ALWAYS = {
    "JPEG": "JPEG",
    "MPO": "JPEG",
    "AVIF": "AVIF",
    "HEIF": "HEIC",
    "JPEG2000": "JPEG 2000",
}
# A file that begins otherwise is damaged, and nobody gets here.
_FIRST_CHUNK = 12
_FRAME_HEADER = 16


def lossy_format(image: Image.Image, source: Source) -> str:
    """Returns the lossy format that a picture is stored in, such as `JPEG`; "" if it is lossless.

    Args:
      image: as Pillow opened it.
      source: where from; WebP says in its chunks which of its two kinds it is.
    """
    if image.format == "WEBP":
        return "WebP" if _holds_lossy_webp(source) else ""
    return _ALWAYS.get(image.format or "", "")


def _holds_lossy_webp(source: Source) -> bool:
    """Whether a WebP file holds a chunk of the kind `VP8 ` (RFC 9649, section 2.5)."""
    with source.open("rb") as file:
        file.seek(_FIRST_CHUNK)
        while len(head := file.read(8)) == 8:
            if head[:4] in (b"VP8 ", b"VP8L"):
                return head[:4] == b"VP8 "
            if head[:4] == b"ANMF":
                # A frame of an animation: its place and length, and then its own chunks.
                file.seek(_FRAME_HEADER, 1)
                continue
            length = int.from_bytes(head[4:], "little")
            file.seek(length + length % 2, 1)
    return False
