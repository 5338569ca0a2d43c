"""Intervals of differences, the order of pictures, and scores as CSV."""

import csv
import io
import math

import numpy as np
import pytest
import scipy.stats

from srcnn_tf.evaluation import method_differences, record, table
from srcnn_tf.evaluation.benchmarking import Scores
from srcnn_tf.evaluation.picture_csv import picture_csv
from srcnn_tf.evaluation.quality import Quality
from srcnn_tf.evaluation.significance import paired_difference


def _qualities(*psnrs):
    return tuple(Quality(psnr=psnr) for psnr in psnrs)


def _scores(**columns):
    columns = {label: _qualities(*values) for label, values in columns.items()}
    return Scores("set5", 3, ("a", "b", "c"), _qualities(30, 31, 32), columns, "")


def test_the_interval_is_scipys():
    gains = np.random.default_rng(3).normal(0.2, 0.5, 40)
    found = paired_difference(gains)
    expected = scipy.stats.bootstrap(
        (gains,), np.mean, n_resamples=10_000, method="percentile", rng=1
    ).confidence_interval
    assert found.mean == pytest.approx(gains.mean()) and found.pictures == 40
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=0.01)
    assert found == paired_difference(gains)


def test_an_interval_holds_zero_where_pictures_disagree():
    assert paired_difference([0.3, -0.2, 0.1, -0.1, 0.05]).holds_zero
    assert not paired_difference([0.3, 0.2, 0.1, 0.1, 0.05]).holds_zero
    assert paired_difference([0.3]) is None
    assert paired_difference([0.3, math.inf, math.nan, 0.1]).pictures == 2


def test_further_networks_are_compared_with_the_first():
    scores = _scores(A=(33, 34, 35), B=(33.5, 33.5, 35.6), C=(34, 35, 36))
    lines = method_differences.in_words([scores])
    assert [line.split(",")[0] for line in lines] == [
        "Set5 x3: B against A +0.20 dB over 3 pictures",
        "Set5 x3: C against A +1.00 dB over 3 pictures",
    ]
    assert "holds zero" in lines[0] and lines[1].endswith("95 % interval +1.00 dB to +1.00 dB")
    text = table.text_report([scores])
    assert lines[0] in text
    (written,) = record.benchmark_record([scores], [], {}, {})["results"]
    assert list(written["differences"]) == ["B", "C"]
    (alone,) = record.benchmark_record([_scores(A=(1, 2, 3))], [], {}, {})["results"]
    assert "differences" not in alone


def test_pictures_come_by_what_the_second_network_gains_on_the_first():
    assert list(method_differences.sorted_pictures(_scores())) == [0, 1, 2]
    assert method_differences.sorted_pictures(_scores(A=(31, 33, 32.5))) == [1, 0, 2]
    scores = _scores(A=(33, 34, 35), B=(33.5, math.inf, 36))
    assert method_differences.sorted_pictures(scores) == [2, 0, 1]
    rows = table.text_report([scores], per_image=True).splitlines()[-3:]
    assert [row.split()[2] for row in rows] == ["c", "a", "b"]


def test_scores_as_csv():
    scores = _scores(A=(33, 34, 35), B=(33.5, math.nan, 36))
    rows = list(csv.DictReader(io.StringIO(picture_csv([scores]))))
    assert len(rows) == 9 and list(rows[0]) == [
        *("dataset", "scale", "condition", "picture", "method", "psnr", "gain_over_first")
    ]
    assert [(row["picture"], row["method"]) for row in rows[:3]] == [
        *(("c", "bicubic"), ("c", "A"), ("c", "B"))
    ]
    assert [row["gain_over_first"] for row in rows[:3]] == ["", "", "1.0"]
    assert (rows[-1]["picture"], rows[-1]["psnr"], rows[-1]["gain_over_first"]) == ("b", "", "")
