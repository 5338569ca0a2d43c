"""Metadata survives an enlargement in every format that can hold it; where not, that is said."""

import pathlib
import struct

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, IptcImagePlugin, PngImagePlugin

from srcnn_tf.files import metadata_writing
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.files.picture_files import read_picture
from srcnn_tf.files.picture_metadata import Metadata
from srcnn_tf.files.picture_writing import Canvas, write_picture
from srcnn_tf.imaging.tiling import Tile
from srcnn_tf.upscaling import whole_pictures

_PAGE = pathlib.Path(__file__).resolve().parents[2] / "srcnn_tf" / "upscaling" / "METADATA.md"
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description tiff:Orientation="6" '
    b'exif:PixelXDimension="14" dc:title="Kept">'
    b"<exif:PixelYDimension>10</exif:PixelYDimension><tiff:ImageLength> 10 </tiff:ImageLength>"
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)
_HDR_XMP = _XMP.replace(
    b'Kept">',
    b'Kept" hdrgm:Version="1.0"><Container:Directory>two</Container:Directory>',
)
# Record 2, data sets 5 (title) and 25 (keyword).
_IPTC = b"\x1c\x02\x05\x00\x05title\x1c\x02\x19\x00\x03key"
_LINEAR = (
    (b"gAMA", struct.pack(">I", 100_000)),
    (b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)),
)
_PQ = ((b"cICP", bytes([9, 16, 0, 1])),)
_TEXTS = ((b"tEXt", b"Title\0A title"), (b"iTXt", b"Author\0\0\0\0\0\xc3\x89mile"))
_MAKER, _EXIF_IFD, _TAKEN, _WIDTH = 0x010F, 0x8769, 0x9003, 0xA002
_EXTENSIONS = {
    "PNG": "png", "JPEG": "jpg", "WebP": "webp", "AVIF": "avif", "TIFF": "tif", "BMP": "bmp",
}  # fmt: skip


def _everything() -> dict:
    exif = Image.Exif()
    exif[_MAKER] = "Maker"
    exif.get_ifd(_EXIF_IFD)[_TAKEN] = "2001:02:03 04:05:06"
    exif.get_ifd(_EXIF_IFD)[_WIDTH] = 14
    loaded = Image.Exif()
    loaded.load(exif.tobytes())
    return {
        "color profile": {"icc_profile": _SRGB},
        "EXIF": {"exif": loaded},
        "resolution": {"dpi": (300, 300)},
        "XMP": {"xmp": _XMP},
        "IPTC": {"iptc": _IPTC},
        "comment of JPEG or GIF": {"comment": b"A comment"},
        "texts of PNG": {"texts": _TEXTS},
        "gAMA, cHRM, cICP of PNG": {"colors": _LINEAR + _PQ},
        "sRGB of PNG": {"colors": ((b"sRGB", b"\0"),)},
    }


def _written(path, metadata, dtype=np.uint8) -> Metadata:
    """Writes a 28 x 20 picture with metadata, and returns what is read back."""
    canvas = Canvas(20, 28, 3, dtype)
    canvas.put(Tile(0, 20, 0, 28), np.full((20, 28, 3), np.iinfo(dtype).max // 3, dtype))
    write_picture(path, canvas, metadata)
    return read_picture(path).metadata


def _kept(kind, path, dtype) -> str:
    """Says how much of a kind of metadata a format keeps: yes, no, or which part."""
    found = _written(path, Metadata(**_everything()[kind]), dtype)
    if kind == "color profile":
        return "yes" if found.icc_profile == _SRGB else "no"
    if kind == "EXIF":
        if not found.exif or found.exif.get(_MAKER) != "Maker":
            return "no"
        camera = found.exif.get_ifd(_EXIF_IFD)
        if not camera:
            return "texts alone"
        assert camera[_TAKEN].startswith("2001") and camera[_WIDTH] == 28
        return "yes"
    if kind == "resolution":
        return "yes" if found.dpi and np.allclose(found.dpi, 300, atol=0.1) else "no"
    if kind == "XMP":
        return "yes" if found.xmp and b'dc:title="Kept"' in found.xmp else "no"
    if kind == "IPTC":
        return "yes" if found.iptc and found.iptc.rstrip(b"\0") == _IPTC else "no"
    if kind == "comment of JPEG or GIF":
        if found.comment == b"A comment":
            return "yes"
        return "as a text" if (b"tEXt", b"Comment\0A comment") in found.texts else "no"
    if kind == "texts of PNG":
        return "yes" if found.texts == _TEXTS else "no"
    expected = _everything()[kind]["colors"]
    if sorted(found.colors) == sorted(expected):
        return "yes"
    return "as the default" if kind.startswith("sRGB") else "no"


def test_the_table_in_readme_is_what_is_kept(tmp_path):
    columns = [(name, np.uint8) for name in _EXTENSIONS]
    columns += [("PNG", np.uint16), ("TIFF", np.uint16)]
    heads = [name + (", 16-bit color" if dtype == np.uint16 else "") for name, dtype in columns]
    lines = [f"| | {' | '.join(heads)} |", "| --- " * (len(heads) + 1) + "|"]
    for row, kind in enumerate(_everything()):
        cells = [
            _kept(kind, tmp_path / f"{row}_{column}.{_EXTENSIONS[name]}", dtype)
            for column, (name, dtype) in enumerate(columns)
        ]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    table = "\n".join(lines)
    assert table in _PAGE.read_text(), f"METADATA.md should read:\n{table}"


@pytest.fixture
def photograph(tmp_path):
    """A JPEG file with everything, that stands on its side."""
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[_MAKER], exif[0x0112] = "Maker", 6
    block = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(_IPTC)) + _IPTC
    extra = b"\xff\xed" + struct.pack(">H", len(block) + 2) + block
    Image.new("RGB", (14, 10), (200, 100, 50)).save(
        path, exif=exif.tobytes(), xmp=_XMP, comment=b"A comment", extra=extra, dpi=(300, 300)
    )
    return path


def _enlarged(path, extension=None):
    output = extension and path.with_name(f"out.{extension}")
    return whole_pictures.upscale(path, 2, output=output)


def test_other_readers_find_it_in_jpeg(photograph):
    with Image.open(_enlarged(photograph)) as result:
        assert result.size == (20, 28) and result.info["comment"] == b"A comment"
        assert IptcImagePlugin.getiptcinfo(result)[2, 25] == b"key"
        xmp = result.info["xmp"]
    # Upright and of the new size.
    assert b'tiff:Orientation="1"' in xmp and b'exif:PixelXDimension="20"' in xmp
    assert b"<exif:PixelYDimension>28<" in xmp and b"<tiff:ImageLength>28 <" in xmp
    assert b'dc:title="Kept"' in xmp


def test_xmp_no_longer_tells_of_a_gain_map(tmp_path):
    _mpo(tmp_path / "a.jpg", _HDR_XMP)
    with Image.open(_enlarged(tmp_path / "a.jpg")) as result:
        xmp = result.info["xmp"]
    assert b'dc:title="Kept"' in xmp and b"hdrgm" not in xmp and b"Container" not in xmp


def test_other_readers_find_it_in_tiff_and_png(photograph):
    with Image.open(_enlarged(photograph, "tif")) as result:
        assert b'tiff:Orientation="1"' in result.info["xmp"]
        assert IptcImagePlugin.getiptcinfo(result)[2, 5] == b"title"
    with Image.open(_enlarged(photograph, "png")) as result:
        result.load()
        assert b'exif:PixelXDimension="20"' in result.info["xmp"]
        assert result.text["Comment"] == "A comment"
        assert "6b6579" in result.text["Raw profile type iptc"].replace("\n", "")
    back = whole_pictures.upscale(
        photograph.with_name("out.png"), 2, output=photograph.parent / "b.jpg"
    )
    with Image.open(back) as result:
        assert IptcImagePlugin.getiptcinfo(result)[2, 25] == b"key"
        assert result.info["comment"] == b"A comment" and b'XDimension="40"' in result.info["xmp"]


@pytest.mark.parametrize("bits", [8, 16])
def test_pngs_that_are_linear_or_pq_stay_so(tmp_path, bits):
    from srcnn_tf.files.png_chunks import read_chunks
    from srcnn_tf.files.sixteen_bit import write_sixteen_bit_png

    chunks = _LINEAR + _PQ + _TEXTS
    if bits == 16:
        with (tmp_path / "a.png").open("wb") as file:
            write_sixteen_bit_png(file, np.full((10, 14, 3), 9000, np.uint16), extras=chunks)
    else:
        info = PngImagePlugin.PngInfo()
        for chunk in chunks:
            info.add(*chunk)
        Image.new("RGB", (14, 10), (200, 100, 50)).save(tmp_path / "a.png", pnginfo=info)

    written = _enlarged(tmp_path / "a.png")

    assert sorted(read_chunks(written)) == sorted(chunks)
    with Image.open(written) as result:
        assert result.info["gamma"] == 1.0
    assert imagecodecs.png_decode(written.read_bytes()).dtype.itemsize * 8 == bits


def test_images_of_pillow_keep_it_too(photograph):
    with Image.open(photograph) as image:
        result = whole_pictures.upscale(image, 2)
    assert result.info["comment"] == b"A comment"
    assert b'tiff:Orientation="1"' in result.info["xmp"]


def test_what_a_format_cannot_hold_is_said_once(tmp_path, photograph, caplog, monkeypatch):
    monkeypatch.setattr(metadata_writing, "_SAID", set())
    _enlarged(photograph, "webp")
    assert caplog.messages == [
        f"{tmp_path / 'out.webp'}: WEBP cannot hold IPTC, comment; left out here, and in further "
        "files without a word"
    ]
    whole_pictures.upscale(photograph, 2, output=tmp_path / "again.webp")
    assert len(caplog.messages) == 1
    info = PngImagePlugin.PngInfo()
    info.add(*_LINEAR[0])
    Image.new("RGB", (14, 10)).save(tmp_path / "linear.png", pnginfo=info)
    _enlarged(tmp_path / "linear.png", "jpg")
    assert "JPEG cannot hold PNG's color space" in caplog.messages[1]
    info = PngImagePlugin.PngInfo()
    info.add(b"sRGB", b"\0")
    info.add(b"gAMA", struct.pack(">I", 45455))
    Image.new("RGB", (14, 10)).save(tmp_path / "usual.png", pnginfo=info)
    whole_pictures.upscale(tmp_path / "usual.png", 2, output=tmp_path / "usual.jpg")
    assert len(caplog.messages) == 2


def test_too_long_for_jpeg_is_left_out_and_said(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(metadata_writing, "_SAID", set())
    metadata = Metadata(xmp=_XMP + b" " * 70_000, comment=b"c" * 70_000)
    found = _written(tmp_path / "a.jpg", metadata)
    assert found.xmp is None and found.comment is None
    assert "cannot hold more than 64 kB of XMP, more than 64 kB of comment" in caplog.text


@pytest.mark.parametrize("bigtiff", [False, True])
@pytest.mark.parametrize("with_text", [False, True])
def test_bigtiff_is_as_good_as_tiff(tmp_path, caplog, bigtiff, with_text):
    pixels = np.full((10, 14, 3), 99, np.uint8)
    tags = [(_MAKER, 2, 0, "Maker", True)] if with_text else []
    tifffile.imwrite(
        tmp_path / "a.tif", pixels, photometric="rgb", bigtiff=bigtiff, extratags=tags,
        metadata=None, software=False,
    )  # fmt: skip
    with Image.open(_enlarged(tmp_path / "a.tif")) as result:
        assert result.getexif().get(_MAKER) == ("Maker" if with_text else None)
    assert caplog.messages == []


def test_warnings_begin_with_the_file_and_speak_to_users(tmp_path, caplog):
    path = tmp_path / "a.jpg"
    Image.new("RGB", (14, 10)).save(path, exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\1\2\3")
    _enlarged(path)
    Image.new("RGB", (14, 10)).save(path, exif=b"Exif\0\0no EXIF at all")
    whole_pictures.upscale(path, 2, overwrite=True)
    Image.new("CMYK", (14, 10)).save(tmp_path / "b.jpg", icc_profile=b"not a profile")
    _enlarged(tmp_path / "b.jpg")
    assert caplog.messages == [
        f"{path}: its EXIF data is damaged, and what cannot be read of it is left out",
        f"{path}: its EXIF data (camera, date, place, which side is up) is damaged and is left out",
        f"{tmp_path / 'b.jpg'}: its color profile is damaged; colors are taken without it",
    ]


def test_16_bit_gray_with_alpha_keeps_it_too(tmp_path):
    pixels = np.full((10, 14, 2), 65535, np.uint16)
    tifffile.imwrite(
        tmp_path / "a.tif", pixels, photometric="minisblack", planarconfig="contig",
        extrasamples=["unassalpha"], resolution=(300, 300), resolutionunit="inch",
        iccprofile=_SRGB, metadata=None,
        extratags=[
            (0x0112, 3, 1, 6, True), (_MAKER, 2, 0, "Maker", True), (700, 1, len(_XMP), _XMP, True)
        ],
    )  # fmt: skip
    picture = read_picture(tmp_path / "a.tif")
    assert picture.pixels.shape == (14, 10, 2)
    assert picture.metadata.dpi == (300, 300) and picture.metadata.icc_profile == _SRGB
    assert picture.metadata.exif[_MAKER] == "Maker" and picture.metadata.xmp == _XMP


def _mpo(path, xmp=b""):
    first, second = (Image.new("RGB", (14, 10), color) for color in ("red", "blue"))
    first.save(path, "MPO", save_all=True, append_images=[second], **({"xmp": xmp} if xmp else {}))


def _tiff(path, channels, extra, **tags):
    tifffile.imwrite(
        path, np.full((10, 14, channels), 9, np.uint8), photometric="rgb", planarconfig="contig",
        extrasamples=extra, metadata=None, **tags,
    )  # fmt: skip


_FURTHER = {
    "a.mpo": (_mpo, "its second picture"),
    "hdr.jpg": (lambda path: _mpo(path, _HDR_XMP), "its gain map (HDR)"),
    "film.jpg": (
        lambda path: Image.new("L", (9, 9)).save(path, xmp=b'<a GCamera:MotionPhoto="1"/>'),
        "its film (motion photo)",
    ),
    "extra.tif": (
        lambda path: _tiff(path, 5, ["unassalpha", "unspecified"]),
        "its extra channel",
    ),
    "layers.tif": (
        lambda path: _tiff(path, 3, None, extratags=[(37724, 7, 9, b"8BIMLayrs", True)]),
        "its layers (their merged picture is enlarged)",
    ),
    "deep.ppm": (
        lambda path: path.write_bytes(b"P6\n# by hand\n1 1\n65535\n" + bytes(6)),
        "its 16 bits a channel (8 are)",
    ),
    "deep.sgi": (
        lambda path: path.write_bytes(
            struct.pack(">HBBHHHHII", 474, 0, 2, 3, 1, 1, 3, 0, 65535).ljust(512, b"\0") + bytes(6)
        ),
        "its 16 bits a channel (8 are)",
    ),
    "deep.jp2": (
        lambda path: path.write_bytes(
            imagecodecs.jpeg2k_encode(np.full((9, 9, 3), 9000, np.uint16), level=0)
        ),
        "its 16 bits a channel (8 are)",
    ),
    "deep.avif": (
        lambda path: path.write_bytes(
            imagecodecs.avif_encode(np.full((9, 9, 3), 500, np.uint16), bitspersample=10)
        ),
        "its 10 bits a channel (8 are)",
    ),
    "a.ico": (
        lambda path: Image.new("RGB", (32, 32)).save(path, sizes=[(16, 16), (32, 32)]),
        "its smaller size",
    ),
}


@pytest.mark.parametrize("name", _FURTHER)
def test_what_a_file_holds_beside_its_picture_is_said(tmp_path, caplog, name):
    make, words = _FURTHER[name]
    make(tmp_path / name)
    read_picture(tmp_path / name)
    assert caplog.messages == [f"{tmp_path / name}: {words}: not enlarged, and not kept"]


def test_plain_pictures_are_read_without_a_word(tmp_path, caplog, photograph):
    _tiff(tmp_path / "rgba.tif", 4, ["unassalpha"])
    Image.new("CMYK", (9, 9)).save(tmp_path / "cmyk.tif")
    Image.new("P", (9, 9)).save(tmp_path / "palette.tif")
    Image.new("LAB", (9, 9)).save(tmp_path / "lab.tif")
    for name in ("rgba.tif", "cmyk.tif", "palette.tif", "lab.tif", photograph.name):
        read_picture(tmp_path / name)
    assert caplog.messages == []


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("extension", ["jpg", "png", "tif", "webp", "avif"])
def test_damaged_metadata_never_stops_writing(tmp_path, extension, caplog):
    caplog.set_level("CRITICAL")
    values = {}
    for kinds in _everything().values():
        values |= kinds
    whole, random = tmp_path / f"a.{extension}", np.random.default_rng(1)
    _written(whole, Metadata(**values))
    written = 0
    for _ in range(60):
        content = bytearray(whole.read_bytes())
        for _ in range(5):
            content[random.integers(len(content))] = random.integers(256)
        path = tmp_path / f"damaged.{extension}"
        path.write_bytes(content)
        try:
            metadata = read_picture(path).metadata
        except ImageFileError:
            continue
        written += 1
        for target in ("png", "jpg", "tif"):
            write_picture(tmp_path / f"b.{target}", Canvas(2, 3, 3, np.uint8), metadata)
    assert written or extension == "png"  # Its checksums tell of the damage.
    absurd = Image.Exif()
    absurd[282], absurd[283], absurd[296] = 1e9, 1e9, 2
    Image.new("L", (9, 9)).save(whole, exif=absurd.tobytes())
    assert read_picture(whole).metadata.dpi is None
