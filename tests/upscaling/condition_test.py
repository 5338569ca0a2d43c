"""What a picture has been through is told by its file, and where that is lossless by its pixels."""

import numpy as np
import pytest
import skimage.data
from PIL import Image

from srcnn_tf.files.picture_files import read_picture
from srcnn_tf.imaging.compression import jpeg_round_trip
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.upscaling.condition import condition_of


@pytest.fixture(scope="module")
def small():
    """A photograph, shrunk, so that nothing of an earlier compression is left."""
    return imresize(skimage.data.coffee(), 0.5)


def _condition(path, pixels, **options):
    Image.fromarray(pixels).save(path, **options)
    return condition_of(read_picture(path), 2)


def test_a_lossless_file_of_a_clean_picture_is_clean(tmp_path, small):
    found = _condition(tmp_path / "a.png", small)
    assert found.is_clean and found.in_words() == "lossless, no blocks, no noise"


@pytest.mark.parametrize(("quality", "clean"), [(60, False), (90, False), (95, True), (99, True)])
def test_jpegs_are_judged_by_their_quality(tmp_path, small, quality, clean):
    found = _condition(tmp_path / "a.jpg", small, quality=quality)
    assert (found.is_clean, found.in_words()) == (clean, f"a JPEG of quality {quality}")


def test_webp_is_a_photograph_unless_it_is_lossless(tmp_path, small):
    assert _condition(tmp_path / "a.webp", small, quality=90).in_words() == "a WebP file"
    assert _condition(tmp_path / "b.webp", small, lossless=True).is_clean


@pytest.mark.parametrize("options", [{"name": "a.png"}, {"name": "a.jpg", "quality": 99}])
def test_an_old_jpeg_is_seen_in_any_file(tmp_path, small, options):
    name = options.pop("name")
    found = _condition(tmp_path / name, jpeg_round_trip(small, 50)[3:, 5:], **options)
    assert not found.is_clean
    assert "shows the blocks of an earlier JPEG" in found.in_words()


def test_noise_is_seen(tmp_path, small):
    noise = np.random.default_rng(0).normal(0, 9, small.shape)
    found = _condition(tmp_path / "a.png", np.clip(small + noise, 0, 255).astype(np.uint8))
    assert not found.is_clean and "noise of some" in found.in_words()


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "1", "P"])
def test_all_kinds_of_pixels_are_judged(tmp_path, small, mode):
    picture = Image.fromarray(small).convert(mode)
    picture.save(tmp_path / "a.png")
    condition_of(read_picture(tmp_path / "a.png"), 4)


def test_sixteen_bits_and_tiny_pictures_are_judged(tmp_path):
    deep = np.random.default_rng(0).integers(0, 2**16, (9, 5)).astype(np.uint16)
    assert _condition(tmp_path / "a.png", deep).is_clean
