"""Scores are the paper's: rounded to 8 bits, shaved, per picture, then averaged."""

import math

import numpy as np
import pytest

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.engines.keras_models import load_weights
from srcnn_tf.engines.runners import runner
from srcnn_tf.evaluation.metrics.psnr import psnr
from srcnn_tf.evaluation.metrics.ssim import ssim
from srcnn_tf.evaluation.quality import mean_quality
from srcnn_tf.evaluation.scoring import PROTOCOL, evaluate, protocol, score
from srcnn_tf.files.image_files import read_image
from srcnn_tf.imaging.degradation import degrade


def _picture(image, scale, name="a.png"):
    pair = degrade(image, scale)
    return EvaluationPicture(name, pair.hr_y[..., 0], pair.bicubic_y[..., 0])


def test_a_score_by_hand():
    original = np.full((20, 20), 100, np.uint8)
    plane = np.full((20, 20), 100 / 255, np.float32)
    plane[5, 5] = 110 / 255

    quality = score(plane, original, scale=2)

    # One pixel of 16 x 16 is off by 10 levels.
    assert quality.psnr == pytest.approx(20 * math.log10(255 / math.sqrt(100 / 256)), abs=1e-9)
    expected = np.full((16, 16), 100)
    expected[3, 3] = 110
    assert quality.ssim == pytest.approx(ssim(np.full((16, 16), 100), expected), abs=1e-12)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_errors_count_from_the_scale_inwards_only(scale):
    original = np.full((30, 30), 100, np.uint8)
    for position in ((scale - 1, 15), (15, scale - 1), (-scale, 15), (15, -scale)):
        plane = original / np.float32(255)
        plane[position] = 1
        assert score(plane, original, scale).psnr == math.inf
    for position in ((scale, 15), (15, scale), (-scale - 1, 15), (15, -scale - 1)):
        plane = original / np.float32(255)
        plane[position] = 1
        assert score(plane, original, scale).psnr < 40


def test_planes_are_rounded_half_up_and_clipped_before_scoring():
    original = np.full((20, 20), 100, np.uint8)
    for level, equal in ((99.51, 100), (100.49, 100), (100.51, 101), (-300, 0), (999, 255)):
        plane = np.full((20, 20), level / 255, np.float32)
        expected = psnr(original, np.full((20, 20), equal))
        assert score(plane, original, 2).psnr == pytest.approx(expected), level
    halves = np.full((20, 20), 100.5 / 255)  # which rint would take to 100
    assert score(halves, np.full((20, 20), 101, np.uint8), 2).psnr == math.inf


def test_a_picture_too_small_for_ssim_still_has_a_psnr():
    quality = score(np.zeros((16, 14), np.float32), np.full((16, 14), 255, np.uint8), 2)

    assert quality.psnr == 0
    assert math.isnan(quality.ssim)


def test_bicubic_and_network_are_scored_on_the_same_picture(photo):
    pictures = [_picture(photo, 3, "b.png"), _picture(photo[20:110, 20:90], 3, "a.png")]

    scores = evaluate(pictures, 3, lambda plane: plane * np.float32(0.9))

    assert [entry.filename for entry in scores] == ["b.png", "a.png"]
    for entry, picture in zip(scores, pictures, strict=True):
        assert entry.bicubic == score(picture.bicubic_y, picture.hr_y, 3)
        darker = picture.bicubic_y * np.float32(0.9)
        assert entry.network == score(darker, picture.hr_y, 3)
        assert entry.network.psnr < entry.bicubic.psnr


def test_without_a_network_there_is_bicubic_only(photo):
    (entry,) = evaluate([_picture(photo, 2)], 2)

    assert entry.network is None
    assert entry.bicubic.psnr > 25


def test_the_perfect_network_is_perfect(photo):
    picture = _picture(photo, 4)

    (entry,) = evaluate([picture], 4, lambda plane: picture.hr_y / np.float32(255))

    assert entry.network == {"psnr": math.inf, "ssim": pytest.approx(1)}


def test_a_network_on_the_low_grid_gets_the_small_plane(photo):
    pair = degrade(photo, 3)
    picture = _picture(photo, 3)._replace(lr_y=pair.lr_y[..., 0])

    class Repeat:
        grid = "low"

        def __call__(self, plane):
            assert plane.shape == (50, 66)
            return plane.repeat(3, axis=0).repeat(3, axis=1)

    (entry,) = evaluate([picture], 3, Repeat())

    expected = pair.lr_y[..., 0].repeat(3, axis=0).repeat(3, axis=1)
    assert entry.network == score(expected, picture.hr_y, 3)
    assert 20 < entry.network.psnr < entry.bicubic.psnr


def test_colors_are_scored_where_asked_for(photo):
    picture = _picture(photo, 3)
    with pytest.raises(ValueError, match="color=True"):
        evaluate([picture], 3, metrics=["psnr_rgb"])

    colored = picture._replace(hr=degrade(photo, 3).hr)
    (entry,) = evaluate([colored], 3, metrics=["psnr_rgb", "psnr"])

    assert list(entry.bicubic) == ["psnr_rgb", "psnr"]
    assert entry.bicubic.psnr == score(picture.bicubic_y, picture.hr_y, 3).psnr


def test_a_plane_with_nan_has_no_score():
    plane = np.full((20, 20), 0.5, np.float32)
    plane[9, 9] = np.nan
    quality = score(plane, np.full((20, 20), 128, np.uint8), 2)
    assert list(quality) == ["psnr", "ssim"] and all(map(math.isnan, quality.values()))


def test_unknown_metrics_are_refused_with_the_known_ones():
    plane = np.zeros((20, 20))
    with pytest.raises(ValueError, match=r"no metric 'psrn'; there is: ifc, .* mean psnr"):
        score(plane, plane.astype(np.uint8), 2, ["psrn"])


def test_the_protocol_names_the_metrics():
    assert PROTOCOL.endswith("shave s pixels -> PSNR, SSIM; mean over pictures")
    assert protocol(["psnr_rgb"]).endswith("-> PSNR of RGB; mean over pictures")


def _read_set(shared_data, name, scale):
    files = sorted((shared_data / name).iterdir())
    return [_picture(read_image(path), scale, path.name) for path in files]


@pytest.mark.parametrize(
    ("dataset", "scale", "published"),
    [("set5", 2, 33.66), ("set5", 3, 30.39), ("set5", 4, 28.42), ("set14", 3, 27.54)],
)
def test_bicubic_has_the_published_score(shared_data, dataset, scale, published):
    scores = evaluate(_read_set(shared_data, dataset, scale), scale)

    assert len(scores) == {"set5": 5, "set14": 14}[dataset]
    mean = mean_quality(entry.bicubic for entry in scores)
    assert mean.psnr == pytest.approx(published, abs=0.01)


@pytest.mark.parametrize(
    ("filters", "scale", "published"),
    [
        pytest.param("9-1-5_91-images", 2, 36.34, marks=pytest.mark.slow),
        ("9-1-5_91-images", 3, 32.39),
        pytest.param("9-1-5_91-images", 4, 30.08, marks=pytest.mark.slow),
        pytest.param("9-1-5_imagenet", 3, 32.52, marks=pytest.mark.slow),
        pytest.param("9-3-5_imagenet", 3, 32.66, marks=pytest.mark.slow),
        pytest.param("9-5-5_imagenet", 2, 36.66, marks=pytest.mark.slow),
        ("9-5-5_imagenet", 3, 32.75),
        pytest.param("9-5-5_imagenet", 4, 30.48, marks=pytest.mark.slow),
    ],
)
def test_the_authors_filters_have_their_published_score(shared_data, filters, scale, published):
    network = load_weights(shared_data / f"paper_weights/{filters}/x{scale}.mat")

    scores = evaluate(_read_set(shared_data, "set5", scale), scale, runner(network))

    mean = mean_quality(entry.network for entry in scores)
    assert mean.psnr == pytest.approx(published, abs=0.01)
