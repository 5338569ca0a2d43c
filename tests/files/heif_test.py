"""HEIC and HEIF as phones write them, where `pillow-heif` is installed (the extra `heif`)."""

import io

import numpy as np
import pytest
from PIL import Image

import srcnn_tf
from srcnn_tf.files.image_files import ImageFileError, find_images
from srcnn_tf.files.picture_files import read_picture, size_of
from srcnn_tf.networks.network import initial_network

pillow_heif = pytest.importorskip(
    "pillow_heif", reason='HEIC is read by pillow-heif, which is not here; the extra "heif" has it'
)


@pytest.fixture
def heic(tmp_path):
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    image = Image.new("RGB", (60, 40), (200, 100, 50))
    image.save(tmp_path / "a.heic", quality=90, exif=exif.tobytes())
    return tmp_path / "a.heic"


def test_a_heic_becomes_png_upright_with_its_exif(heic):
    assert find_images(heic.parent) == ["a.heic"]
    assert size_of(heic) == (40, 60)
    picture = read_picture(heic)
    assert picture.pixels.shape == (60, 40, 3) and picture.metadata.exif[0x010F] == "Maker"
    np.testing.assert_allclose(picture.pixels.mean((0, 1)), (200, 100, 50), atol=3)

    written = srcnn_tf.upscale(heic, 2, initial_network("srcnn-9-1-5"))
    assert written.name == "a_x2.png"
    with Image.open(written) as image:
        assert image.size == (80, 120)


def test_its_bytes_are_read_too_and_damage_is_one_sentence(heic):
    data = heic.read_bytes()
    result = srcnn_tf.upscale(data, 2, initial_network("srcnn-9-1-5"))
    with Image.open(io.BytesIO(result)) as image:
        assert (image.format, image.size) == ("PNG", (80, 120))
    heic.write_bytes(data[: len(data) // 2])
    with pytest.raises(ImageFileError, match=r"a\.heic is "):
        read_picture(heic)
