"""The quality of a JPEG file, against the qualities that Pillow was asked for."""

import io

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.files.jpeg_quality import estimate_quality, read_settings


def _saved(mode="RGB", **options):
    file = io.BytesIO()
    Image.new(mode, (16, 16)).save(file, "JPEG", **options)
    return Image.open(file)


def test_every_quality_of_pillow_is_found():
    for mode in ("L", "RGB", "CMYK"):
        found = [read_settings(_saved(mode, quality=quality)).quality for quality in range(1, 101)]
        assert found == list(range(1, 101))


@pytest.mark.parametrize("sampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_settings_make_another_file_likewise(sampling):
    image = _saved(quality=83, subsampling=sampling)
    settings = read_settings(image)
    assert settings.subsampling == sampling
    again = _saved(qtables=settings.tables, subsampling=settings.subsampling)
    assert again.quantization == image.quantization
    assert read_settings(again) == settings


def test_other_tables_get_the_quality_that_compresses_as_strongly():
    # Flat tables, as some cameras have them.
    assert estimate_quality([1] * 64) == 100
    assert 40 <= estimate_quality([50] * 64) <= 60
    qualities = [estimate_quality([step] * 64) for step in (2, 5, 10, 20, 40, 80, 160)]
    assert qualities == sorted(qualities, reverse=True)


def test_what_is_not_jpeg_or_not_a_table():
    assert read_settings(Image.new("RGB", (4, 4))) is None
    assert read_settings(_saved("CMYK")).tables == ()
    assert read_settings(_saved("L")).subsampling is None
    with pytest.raises(ValueError, match="64 numbers"):
        estimate_quality(np.ones(63))
