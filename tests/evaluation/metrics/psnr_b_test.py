"""PSNR-B, by hand and beside the formulas of its paper."""

import io
import math

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.evaluation.metrics.psnr import psnr
from srcnn_tf.evaluation.metrics.psnr_b import psnr_b


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


@pytest.mark.parametrize("quality", [10, 40])
@pytest.mark.parametrize("sides", [(96, 128), (75, 61)])
def test_jpegs_have_the_score_that_the_papers_formulas_give(photo, quality, sides):
    plane, file = photo[: sides[0], : sides[1], 0], io.BytesIO()
    Image.fromarray(plane).save(file, "JPEG", quality=quality)
    jpeg = np.asarray(Image.open(file))

    expected = _by_pairs(plane.tolist(), jpeg.tolist())
    assert expected < psnr(plane, jpeg) - 0.2
    assert psnr_b(plane, jpeg) == pytest.approx(expected, abs=1e-9)


def _by_pairs(reference, image):
    """Yim and Bovik's equations, one pair of neighbors after the other."""
    rows, columns = len(image), len(image[0])
    pairs = [((y, x), (y, x + 1), x + 1) for y in range(rows) for x in range(columns - 1)]
    pairs += [((y, x), (y + 1, x), y + 1) for y in range(rows - 1) for x in range(columns)]
    across, within = [], []
    for (y, x), (below, right), position in pairs:
        step = (image[y][x] - image[below][right]) ** 2
        (within if position % 8 else across).append(step)
    squares = [(reference[y][x] - image[y][x]) ** 2 for y in range(rows) for x in range(columns)]
    error = sum(squares) / len(squares)
    blocking, others = sum(across) / len(across), sum(within) / len(within)
    weight = math.log2(8) / math.log2(min(rows, columns)) if blocking > others else 0
    return 10 * math.log10(255**2 / (error + weight * (blocking - others)))
