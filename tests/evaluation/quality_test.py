"""A quality is a mapping that nobody can change, and means are over pictures."""

import copy
import math
import pickle

import pytest

from srcnn_tf.evaluation.quality import Quality, mean_quality


def test_figures_are_had_by_name_in_both_ways():
    quality = Quality({"psnr": 30.5}, ssim=0.9)
    assert dict(quality) == {"psnr": 30.5, "ssim": 0.9} == quality
    assert quality.psnr == quality["psnr"] == 30.5
    assert quality.only(["ssim"]) == {"ssim": 0.9}
    with pytest.raises(AttributeError, match="no figure 'lpips'; there is: psnr, ssim"):
        _ = quality.lpips


def test_it_cannot_be_changed_and_can_be_copied():
    quality = Quality(psnr=30.5)
    with pytest.raises(AttributeError, match="read-only"):
        quality.psnr = 99
    for copied in (pickle.loads(pickle.dumps(quality)), copy.deepcopy(quality)):
        assert copied == quality and hash(copied) == hash(quality)
    assert repr(quality) == "Quality(psnr=30.5)"


def test_in_words_leaves_out_what_is_not_defined():
    assert Quality(psnr=33.657, ssim=0.92994).in_words() == "33.66 dB, SSIM 0.9299"
    assert Quality(psnr=33.657, ssim=math.nan).in_words() == "33.66 dB"
    assert Quality(psnr=1.0, psnr_rgb=2.0).in_words() == "1.00 dB, PSNR of RGB 2.00 dB"


def test_means_are_over_pictures():
    figures = [(30, 0.9), (40, 0.7), (35, 0.8)]
    mean = mean_quality(Quality(psnr=psnr, ssim=ssim) for psnr, ssim in figures)
    assert mean.psnr == pytest.approx(35) and mean.ssim == pytest.approx(0.8)
    assert list(mean) == ["psnr", "ssim"]


def test_no_mean_of_nothing_or_of_different_metrics():
    with pytest.raises(ValueError, match="no pictures"):
        mean_quality([])
    with pytest.raises(ValueError, match="different metrics"):
        mean_quality([Quality(psnr=1), Quality(ssim=1)])
