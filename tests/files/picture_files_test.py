"""Every kind of picture goes through `upscale` from file to file and keeps what it holds."""

import io
import struct

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from srcnn_tf.engines.keras_models import create_network
from srcnn_tf.files.image_files import ImageFileError, pixel_limit
from srcnn_tf.files.picture_files import read_picture
from srcnn_tf.upscaling import whole_pictures

_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
_MAKER, _ORIENTATION, _EXIF_IFD, _WIDTH = 0x010F, 0x0112, 0x8769, 0xA002


@pytest.fixture(scope="module")
def upscale():
    network = create_network("srcnn-9-1-5")
    return lambda path, output=None: whole_pictures.upscale(path, 2, network, output=output)


def _flat(mode, color, size=(14, 10)):
    return Image.new(mode, size, color)


def _exif(orientation=1):
    exif = Image.Exif()
    exif[_MAKER] = "Maker"
    exif[_ORIENTATION] = orientation
    exif.get_ifd(_EXIF_IFD)[_WIDTH] = 14
    exif.get_ifd(_EXIF_IFD)[0x9003] = "2001:02:03 04:05:06"
    return exif


def _palette(transparent=False):
    image = Image.new("P", (14, 10), 1)
    image.putpalette([0, 0, 0, 200, 100, 50])
    image.paste(0, (0, 0, 5, 10))
    if transparent:
        image.info["transparency"] = 0
    return image


def _transparent(mode):
    image = _flat(mode, (200, 100, 50, 255) if mode == "RGBA" else (120, 255))
    image.paste((0,) * len(image.mode), (0, 0, 5, 10))
    return image


# Each: the file, what makes it, the mode of the result, the color at its right.
_KINDS = {
    "gray": ("a.png", lambda: _flat("L", 120), "L", 120),
    "gray JPEG": ("a.jpg", lambda: _flat("L", 120), "L", 120),
    "gray and alpha": ("a.png", lambda: _transparent("LA"), "LA", (120, 255)),
    "RGB": ("a.png", lambda: _flat("RGB", (200, 100, 50)), "RGB", (200, 100, 50)),
    "RGB JPEG": ("a.jpeg", lambda: _flat("RGB", (200, 100, 50)), "RGB", (200, 100, 50)),
    "RGB BMP": ("a.bmp", lambda: _flat("RGB", (200, 100, 50)), "RGB", (200, 100, 50)),
    "RGB WebP": ("a.webp", lambda: _flat("RGB", (200, 100, 50)), "RGB", (200, 100, 50)),
    "RGB TIFF": ("a.tif", lambda: _flat("RGB", (200, 100, 50)), "RGB", (200, 100, 50)),
    "RGBA": ("a.png", lambda: _transparent("RGBA"), "RGBA", (200, 100, 50, 255)),
    "RGBA WebP": ("a.webp", lambda: _transparent("RGBA"), "RGBA", (200, 100, 50, 255)),
    "RGBA TIFF": ("a.tiff", lambda: _transparent("RGBA"), "RGBA", (200, 100, 50, 255)),
    "palette": ("a.png", _palette, "RGB", (200, 100, 50)),
    "palette with transparency": (
        "a.png",
        lambda: _palette(transparent=True),
        "RGBA",
        (200, 100, 50, 255),
    ),
    "1-bit": ("a.png", lambda: _flat("1", 1), "L", 255),
    "1-bit TIFF": ("a.tif", lambda: _flat("1", 1), "L", 255),
    "16-bit gray": (
        "a.png",
        lambda: Image.fromarray(np.full((10, 14), 30_001, np.uint16)),
        "I;16",
        30_001,
    ),
    "16-bit gray TIFF": (
        "a.tif",
        lambda: Image.fromarray(np.full((10, 14), 30_001, np.uint16)),
        "I;16",
        30_001,
    ),
    "CMYK": ("a.jpg", lambda: _flat("CMYK", (0, 255, 255, 0)), "RGB", (254, 0, 0)),
    "CMYK TIFF": ("a.tif", lambda: _flat("CMYK", (0, 255, 255, 0)), "RGB", (255, 0, 0)),
}


@pytest.mark.parametrize("kind", _KINDS)
def test_every_kind_keeps_mode_size_metadata_and_flat_color(tmp_path, upscale, kind):
    name, make, mode, color = _KINDS[kind]
    image = make()
    about = {"dpi": (300, 300)}
    if not name.endswith(".bmp"):
        about["exif"] = _exif(orientation=3).tobytes()
        if image.mode != "CMYK":
            about["icc_profile"] = _SRGB
    if name.endswith(("jpg", "jpeg", "webp")):
        about["quality"] = 100
    if "transparency" in image.info:
        about["transparency"] = image.info["transparency"]
    image.save(tmp_path / name, **about)

    written = upscale(tmp_path / name)

    with Image.open(written) as result:
        assert written.suffix == (tmp_path / name).suffix
        assert (result.mode, result.size) == (mode, (28, 20))
        found = np.asarray(result).astype(int)
        # Orientation 3 is upside down: what was at the right is at the left.
        corner = found[10, 24 if name.endswith(".bmp") else 4]
        level = 257 if mode == "I;16" else 1
        lossy = name.endswith(("jpg", "jpeg", "webp"))
        np.testing.assert_allclose(corner, color, rtol=0, atol=level * (2 if lossy else 1))
        if mode in ("LA", "RGBA"):
            assert (found[:, :16, -1] == 255).all() and (found[:, 22:, -1] == 0).all()
        if name.endswith(".bmp"):
            np.testing.assert_allclose(result.info["dpi"], (300, 300), atol=0.1)
            return
        if not name.endswith(".webp"):  # WebP can hold it in EXIF only.
            np.testing.assert_allclose(
                [float(value) for value in result.info["dpi"]], (300, 300), atol=0.1
            )
        if image.mode != "CMYK":
            assert result.info["icc_profile"] == _SRGB
        exif = result.getexif()
        assert exif[_MAKER] == "Maker" and exif.get(_ORIENTATION, 1) == 1
        camera = exif.get_ifd(_EXIF_IFD)
        assert camera[0x9003] == "2001:02:03 04:05:06" and camera[_WIDTH] == 28


def _deep(channels):
    color = np.array([20_001, 40_002, 60_003, 65_535], np.uint16)[:channels]
    if channels in (2, 4):
        color[-1] = 65_535
    pixels = np.broadcast_to(color, (10, 14, channels)).copy()
    if channels in (2, 4):
        pixels[:, :5] = 0
    return pixels


def _read_deep(path):
    if path.suffix == ".png":
        return imagecodecs.png_decode(path.read_bytes())
    return tifffile.imread(path)


def _write_deep(path, pixels, compression=None, **about):
    if path.suffix == ".png":
        path.write_bytes(imagecodecs.png_encode(pixels))
        return
    colors = pixels.shape[2] > 2
    tifffile.imwrite(
        path,
        pixels,
        photometric="rgb" if colors else "minisblack",
        planarconfig="contig",
        extrasamples=["unassalpha"] if pixels.shape[2] in (2, 4) else None,
        compression=compression,
        metadata=None,
        **about,
    )


@pytest.mark.parametrize("channels", [2, 3, 4])
@pytest.mark.parametrize(
    "name, compression", [("a.png", None), ("a.tif", None), ("a.tif", "lzw"), ("a.tif", "zlib")]
)
def test_16_bit_color_stays_16_bit(tmp_path, upscale, channels, name, compression):
    pixels = _deep(channels)
    _write_deep(tmp_path / name, pixels, compression)

    result = _read_deep(upscale(tmp_path / name))

    assert result.dtype == np.uint16 and result.shape == (20, 28, channels)
    # One level of 8 bits is 257 of these; through 8 bits the low byte would be gone.
    np.testing.assert_allclose(result[10, 20].astype(int), pixels[5, 10], rtol=0, atol=257)
    exact = whole_pictures.upscale(pixels, 2, create_network("srcnn-9-1-5"))
    np.testing.assert_array_equal(result, exact)
    if channels in (2, 4):
        assert (result[:, 14:, -1] == 65_535).all() and (result[:, :6, -1] == 0).all()


@pytest.mark.parametrize("extension", ["png", "tif"])
def test_16_bit_color_keeps_metadata(tmp_path, upscale, extension):
    path = tmp_path / "a.tif"
    _write_deep(
        path,
        _deep(3),
        resolution=(300, 300),
        resolutionunit="inch",
        iccprofile=_SRGB,
        extratags=[(_MAKER, 2, 0, "Maker", True), (_ORIENTATION, 3, 1, 6, True)],
    )

    written = upscale(path, tmp_path / f"b.{extension}")

    with Image.open(written) as result:
        assert result.size == (20, 28)  # Turned upright.
        assert result.info["icc_profile"] == _SRGB
        np.testing.assert_allclose([float(v) for v in result.info["dpi"]], (300, 300), atol=0.1)
        assert result.getexif()[_MAKER] == "Maker"
        assert result.getexif().get(_ORIENTATION, 1) == 1
        result.load()
    assert _read_deep(written).shape == (28, 20, 3)


def test_all_layouts_of_16_bit_tiff_are_read(tmp_path):
    path = tmp_path / "a.tif"
    rgb = _deep(3)
    tifffile.imwrite(path, np.moveaxis(rgb, 2, 0), photometric="rgb", planarconfig="separate")
    np.testing.assert_array_equal(read_picture(path).pixels, rgb)
    tifffile.imwrite(path, 65_535 - rgb[..., 0], photometric="miniswhite")
    np.testing.assert_array_equal(read_picture(path).pixels, rgb[..., :1])
    premultiplied = np.array([[[100, 200, 300, 600], [0, 0, 0, 0]]], np.uint16)
    tifffile.imwrite(path, premultiplied, photometric="rgb", extrasamples=["assocalpha"])
    found = read_picture(path).pixels.tolist()
    assert found == [[[10_923, 21_845, 32_768, 600], [0, 0, 0, 0]]]


def test_large_16_bit_png_is_written_in_strips(tmp_path):
    from srcnn_tf.files import sixteen_bit

    pixels = np.random.default_rng(0).integers(0, 65_536, (900, 1500, 4), dtype=np.uint16)
    assert pixels.nbytes > 2 * sixteen_bit._STRIP_BYTES
    file = io.BytesIO()

    sixteen_bit.write_sixteen_bit_png(file, pixels, None, None, None)

    np.testing.assert_array_equal(imagecodecs.png_decode(file.getvalue()), pixels)


def test_one_transparent_color_becomes_alpha(tmp_path):
    gray = Image.fromarray(np.array([[7, 8]], np.uint8))
    gray.save(tmp_path / "gray.png", transparency=7)
    rgb = Image.fromarray(np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8))
    rgb.save(tmp_path / "rgb.png", transparency=(1, 2, 3))
    bits = Image.fromarray(np.array([[True, False]]))
    bits.save(tmp_path / "bits.png", transparency=0)

    assert read_picture(tmp_path / "gray.png").pixels.tolist() == [[[7, 0], [8, 255]]]
    assert read_picture(tmp_path / "rgb.png").pixels.tolist() == [[[1, 2, 3, 0], [4, 5, 6, 255]]]
    assert read_picture(tmp_path / "bits.png").pixels.tolist() == [[[255, 255], [0, 0]]]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_applied(tmp_path, photo, orientation):
    from PIL import ImageOps

    path = tmp_path / "a.png"
    Image.fromarray(photo[:10, :15]).save(path, exif=_exif(orientation))

    picture = read_picture(path)

    with Image.open(path) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(picture.pixels, expected)


def _cmyk_profile_without_color():
    """Makes an ICC profile in which every ink is a gray, of lightness 100 - 25 per full ink."""
    same = bytes(range(256))
    inks = [bin(corner).count("1") for corner in range(16)]
    table = b"".join(bytes([round(255 * (1 - 0.25 * count)), 128, 128]) for count in inks)
    one, zero = struct.pack(">i", 65536), bytes(4)
    matrix = one + zero * 3 + one + zero * 3 + one
    lut = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + matrix + same * 4 + table + same * 3
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    text = b"desc" + bytes(4) + struct.pack(">I", 5) + b"inks\0" + bytes(8 + 3 + 67)
    tags, body, start = b"", b"", 128 + 4 + 12 * 3
    for name, data in ((b"A2B0", lut), (b"wtpt", white), (b"desc", text)):
        tags += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    d50 = struct.pack(">3i", 63190, 65536, 54061)
    header = struct.pack(">I4sI4s4s4s12s4s", start + len(body), b"", 0x02400000, b"prtr", b"CMYK",
                         b"Lab ", bytes(12), b"acsp") + bytes(28) + d50  # fmt: skip
    return header.ljust(128, b"\0") + struct.pack(">I", 3) + tags + body


def test_cmyk_goes_through_its_profile(tmp_path, upscale):
    path = tmp_path / "a.tif"
    _flat("CMYK", (0, 255, 255, 0)).save(path, icc_profile=_cmyk_profile_without_color())

    with Image.open(upscale(path)) as result:
        assert result.mode == "RGB" and "sRGB" in _profile_name(result)
        # Lightness 50 is 119 in sRGB; without the profile it would be pure red.
        np.testing.assert_allclose(result.getpixel((5, 5)), (119, 119, 119), atol=4)


def _profile_name(image):
    profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
    return ImageCms.getProfileDescription(profile)


def test_unusable_profile_is_left_out(tmp_path, upscale):
    path = tmp_path / "a.jpg"
    _flat("CMYK", (0, 255, 255, 0)).save(path, icc_profile=b"not a profile", quality=100)

    with Image.open(upscale(path)) as result:
        assert result.mode == "RGB" and "icc_profile" not in result.info
        np.testing.assert_allclose(result.getpixel((5, 5)), (254, 0, 0), atol=2)


def test_lab_becomes_srgb(tmp_path):
    lab = Image.new("LAB", (4, 4), (136, 208, 195))
    lab.save(tmp_path / "lab.tif")

    picture = read_picture(tmp_path / "lab.tif")

    assert picture.pixels.shape == (4, 4, 3) and picture.metadata.icc_profile


def test_16_bits_into_formats_of_8(tmp_path, upscale):
    _write_deep(tmp_path / "a.png", _deep(3))
    Image.fromarray(np.full((10, 14), 30_001, np.uint16)).save(tmp_path / "gray.png")

    with Image.open(upscale(tmp_path / "a.png", tmp_path / "b.jpg")) as result:
        np.testing.assert_allclose(result.getpixel((9, 9)), (78, 156, 233), atol=2)
    with Image.open(upscale(tmp_path / "gray.png", tmp_path / "b.bmp")) as result:
        assert result.mode == "L" and abs(result.getpixel((9, 9)) - 117) <= 1


def test_gif_is_written_as_png_and_alpha_never_as_jpeg(tmp_path, upscale):
    _palette().save(tmp_path / "a.gif")
    assert upscale(tmp_path / "a.gif").name == "a_x2.png"
    _transparent("RGBA").save(tmp_path / "b.png")

    with pytest.raises(ImageFileError, match=r"c\.jpg would lose .*--ext=png"):
        upscale(tmp_path / "b.png", tmp_path / "c.jpg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gif", "a_x2.png", "b.png"]

    _flat("RGBA", (200, 100, 50, 255)).save(tmp_path / "opaque.png")
    assert upscale(tmp_path / "opaque.png", tmp_path / "c.jpg").is_file()


def test_avif_is_read_and_written(tmp_path, upscale):
    Image.init()
    if "AVIF" not in Image.SAVE:
        pytest.skip("this Pillow has no AVIF")
    _flat("RGB", (200, 100, 50)).save(tmp_path / "a.avif", quality=100)

    with Image.open(upscale(tmp_path / "a.avif")) as result:
        assert result.format == "AVIF" and result.size == (28, 20)
        np.testing.assert_allclose(result.getpixel((9, 9)), (200, 100, 50), atol=3)


def test_damaged_exif_is_left_out(tmp_path, upscale):
    path = tmp_path / "a.jpg"
    _flat("RGB", (200, 100, 50)).save(path, exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\1\2\3")

    with Image.open(upscale(path)) as result:
        assert result.size == (28, 20)


def _bad_files(folder):
    encoded = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    Image.fromarray(noise).save(encoded, "PNG")
    deep = np.random.default_rng(0).integers(0, 65_536, (40, 40, 3), dtype=np.uint16)
    (folder / "empty.png").touch()
    (folder / "text.jpg").write_text("no picture")
    (folder / "folder.png").mkdir()
    (folder / "cut.png").write_bytes(encoded.getvalue()[:-900])
    (folder / "deepcut.png").write_bytes(imagecodecs.png_encode(deep)[:-900])
    _write_deep(folder / "whole.tif", deep, "zlib")
    (folder / "deepcut.tif").write_bytes((folder / "whole.tif").read_bytes()[:-900])
    (folder / "whole.tif").unlink()
    (folder / "header.tif").write_bytes(b"II*\0\x08\0\0\0")
    Image.fromarray(np.ones((2, 2), np.float32)).save(folder / "float.tif")
    frames = [Image.new("L", (4, 4), level) for level in (0, 200)]
    for name in ("film.gif", "film.webp", "film.png", "pages.tif"):
        frames[0].save(folder / name, save_all=True, append_images=frames[1:])


def test_bad_file_is_named_in_one_sentence(tmp_path):
    _bad_files(tmp_path)
    names = [path.name for path in tmp_path.iterdir()]
    assert len(names) == 12
    for name in [*names, "missing.png"]:
        with pytest.raises(ImageFileError) as raised:
            read_picture(tmp_path / name)
        assert name in str(raised.value) and "\n" not in str(raised.value)
        assert str(raised.value).endswith(".")
        if name.startswith(("film", "pages")):
            assert "2 pages or frames" in str(raised.value)


def test_16_bit_files_of_several_pages_are_refused(tmp_path):
    path = tmp_path / "pages.tif"
    with tifffile.TiffWriter(path) as file:
        for _ in range(2):
            file.write(_deep(2), photometric="minisblack", extrasamples=["unassalpha"])

    with pytest.raises(ImageFileError, match="2 pages or frames"):
        read_picture(path)


@pytest.mark.parametrize("name", ["a.png", "a.tif", "plain.png"])
def test_pixel_limit_holds_for_every_reader(tmp_path, name):
    if name == "plain.png":
        _flat("L", 0).save(tmp_path / name)
    else:
        _write_deep(tmp_path / name, _deep(2))

    with pixel_limit(139), pytest.raises(ImageFileError, match="more than 139 pixels"):
        read_picture(tmp_path / name)
    with pixel_limit(140):
        assert read_picture(tmp_path / name).pixels.shape[:2] == (10, 14)


def test_failed_write_keeps_the_old_file(tmp_path, upscale, monkeypatch):
    _flat("RGB", (1, 2, 3)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_text("before")

    def broken(self, file, **options):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", broken)
    with pytest.raises(ImageFileError, match=r"b\.png cannot be written \(No space left"):
        network = create_network("srcnn-9-1-5")
        whole_pictures.upscale(
            tmp_path / "a.png", 2, network, output=tmp_path / "b.png", overwrite=True
        )

    assert (tmp_path / "b.png").read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "b.png"]
