"""Scores, the check of the protocol, and how they are laid out."""

import json
import math

import benchmark_data
import numpy as np
import pytest

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.engines import keras_model
from srcnn_tf.evaluation import benchmarking, record, table
from srcnn_tf.evaluation.scoring import Quality
from srcnn_tf.imaging.degradation import degrade


def _pictures(count, side=30, scale=3):
    random = np.random.default_rng(0)
    pairs = [degrade(random.integers(0, 256, (side, side), np.uint8), scale) for _ in range(count)]
    return [
        EvaluationPicture(f"{number}.png", pair.hr_y[..., 0], pair.bicubic_y[..., 0])
        for number, pair in enumerate(pairs)
    ]


def _qualities(*psnrs):
    return [Quality(psnr, 0.9) for psnr in psnrs]


def test_a_network_that_changes_nothing_scores_as_bicubic():
    scores = benchmarking.benchmark("some", _pictures(2), 3, {"same": lambda plane: plane})
    assert scores.columns["same"] == scores.bicubic
    assert scores.mean("same").psnr == pytest.approx(np.mean([q.psnr for q in scores.bicubic]))
    assert scores.mean("absent") is None
    assert table.gains([scores]) == ["some, same: x3 +0.00 dB over bicubic"]


def test_bicubic_as_published_is_said_to_be_verified():
    sentence = benchmarking.verify_protocol("set5", 3, _qualities(*[30.394] * 5))
    assert sentence == "protocol verified: Set5 x3 bicubic 30.39 = published 30.39"


@pytest.mark.parametrize("psnr", [30.41, 30.37, math.inf, math.nan])
def test_bicubic_unlike_the_published_is_an_error(psnr):
    with pytest.raises(benchmarking.ProtocolError, match=r"Set5 x3 .* 30\.39 published"):
        benchmarking.verify_protocol("set5", 3, _qualities(*[psnr] * 5))


@pytest.mark.parametrize(
    "dataset, count, reason", [("set5", 4, "4 of the 5"), ("bsd200", 200, "no bicubic score")]
)
def test_what_cannot_be_compared_is_said_to_be_not_verified(dataset, count, reason):
    sentence = benchmarking.verify_protocol(dataset, 3, _qualities(*[20.0] * count))
    assert sentence.startswith("protocol not verified") and reason in sentence


def test_no_network_runs_when_the_protocol_does_not_hold():
    def enhance(plane):
        raise AssertionError("a network ran")

    with pytest.raises(benchmarking.ProtocolError):
        benchmarking.benchmark("set5", _pictures(5), 3, {"ours": enhance})


def test_the_table_has_published_figures_dashes_and_a_column_for_each_network():
    scored = benchmarking.Scores(
        "set5", 2, ("a", "b"), tuple(_qualities(33, 34)), {"A": tuple(_qualities(36, 37))}, ""
    )
    other = benchmarking.Scores(
        "sample_photos", 3, ("c",), (Quality(25.0, math.nan),), {"B": tuple(_qualities(26))}, ""
    )
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.markdown_report([scored, other]).splitlines()
        if line.startswith("|")
    ]
    paper, keras = "Paper's SRCNN (published)", "SRCNN-keras (published)"
    assert rows[0] == ["Dataset", "Scale", "Bicubic", paper, keras, "A", "B"]
    assert rows[2][:4] == ["Set5", "x2", "33.50 / 0.9000", "36.66 / 0.9542"]
    assert rows[2][4:] == ["36.36 / -", "36.50 / 0.9000", "-"]
    assert rows[3] == ["sample_photos", "x3", "25.00 / -", "-", "-", "-", "26.00 / 0.9000"]


def test_single_pictures_are_shown_on_request_only():
    scores = benchmarking.benchmark("some", _pictures(2), 3, {})
    assert "1.png" not in table.text_report([scores])
    assert "1.png" in table.text_report([scores], per_image=True)
    assert "1.png" in table.markdown_report([scores], per_image=True)


def test_the_record_is_strict_json_even_where_scores_are_not_numbers():
    tiny = _pictures(1, side=15)  # shaved to 9 x 9, which is too small for SSIM
    perfect = {"perfect": lambda plane: tiny[0].hr_y / np.float32(255)}
    scores = benchmarking.benchmark("some", tiny, 3, perfect)
    written = record.benchmark_record([scores], [], {"set5": "no network"})
    (result,) = json.loads(json.dumps(written, allow_nan=False))["results"]
    assert result["mean"]["networks"]["perfect"] == {"psnr": None, "ssim": None}
    assert result["per_image"][0]["bicubic"]["psnr"] == scores.bicubic[0].psnr
    assert written["unavailable"] == {"set5": "no network"}


def test_the_final_table_scores_a_network_in_memory(tmp_path):
    builder = benchmark_data.prepare("set5", 3, pictures=2, data_dir=tmp_path)
    network = keras_model.create_network("srcnn-9-1-5")
    text = benchmarking.final_table({"set5": builder}, network, 3, label="mine")
    assert "Set5 x3 has 2 of the 5 pictures" in text
    assert "mine" in text and "32.75 / 0.9090" in text
    assert "dB over bicubic" in text.splitlines()[-1]
