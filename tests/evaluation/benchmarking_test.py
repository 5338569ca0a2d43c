"""Scores, the check of the protocol, and how they are laid out."""

import dataclasses
import json
import math

import benchmark_data
import numpy as np
import pytest

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.engines import keras_models
from srcnn_tf.evaluation import benchmarking, record, table
from srcnn_tf.evaluation.metrics import catalog
from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.quality import Quality
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.networks.network import initial_network
from srcnn_tf.networks.weight_arguments import Contender, LoadedFile
from srcnn_tf.networks.weights_info import WeightsInfo


def _pictures(count, side=30, scale=3):
    random = np.random.default_rng(0)
    pairs = [degrade(random.integers(0, 256, (side, side), np.uint8), scale) for _ in range(count)]
    return [
        EvaluationPicture(f"{number}.png", pair.hr_y[..., 0], pair.bicubic_y[..., 0])
        for number, pair in enumerate(pairs)
    ]


def _qualities(*psnrs):
    return [Quality(psnr=psnr, ssim=0.9) for psnr in psnrs]


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
        "sample_photos",
        3,
        ("c",),
        (Quality(psnr=25.0, ssim=math.nan),),
        {"B": tuple(_qualities(26))},
        "",
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


def test_many_networks_are_rows_with_all_scales_beside_each_other():
    names = [f"net{number}" for number in range(5)]
    results = [
        benchmarking.Scores(
            "set5", scale, ("a",), tuple(_qualities(30 + scale)),
            {name: tuple(_qualities(31.5 + scale)) for name in names[scale - 2 :]}, "",
        )
        for scale in (2, 3)
    ]  # fmt: skip
    text = table.markdown_report(results)
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    psnr, ssim = rows[:10], rows[10:]
    assert (psnr[0], psnr[2]) == (["PSNR", "Set5 x2 / x3"], ["Bicubic", "32.00 / 33.00"])
    assert psnr[3] == ["Paper's SRCNN (published)", "36.66 / 32.75"]
    assert psnr[5:7] == [["net0", "33.50 / -"], ["net1", "33.50 / 34.50"]]
    assert [row[0] for row in ssim[5:]] == names and ssim[6][1] == "0.9000 / 0.9000"


def test_what_was_trained_on_is_not_scored_and_said():
    def run(plane):
        raise AssertionError("a network ran on what it was trained on")

    runners = {"ours": run, "same": lambda plane: plane}
    scores = benchmarking.benchmark("bsd200", _pictures(1), 3, runners, trained_on={"ours"})
    assert list(scores.columns) == ["same"] and scores.trained_on == ("ours",)
    assert "Trained on BSD200, so not scored on it: ours." in table.text_report([scores])
    assert record.benchmark_record([scores], [], {}, {})["results"][0]["trained_on"] == ["ours"]


def test_networks_that_were_trained_on_a_dataset_are_known_by_their_files():
    built = initial_network("slim-4x8", 2)
    info = WeightsInfo("slim-4x8", 2, "t91,bsd200 x2: 291 pictures trained on", 5)
    contender = Contender("slim", {2: LoadedFile(None, built.replace(info=info))})
    columns = ("self-ensemble", "mixed_float16", "mixed_bfloat16")
    labels = {"slim", *(f"slim, {column}" for column in columns)}
    assert benchmarking.labels_trained_on([contender], "bsd200", 2) == labels
    assert benchmarking.labels_trained_on([contender], "bsd200", 3) == set()
    assert benchmarking.labels_trained_on([contender], "set5", 2) == set()


def _user_metric():
    return Metric("mae", "MAE", lambda p: np.abs(p.hr_y - p.y.astype(float)).mean(), 3)


def test_a_metric_of_a_user_is_in_the_tables():
    catalog.register(_user_metric())
    try:
        pictures = _pictures(2)
        scores = benchmarking.benchmark("some", pictures, 3, {}, metrics=["psnr", "mae"])
        text = table.text_report([scores], per_image=True)
        result = record.benchmark_record([scores], [], {}, {})["results"][0]
    finally:
        catalog.METRICS.unregister("mae")
    expected = np.mean([quality.mae for quality in scores.bicubic])
    assert f"{scores.bicubic_mean.psnr:.2f} / {expected:.3f}" in text
    assert "PSNR of Y in dB / MAE;" in text
    assert result["mean"]["bicubic"] == {"psnr": scores.bicubic_mean.psnr, "mae": expected}


def test_a_gain_is_positive_where_smaller_is_better():
    metric = dataclasses.replace(_user_metric(), larger_is_better=False, unit="levels")
    catalog.register(metric)
    try:
        scores = benchmarking.Scores(
            "some", 2, ("a",), (Quality(mae=3.0),), {"net": (Quality(mae=2.5),)}, ""
        )
        assert table.gains([scores]) == ["some, net: x2 +0.500 levels over bicubic"]
    finally:
        catalog.METRICS.unregister("mae")


def test_the_protocol_is_verified_whatever_the_metrics():
    with pytest.raises(benchmarking.ProtocolError):
        benchmarking.benchmark("set5", _pictures(5), 3, {}, metrics=["ssim"])
    scores = benchmarking.benchmark("some", _pictures(1), 3, {}, metrics=["ssim"])
    assert list(scores.bicubic[0]) == ["ssim"]


def test_the_table_says_where_figures_of_bsd100_stand():
    scores = benchmarking.Scores("bsd100", 2, ("a",), tuple(_qualities(29.5)), {}, "")
    text = table.text_report([scores])
    assert "BSD100 (published): PSNR as tabulated in arXiv:1511.04587." in text
    assert "31.36 / -" in text


def test_single_pictures_are_shown_on_request_only():
    scores = benchmarking.benchmark("some", _pictures(2), 3, {})
    assert "1.png" not in table.text_report([scores])
    assert "1.png" in table.text_report([scores], per_image=True)
    assert "1.png" in table.markdown_report([scores], per_image=True)


def test_the_record_is_strict_json_even_where_scores_are_not_numbers():
    tiny = _pictures(1, side=15)  # shaved to 9 x 9, which is too small for SSIM
    perfect = {"perfect": lambda plane: tiny[0].hr_y / np.float32(255)}
    scores = benchmarking.benchmark("some", tiny, 3, perfect)
    written = record.benchmark_record([scores], [], {"set5": "no network"}, {"device": "a"})
    (result,) = json.loads(json.dumps(written, allow_nan=False))["results"]
    assert result["mean"]["networks"]["perfect"] == {"psnr": None, "ssim": None}
    assert result["per_image"][0]["bicubic"]["psnr"] == scores.bicubic[0].psnr
    assert written["unavailable"] == {"set5": "no network"}
    assert written["environment"] == {"device": "a"}


def test_the_final_table_scores_a_network_in_memory(tmp_path):
    builder = benchmark_data.prepare("set5", 3, pictures=2, data_dir=tmp_path)
    network = keras_models.create_network("srcnn-9-1-5")
    text = benchmarking.final_table({"set5": builder}, network, 3, label="mine")
    assert "Set5 x3 has 2 of the 5 pictures" in text
    assert "mine" in text and "32.75 / 0.9090" in text
    assert "dB over bicubic" in text.splitlines()[-1]
