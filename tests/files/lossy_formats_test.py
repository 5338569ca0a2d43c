"""Which files have lost details, by their format; of WebP both kinds."""

import pathlib

import pytest
from PIL import Image, features

from srcnn_tf.files.picture_files import read_picture
from srcnn_tf.files.picture_source import Memory

_FILES = [
    ("a.jpg", {"quality": 80}, "JPEG"),
    ("a.png", {}, ""),
    ("a.bmp", {}, ""),
    ("a.tif", {}, ""),
    ("a.webp", {"quality": 80}, "WebP"),
    ("a.webp", {"lossless": True}, ""),
    # With more than pixels, a file has further chunks in front.
    ("a.webp", {"quality": 80, "exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}, "WebP"),
    ("a.webp", {"lossless": True, "exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}, ""),
    ("a.avif", {}, "AVIF"),
]


@pytest.mark.parametrize(("name", "options", "expected"), _FILES)
def test_lossy_files_are_known(tmp_path, photo, name, options, expected):
    if name.endswith("avif") and not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")
    path = pathlib.Path(tmp_path / name)
    Image.fromarray(photo).save(path, **options)
    picture = read_picture(path)
    assert picture.lossy == expected
    assert read_picture(Memory(path.read_bytes())).lossy == expected
    assert (picture.jpeg is not None) == (expected == "JPEG")
