"""Which files are pictures that can be read here, by extension and content; what others are."""

import collections
import contextlib
import functools
import os
import pathlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from srcnn_tf.files.picture_source import Source

# Pillow lists these among the formats that it opens, but they hold films, scientific data or print
# jobs, and need other software. A user with a folder of photographs does not mean them.
_NOT_PICTURES = frozenset({"BUFR", "EPS", "GRIB", "HDF5", "MPEG", "WMF"})
# Formats that their first bytes tell without doubt.
_TOLD_BY_CONTENT = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "JPEG2000", "PSD", "HEIF")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
HEIF_ADVICE = 'pip install "srcnn_tf[heif]"'
_RAW = "develop them into TIFF or PNG with a raw converter"
_VECTORS = "save them as PNG in the size you want"
_EXPORT = "save them as PNG or TIFF with the program that made them"
FILM_ADVICE = 'pip install "srcnn_tf[video]"'
# What to do about files that hold pictures, or films, and cannot be read here.
_ADVICE = {
    advice: extensions.split()
    for advice, extensions in {
        HEIF_ADVICE: ".heic .heif .hif .heics .heifs",
        _RAW: ".3fr .ari .arw .bay .cr2 .cr3 .crw .dcr .dng .erf .fff .gpr .iiq .k25 .kdc .mef .mos"
        " .mrw .nef .nrw .orf .pef .raf .raw .rw2 .rwl .sr2 .srf .srw .x3f",
        _VECTORS: ".ai .cdr .emf .eps .pdf .ps .svg .svgz .wmf",
        _EXPORT: ".afphoto .exr .hdr .jxl .jxr .kra .psb .wdp .xcf",
        FILM_ADVICE: ".3g2 .3gp .asf .avi .flv .m2ts .m4v .mkv .mov .mp4 .mpeg .mpg .mts .mxf .ogv"
        " .ts .vob .webm .wmv .y4m",
    }.items()
}
_ADVICE_OF = {extension: advice for advice, listed in _ADVICE.items() for extension in listed}


@functools.cache
def readable_extensions() -> frozenset[str]:
    """Returns the extensions of all pictures that Pillow, and its plugins here, can read."""
    with contextlib.suppress(ImportError):
        import pillow_heif

        pillow_heif.register_heif_opener()
    formats = Image.registered_extensions()  # Loads all of Pillow's formats, so it comes first.
    readable = Image.OPEN.keys() - _NOT_PICTURES
    return frozenset(extension for extension, name in formats.items() if name in readable)


def is_picture(path: pathlib.Path) -> bool:
    """Whether a file's extension is that of a picture, or, if it has no known one, its content.

    Camera raw files are no pictures here: what their first bytes promise is only a preview.
    """
    extension = path.suffix.lower()
    if extension in readable_extensions():
        return True
    if extension in _ADVICE_OF:
        return False
    formats = [name for name in _TOLD_BY_CONTENT if name in Image.OPEN]
    try:
        with Image.open(path, formats=formats):
            return True
    except Exception:  # Damage of any kind; without an extension nothing says it is a picture.
        return False


def advice(path: "Source") -> str | None:
    """Returns what to do about a picture that cannot be read here; None if its kind is unknown."""
    extension = path.suffix.lower()
    if extension in _ADVICE_OF and extension not in readable_extensions():
        return _ADVICE_OF[extension]
    with contextlib.suppress(OSError), path.open("rb") as file:
        start = file.read(12)
        # Phones and messengers name such files .jpg, too.
        if (
            ".heic" not in readable_extensions()
            and start[4:8] == b"ftyp"
            and start[8:12] in _HEIF_BRANDS
        ):
            return HEIF_ADVICE
    return None


def is_camera_raw(path: str | os.PathLike) -> bool:
    """Whether a file is named as cameras name their raw data."""
    return _ADVICE_OF.get(pathlib.PurePath(path).suffix.lower()) == _RAW


def is_film(path: "Source") -> bool:
    """Whether a file's extension is that of a film; that of TypeScript is told by its content."""
    extension = path.suffix.lower()
    if _ADVICE_OF.get(extension) != FILM_ADVICE:
        return False
    if extension in (".ts", ".mts"):
        # Packets of a transport stream begin with this byte; Blu-ray's have four before it.
        with contextlib.suppress(OSError), path.open("rb") as file:
            return 0x47 in (file.read(5) or b"\0")[::4]
    return True


@functools.cache
def reads_films() -> bool:
    """Whether PyAV, which reads and writes films, is installed."""
    try:
        import av  # noqa: F401
    except ImportError:
        return False
    return True


def reads_films_of(names: Iterable[str]) -> bool:
    """Whether some of these names are films', and films are read; PyAV is loaded only then."""
    listed = (pathlib.PurePath(name).suffix.lower() for name in names)
    return any(_ADVICE_OF.get(each) == FILM_ADVICE for each in listed) and reads_films()


def in_words(names: Iterable[str]) -> str:
    """Counts files that are not read, by kind, and says what can be done; one line."""
    kinds = collections.Counter(pathlib.PurePath(name).suffix.lower() for name in names)
    parts, others = [], 0
    for extension, count in sorted(kinds.items()):
        if extension in _ADVICE_OF:
            parts.append(f"{count} {extension} ({_ADVICE_OF[extension]})")
        else:
            others += count
    if others:
        parts.append(f"{others} that {'is' if others == 1 else 'are'} no picture")
    return ", ".join(parts)
