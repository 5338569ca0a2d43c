"""Metrics are chosen by name, and a user's own stands beside ours."""

import math
import subprocess
import sys

import numpy as np
import programs
import pytest

from srcnn_tf.evaluation.metrics import catalog
from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.metrics.psnr import psnr
from srcnn_tf.evaluation.metrics.scored_picture import ScoredPicture
from srcnn_tf.evaluation.metrics.ssim import ssim
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.imaging.luma import LumaToRgb


@pytest.fixture
def scored(photo):
    """The plane that bicubic makes of the photo at x3, and the photo's pair."""
    pair = degrade(photo, 3)
    return ScoredPicture(pair.bicubic_y[..., 0], pair.hr_y[..., 0], 3, pair.hr), pair


def _compute(name, picture):
    return catalog.METRICS[name].compute(picture)


def test_metrics_of_y_and_of_color_by_hand(scored):
    picture, pair = scored
    inside = slice(3, -3), slice(3, -3)
    original = pair.hr[inside]
    colored = LumaToRgb(pair.hr, pair.hr_y[..., 0], 3)(pair.bicubic_y[..., 0])[inside]
    y = np.floor(pair.bicubic_y[inside][..., 0].astype(np.float64) * 255 + 0.5).astype(np.uint8)

    assert _compute("psnr", picture) == psnr(pair.hr_y[inside][..., 0], y)
    assert _compute("ssim", picture) == ssim(pair.hr_y[inside][..., 0], y)
    assert _compute("psnr_rgb", picture) == psnr(original, colored)
    channels = [ssim(original[..., each], colored[..., each]) for each in range(3)]
    assert _compute("ssim_rgb", picture) == pytest.approx(np.mean(channels), abs=1e-12)


def test_gray_is_scored_in_color_as_it_is_in_gray(photo):
    pair = degrade(photo[..., 0], 2)
    picture = ScoredPicture(pair.bicubic_y[..., 0], pair.hr_y[..., 0], 2, pair.hr)
    assert _compute("psnr_rgb", picture) == pytest.approx(_compute("psnr", picture), abs=1e-12)
    assert _compute("ssim_rgb", picture) == pytest.approx(_compute("ssim", picture), abs=1e-12)


def test_pictures_smaller_than_the_window_have_no_ssim():
    picture = ScoredPicture(np.zeros((16, 16)), np.zeros((16, 16), np.uint8), 3)
    assert math.isnan(_compute("ssim", picture)) and math.isnan(_compute("ssim_rgb", picture))


@pytest.mark.parametrize("names", [[], ["psnr", "psnr"], ["lpips"], ["psnr", "sim"]])
def test_a_wrong_choice_is_an_error_with_the_known_ones(names):
    with pytest.raises(
        ValueError, match="there is: ifc, ms_ssim, nqm, psnr, psnr_b, psnr_rgb, ssim"
    ):
        catalog.chosen(names)


def test_only_metrics_of_color_ask_for_colors():
    assert not catalog.needs_color(catalog.DEFAULT_METRICS)
    assert catalog.needs_color(["psnr", "ssim_rgb"])


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match="already is a metric 'psnr'"):
        catalog.register(Metric("psnr", "Another", lambda picture: 0.0))
    with pytest.raises(ValueError, match="letters, digits and underscores"):
        Metric("mean error", "Mean error", lambda picture: 0.0)


def test_figures_are_written_as_the_metric_says():
    metric = Metric("error", "Error", lambda picture: 0.0, decimals=1, unit="levels")
    assert metric.description == "Error in levels"
    assert metric.in_words(2.25) == "Error 2.2 levels"
    assert metric.format(math.nan) == metric.format(None) == "-"
    assert catalog.METRICS["psnr"].in_words(33.657) == "33.66 dB"


def test_a_file_in_the_folder_is_found_by_itself(tmp_path):
    (tmp_path / "mae.py").write_text(
        "from srcnn_tf.evaluation.metrics.metric import Metric\n"
        "METRIC = Metric('mae', 'MAE', lambda p: abs(p.hr_y.astype(float) - p.y).mean())\n"
    )
    code = f"""
from srcnn_tf.evaluation import metrics
metrics.__path__.append({str(tmp_path)!r})
from srcnn_tf.evaluation.metrics.catalog import METRICS
print(*METRICS)
"""
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=programs.environment(),
        timeout=120,
    )
    assert {"mae", "psnr", "ssim"} <= set(found.stdout.split()), found.stderr
