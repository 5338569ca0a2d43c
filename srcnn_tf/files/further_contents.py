"""What a file holds beside its first picture: further pictures, layers, channels; in words."""

import re

from PIL import Image

from srcnn_tf.files.picture_source import Source

# TIFF's tags, as numbers of the standard and of Photoshop.
_PHOTOMETRIC, _SAMPLES, _SUB_IFDS, _PHOTOSHOP_LAYERS = 262, 277, 330, 37724
_EXTENDED_XMP = b"http://ns.adobe.com/xmp/extension/"
# By photometric interpretation: palette, CMYK, three kinds of Lab.
_COLORS = {3: 1, 5: 4, 8: 3, 9: 3, 10: 3}
# ITU-T H.273's numbers of PQ and HLG.
_HDR_CURVES = (16, 18)
_GAIN_MAPS = (b"hdrgm:", b"HDRGainMap", b"urn:iso:std:iso:ts:21496")


def left_out(image: Image.Image, channels: int, source: Source) -> list[str]:
    """Names, in words, what is left out of a picture that is read as its first frame.

    Args:
      image: as Pillow opened it.
      channels: how many are kept, alpha among them.
      source: what the image was opened from.
    """
    found = []
    frames = getattr(image, "n_frames", 1)
    if image.format == "MPO" and frames > 1:
        found.append(_further_pictures(image, frames - 1))
    elif image.format == "JPEG" and _has_gain_map(image):
        found.append("its gain map (HDR)")
    if image.format == "PSD" and frames > 1:
        found.append(f"its {frames - 1} layers (their merged picture is enlarged)")
    if b'MotionPhoto="1"' in _xmp(image) or b'MicroVideo="1"' in _xmp(image):
        found.append("its film (motion photo)")
    applications = getattr(image, "applist", [])
    if any(data.startswith(_EXTENDED_XMP) for _, data in applications):
        found.append("its extended XMP (such as a depth map)")
    if image.format in ("ICO", "ICNS") and len(image.info.get("sizes", ())) > 1:
        smaller = len(image.info["sizes"]) - 1
        found.append("its smaller size" if smaller == 1 else f"its {smaller} smaller sizes")
    if image.format == "TIFF":
        found += _of_tiff(image.tag_v2, channels)
    if image.format == "HEIF":
        found += _of_heif(image)
    if image.format in ("AVIF", "HEIF", "JPEG2000"):
        found += _of_boxes(_start_of_file(source), channels)
    if image.format in ("PPM", "SGI") and channels >= 3:
        found += _of_deep_colors(_start_of_file(source))
    return found


def _further_pictures(image: Image.Image, count: int) -> str:
    if _has_gain_map(image):
        return "its gain map (HDR)" + ("" if count == 1 else f" and {count - 1} more pictures")
    return "its second picture" if count == 1 else f"its {count} further pictures"


def _has_gain_map(image: Image.Image) -> bool:
    segments = [data for _, data in getattr(image, "applist", [])]
    return any(name in data for data in (_xmp(image), *segments) for name in _GAIN_MAPS)


def _xmp(image: Image.Image) -> bytes:
    found = image.info.get("xmp", b"")
    return found if isinstance(found, bytes) else b""


def _of_tiff(tags, channels: int) -> list[str]:
    found = []
    stored = tags.get(_SAMPLES, 1)
    # Inks and Lab become RGB.
    extra = stored - _COLORS.get(tags.get(_PHOTOMETRIC), channels)
    if extra > 0:
        found.append("its extra channel" if extra == 1 else f"its {extra} extra channels")
    if _PHOTOSHOP_LAYERS in tags:
        found.append("its layers (their merged picture is enlarged)")
    if _SUB_IFDS in tags:
        found.append("its further pictures (sub-IFDs, such as smaller sizes)")
    return found


def _of_heif(image: Image.Image) -> list[str]:
    found = []
    if image.info.get("depth_images"):
        found.append("its depth map")
    if image.info.get("aux"):
        found.append("its auxiliary pictures (such as a gain map)")
    return found


def _start_of_file(source: Source) -> bytes:
    with source.open("rb") as file:
        return file.read(1 << 16)


def _of_deep_colors(start: bytes) -> list[str]:
    """Reads the depth of PPM, written as its highest number, and of SGI, as bytes a channel."""
    header = re.match(rb"P[36]\s+(?:#[^\n]*\n\s*)*\d+\s+\d+\s+(\d+)", start)
    deep = int(header[1]) > 255 if header else start[:2] == b"\x01\xda" and start[3:4] == b"\2"
    return ["its 16 bits a channel (8 are)"] if deep else []


def _of_boxes(start: bytes, channels: int) -> list[str]:
    """Reads depth and transfer curve from the boxes of AVIF, HEIF and JPEG 2000."""
    found, bits = [], 8
    if b"av1C" in start:
        flags = start.partition(b"av1C")[2][2:3] or b"\0"
        bits = 12 if flags[0] & 0x20 else 10 if flags[0] & 0x40 else 8
    elif b"hvcC" in start:
        bits = 8 + ((start.partition(b"hvcC")[2][17:18] or b"\0")[0] & 7)
    elif b"ihdr" in start:
        bits = ((start.partition(b"ihdr")[2][10:11] or b"\7")[0] & 0x7F) + 1
    # Pillow keeps 16 bits of gray in JPEG 2000.
    if 8 < bits <= 16 and not (channels == 1 and b"ihdr" in start):
        found.append(f"its {bits} bits a channel (8 are)")
    curve = start.partition(b"colrnclx")[2][2:4]
    if int.from_bytes(curve, "big") in _HDR_CURVES:
        found.append("its HDR curve (PQ or HLG), so that colors look different")
    return found
