"""Each protocol degrades, rounds and shaves as it says."""

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.data.photo_degradation import at_scale_1
from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.evaluation import benchmarking, published, table
from srcnn_tf.evaluation.protocols import catalog
from srcnn_tf.evaluation.protocols.compressed import Compressed
from srcnn_tf.evaluation.protocols.protocol import SRCNN, Protocol
from srcnn_tf.evaluation.protocols.rgb import Rgb
from srcnn_tf.evaluation.protocols.unrounded import Unrounded
from srcnn_tf.evaluation.quality import mean_quality
from srcnn_tf.evaluation.scoring import evaluate, score
from srcnn_tf.files.image_files import read_image
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.imaging.resize import imresize


def _picture(image, scale, name="a.png"):
    pair = degrade(image, scale)
    planes = (plane[..., 0] for plane in (pair.hr_y, pair.bicubic_y, pair.lr_y))
    return EvaluationPicture(name, *planes, pair.hr)


def test_pixels_are_shaved_as_chosen():
    original = np.full((30, 30), 100, np.uint8)
    plane = original / np.float32(255)
    plane[2, 15] = 1
    assert score(plane, original, 3).psnr == np.inf
    assert score(plane, original, 3, by=Protocol(shaved=2)).psnr < 40
    assert Protocol(shaved=3).is_standard(3) and not Protocol(shaved=2).is_standard(3)
    assert "shave 2 pixels" in Protocol(shaved=2).in_words()
    with pytest.raises(ValueError, match="cannot be -1"):
        Protocol(shaved=-1)


def test_float_neither_rounds_nor_leaves_the_range():
    original = np.full((20, 20), 100, np.uint8)
    for level, error in ((100.25, 0.25), (-50, 100), (300, 155)):
        plane = np.full((20, 20), level / 255, np.float64)
        expected = 20 * np.log10(255 / error)
        assert score(plane, original, 2, by=Unrounded()).psnr == pytest.approx(expected, abs=1e-6)


def test_float_scores_colors_too(photo):
    picture = _picture(photo, 2)
    metrics = ["psnr_rgb", "ssim_rgb"]
    rounded, unrounded = (
        score(picture.bicubic_y, picture.hr_y, 2, metrics, picture.hr, by)
        for by in (SRCNN, Unrounded())
    )
    assert 0 < unrounded.psnr_rgb - rounded.psnr_rgb < 0.1
    assert unrounded.ssim_rgb == pytest.approx(rounded.ssim_rgb, abs=0.002)


def test_rgb_starts_from_the_small_picture_in_8_bits(photo):
    picture = _picture(photo, 3)
    prepared = Rgb().prepare(picture, 3)
    small = imresize(picture.hr, 1 / 3)
    assert small.dtype == np.uint8
    expected = degrade(small, 1).hr_y[..., 0]
    np.testing.assert_allclose(prepared.lr_y * 255, expected, atol=0.5001)
    # Bicubic by hand: each channel of the small picture enlarged. The order does not matter, since
    # both colors and enlarging are linear.
    by_channel = np.clip(np.floor(imresize(small / 255.0, 3) * 255 + 0.5), 0, 255)
    error = (by_channel - picture.hr)[3:-3, 3:-3]
    expected = 20 * np.log10(255 / np.sqrt(np.mean(error**2)))
    quality = score(prepared.bicubic_y, picture.hr_y, 3, ["psnr_rgb"], picture.hr, Rgb())
    assert quality.psnr_rgb == pytest.approx(expected, abs=0.01)
    with pytest.raises(ValueError, match="color=True"):
        Rgb().prepare(picture._replace(hr=None), 3)


def test_rgb_leaves_a_gray_picture_its_own_luminance(photo):
    picture = _picture(photo[..., 1], 2)
    prepared = Rgb().prepare(picture, 2)
    np.testing.assert_allclose(prepared.lr_y, picture.lr_y, atol=1.01 / 255)


def test_compressed_starts_from_a_jpeg(photo):
    picture = _picture(photo, 2)
    file = io.BytesIO()
    small = np.clip(np.floor(picture.lr_y.astype(float) * 255 + 0.5), 0, 255).astype(np.uint8)
    Image.fromarray(small).save(file, "JPEG", quality=20)
    prepared = Compressed(quality=20).prepare(picture, 2)
    np.testing.assert_array_equal(np.rint(prepared.lr_y * 255), np.asarray(Image.open(file)))
    np.testing.assert_allclose(prepared.bicubic_y, imresize(prepared.lr_y, 2), atol=1e-6)
    assert Compressed(quality=20).condition == "q20" and Compressed().border(2) == 2
    with pytest.raises(ValueError, match="1 to 100, not 0"):
        Compressed(quality=0)


def test_at_scale_1_the_jpeg_is_the_baseline_and_any_network_runs(photo):
    class Same:
        grid = "low"

        def __call__(self, plane):
            return plane

    pictures = at_scale_1([_picture(photo, 2)])
    scores = benchmarking.benchmark(
        "some", pictures, 1, {"same": Same()}, protocol=Compressed(quality=10)
    )
    assert scores.columns["same"] == scores.bicubic and 20 < scores.bicubic_mean.psnr < 40
    assert scores.baseline == "JPEG" and scores.setting == "x1 q10"
    text = table.text_report([scores])
    assert "JPEG" in text and "x1 q10 +0.00 dB over JPEG" in text
    assert "(published)" not in text  # Nothing is, of these pictures.
    known = table.text_report([dataclasses.replace(scores, dataset="live1")])
    assert "DnCNN-3 (published)" in known and "29.19 / 0.8123" in known


def test_published_figures_stand_only_beside_scores_by_their_protocol():
    assert published.score_by(published.SRCNN_PAPER, SRCNN, "set5", 3).psnr == 32.75
    for protocol in (Protocol(shaved=0), Unrounded(), Rgb(), Compressed(quality=10)):
        assert published.score_by(published.SRCNN_PAPER, protocol, "set5", 3) is None
        assert published.baseline_score(protocol, "set5", 3) is None
    assert published.score_by("dncnn-3", Compressed(quality=10), "live1", 1).psnr == 29.19
    assert published.score_by("dncnn-3", Compressed(quality=50), "live1", 1) is None


def test_pictures_are_verified_even_where_nothing_is_published(photo):
    lines = []
    benchmarking.benchmark(
        "some", [_picture(photo, 3)], 3, {}, protocol=Unrounded(), log=lines.append
    )
    assert "pictures not verified" in lines[0] and "by the protocol float" in lines[0]
    with pytest.raises(benchmarking.ProtocolError, match="Set5 x3 bicubic"):
        benchmarking.benchmark("set5", [_picture(photo, 3)] * 5, 3, {}, protocol=Unrounded())


def test_what_protocols_do_not_take_is_refused(photo):
    assert catalog.chosen("srcnn", 3) == (SRCNN,)
    assert [each.quality for each in catalog.chosen("compressed", 1)] == [10, 20, 30, 40]
    assert catalog.chosen("compressed", 2, 4, [50]) == (Compressed(4, 50),)
    with pytest.raises(ValueError, match="compresses nothing"):
        catalog.chosen("float", 2, None, [50])
    with pytest.raises(ValueError, match="scale 1 is for compressed alone"):
        catalog.chosen("rgb", 1)
    with pytest.raises(ValueError, match="There is no protocol 'y'"):
        catalog.chosen("y", 2)
    picture = _picture(photo, 2)
    with pytest.raises(ValueError, match="luminance alone"):
        evaluate([picture], 2, metrics=["psnr_rgb"], by=Compressed())


@pytest.mark.parametrize(
    ("dataset", "scale", "quality", "expected"),
    [
        ("set5", 2, 10, 26.587),
        ("set5", 3, 40, 27.649),
        ("set5", 4, 90, 28.052),
        ("classic5", 1, 10, 27.821),
        ("classic5", 1, 40, 32.428),
    ],
)
def test_compressed_has_the_known_baselines(shared_data, dataset, scale, quality, expected):
    files = sorted((shared_data / dataset).iterdir())
    pictures = [_picture(read_image(path), scale, path.name) for path in files]
    protocol = Compressed(quality=quality)
    prepared = [protocol.prepare(picture, scale) for picture in pictures]
    mean = mean_quality(entry.bicubic for entry in evaluate(prepared, scale, by=protocol))
    assert mean.psnr == pytest.approx(expected, abs=0.001)
