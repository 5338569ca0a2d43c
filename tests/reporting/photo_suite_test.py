"""The suite of JPEGs: what `auto` is judged by, and what is said of it."""

import re

import numpy as np
import pytest

from srcnn_tf.reporting import photo_suite
from srcnn_tf.reporting.photo_suite import PhotoScores


def _scores(auto, quality=50):
    names = tuple(f"{number}.png" for number in range(len(auto)))
    lanczos = tuple(30.0 for _ in auto)
    models = {"auto": tuple(30 + gain for gain in auto), "clean": lanczos}
    return PhotoScores(2, quality, names, lanczos, models, ("",) * len(auto))


def test_the_table_has_gains_and_the_worst_picture():
    head, row = photo_suite.rows([_scores([0.5, -0.02, 0.3])])
    assert head == ["scale", "quality", "Lanczos", "auto", "clean", "auto's least gain", "on"]
    assert row == ["x2", "50", "30.00", "+0.26", "+0.00", "-0.020", "1.png"]


@pytest.mark.parametrize(
    ("gains", "sentence"),
    [
        ([0.5, -0.04], "is not below Lanczos on average anywhere, nor on any single picture"),
        ([0.5, -0.2], r"more than 0.05 dB below on 1.png \(x2, quality 50: -0.20 dB\)"),
        ([-0.01, -0.02], "below Lanczos on average for x2 at quality 50"),
    ],
)
def test_the_verdict_says_where_auto_is_worse(gains, sentence):
    assert re.search(sentence, photo_suite.verdict([_scores(gains)]))


@pytest.mark.slow
def test_jpegs_are_enlarged_as_upscale_does(photo):
    (scores,) = photo_suite.photo_suite({2: {"photo.png": photo}}, [80], log=lambda line: None)
    assert scores.filenames == ("photo.png",) and len(scores.lanczos) == 1
    assert {"auto", "clean"} <= set(scores.models)
    assert np.isfinite(scores.gains("auto")).all()
    assert "quality" in photo_suite.text([scores]) and "| x2 |" in photo_suite.text([scores], True)
