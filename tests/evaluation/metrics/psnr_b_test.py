"""PSNR-B, by hand and beside published figures."""

import io
import math

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.evaluation.metrics.psnr import psnr
from srcnn_tf.evaluation.metrics.psnr_b import psnr_b
from srcnn_tf.files.image_files import read_image


def test_without_blocks_it_is_psnr():
    noise = np.random.default_rng(0).integers(100, 120, (64, 64)).astype(np.uint8)
    blurred = np.full((64, 64), 110, np.uint8)
    assert psnr_b(noise, blurred) == psnr(noise, blurred)
    assert psnr_b(noise[:, ::-1], noise[:, ::-1].copy()) >= 45  # chance alone
    assert psnr_b(blurred, blurred) == math.inf


def test_a_plane_of_blocks_by_hand():
    # Steps of 10 levels between blocks, none within; half of the pixels are wrong by 10.
    blocks = np.kron(np.indices((2, 2)).sum(0) % 2, np.ones((8, 8))).astype(np.uint8) * 10 + 100
    reference = np.full((16, 16), 100, np.uint8)
    effect = math.log2(8) / math.log2(16) * 100
    expected = 20 * math.log10(255 / math.sqrt(50 + effect))
    assert psnr_b(reference, blocks) == pytest.approx(expected)
    # With four rows and columns cut off, the blocks are found where they are.
    moved = psnr_b(reference[4:, 4:], blocks[4:, 4:], offset=4)
    wrong = psnr_b(reference[4:, 4:], blocks[4:, 4:])
    assert moved < wrong == psnr(reference[4:, 4:], blocks[4:, 4:])


def test_small_planes_are_refused():
    with pytest.raises(ValueError, match="larger than 8 x 8"):
        psnr_b(np.zeros((8, 20)), np.zeros((8, 20)))


@pytest.mark.parametrize(("quality", "published"), [(10, 25.21), (20, 27.50), (40, 29.92)])
def test_jpegs_of_classic5_have_the_published_score(shared_data, quality, published):
    scores = []
    for path in sorted((shared_data / "classic5").iterdir()):
        plane, file = read_image(path), io.BytesIO()
        Image.fromarray(plane).save(file, "JPEG", quality=quality)
        scores.append(psnr_b(plane, np.asarray(Image.open(file))))
    assert np.mean(scores) == pytest.approx(published, abs=0.01)
