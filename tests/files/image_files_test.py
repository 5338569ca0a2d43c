"""Pictures of every kind are read as the documented arrays; bad files are one clear error."""

import concurrent.futures
import io
import warnings

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.files.image_files import ImageFileError, find_images, read_image


@pytest.fixture
def rgb():
    return np.random.default_rng(0).integers(0, 256, (7, 5, 3), dtype=np.uint8)


def test_rgb_and_gray_come_back_unchanged(tmp_path, rgb):
    Image.fromarray(rgb).save(tmp_path / "color.png")
    Image.fromarray(rgb[..., 0]).save(tmp_path / "gray.bmp")

    np.testing.assert_array_equal(read_image(tmp_path / "color.png"), rgb)
    np.testing.assert_array_equal(read_image(str(tmp_path / "gray.bmp")), rgb[..., 0])


def test_alpha_is_dropped_and_hidden_colors_stay(tmp_path, rgb):
    alpha = np.zeros((7, 5, 1), np.uint8)
    Image.fromarray(np.concatenate([rgb, alpha], axis=2)).save(tmp_path / "rgba.png")
    Image.fromarray(np.concatenate([rgb[..., :1], alpha], axis=2), "LA").save(tmp_path / "la.png")

    np.testing.assert_array_equal(read_image(tmp_path / "rgba.png"), rgb)
    np.testing.assert_array_equal(read_image(tmp_path / "la.png"), rgb[..., 0])


def test_16_bit_gray_is_scaled_to_the_nearest_level(tmp_path):
    levels = np.array([[0, 128, 129, 257, 300, 32768, 65406, 65407, 65535]], np.uint16)
    expected = np.rint(levels / 257).astype(np.uint8)
    assert expected[0, 5] == 128
    for name in ("gray.png", "gray.tif", "gray.pgm"):
        Image.fromarray(levels).save(tmp_path / name)

        np.testing.assert_array_equal(read_image(tmp_path / name), expected, err_msg=name)


def test_bilevel_is_black_and_white(tmp_path):
    Image.fromarray(np.array([[True, False]])).save(tmp_path / "bits.png")

    np.testing.assert_array_equal(read_image(tmp_path / "bits.png"), [[255, 0]])


def test_palette_and_cmyk_become_rgb(tmp_path, rgb):
    palette = Image.fromarray(rgb).quantize(64)
    palette.save(tmp_path / "palette.png")
    Image.new("CMYK", (4, 3), (0, 255, 255, 0)).save(tmp_path / "cmyk.tif")

    np.testing.assert_array_equal(read_image(tmp_path / "palette.png"), palette.convert("RGB"))
    np.testing.assert_array_equal(
        read_image(tmp_path / "cmyk.tif"), np.full((3, 4, 3), (255, 0, 0))
    )


def test_exif_orientation_is_applied(tmp_path, rgb):
    exif = Image.Exif()
    exif[0x0112] = 6  # The camera was held so that the picture must turn clockwise.
    Image.fromarray(rgb).save(tmp_path / "turned.png", exif=exif)

    np.testing.assert_array_equal(read_image(tmp_path / "turned.png"), np.rot90(rgb, -1))


def test_bad_file_is_an_error_that_names_it(tmp_path, rgb):
    encoded = io.BytesIO()
    Image.fromarray(np.resize(rgb, (40, 40, 3))).save(encoded, "PNG")
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "folder.png").mkdir()
    Image.fromarray(np.ones((2, 2), np.float32)).save(tmp_path / "float.tif")
    for cut in (20, 60, encoded.tell() - 100):
        (tmp_path / f"cut{cut}.png").write_bytes(encoded.getvalue()[:cut])

    names = [path.name for path in tmp_path.iterdir()]
    assert len(names) == 7
    for name in [*names, "missing.png"]:
        with pytest.raises(ImageFileError, match=name) as raised:
            read_image(tmp_path / name)
        assert "\n" not in str(raised.value)


def test_decompression_bombs_are_refused(tmp_path, monkeypatch, rgb):
    Image.fromarray(rgb).save(tmp_path / "bomb.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)

    with pytest.raises(ImageFileError, match=r"bomb\.png unpacks to more than 20 pixels"):
        read_image(tmp_path / "bomb.png")


def test_find_images_is_recursive_and_sorted(tmp_path):
    for name in (
        "b.JPG",
        "a.png",
        "deep/er/c.tiff",
        ".hidden.png",
        ".cache/d.png",
        "notes.txt",
        "film.mpg",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    assert find_images(tmp_path) == ["a.png", "b.JPG", "deep/er/c.tiff"]
    with pytest.raises(ImageFileError, match="absent"):
        find_images(tmp_path / "absent")


def test_bridge_of_set14_is_single_channel(shared_data):
    assert read_image(shared_data / "set14" / "bridge.bmp").shape == (512, 512)
    assert read_image(shared_data / "set14" / "lenna.bmp").shape == (512, 512, 3)


def test_threads_that_read_at_once_leave_the_warnings_as_they_were(tmp_path):
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    before = warnings.filters[:]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        shapes = list(pool.map(lambda _: read_image(tmp_path / "a.png").shape, range(200)))
    assert shapes == [(30, 40, 3)] * 200
    assert warnings.filters == before
