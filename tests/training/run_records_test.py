"""A run's events and curve: complete, without a seam after a resume, and optional."""

import json
import logging
import sys
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.training import loop
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.run_records import RunRecords, draw_run_curve, read_metrics


def _train(workdir, stop_after=None):
    random = np.random.default_rng(0)
    pairs = [degrade(random.integers(0, 255, (60, 60)).astype(np.uint8), 3) for _ in range(5)]
    pictures = [
        EvaluationPicture(f"{number}.png", pair.hr_y[..., 0], pair.bicubic_y[..., 0])
        for number, pair in enumerate(pairs)
    ]
    config = TrainConfig(
        scale=3,
        network="srcnn-9-1-5",
        steps=12,
        batch_size=2,
        patch_size=30,
        rescale_factors=(1.0,),
        validation_pictures=1,
        evaluate_every=3,
        log_every=2,
        steps_per_call=2,
        jit_compile=False,
    )
    loop.train(config, pictures, workdir, data="noise", stop_after=stop_after)


def _events(workdir, run):
    """Returns (tag, step, Summary.Value) of all events, in the order TensorBoard reads them."""
    values = []
    for path in sorted((workdir / "tensorboard" / run).glob("events.out.tfevents.*")):
        for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            event = tf.compat.v1.Event.FromString(record)
            values += [(value.tag, event.step, value) for value in event.summary.value]
    return values


def _steps(events, tag):
    return [step for name, step, _ in events if name == tag]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run that was stopped, that a crash let write more, and that was then resumed."""
    workdir = tmp_path_factory.mktemp("run")
    _train(workdir, stop_after=7)
    (path,) = (workdir / "tensorboard" / "network").iterdir()
    with RunRecords(workdir) as records:
        records.write("train", 9, {"loss": 1e9})
        records.write("validation", 9, {"psnr": 1e9, "bicubic_psnr": 1e9})
    with path.open("ab") as file:
        file.write(b"cut off by the crash")
    _train(workdir)
    return workdir


@pytest.mark.slow
def test_events_of_a_resumed_run_are_seamless(run):
    events = _events(run, "network")
    for tag in ("loss", "learning_rate", "steps_per_second", "input_wait"):
        assert _steps(events, f"train/{tag}") == [2, 4, 6, 7, 8, 10, 12]
    steps = _steps(events, "validation/psnr")
    assert steps == sorted(set(steps)) and {3, 6, 9, 12} <= set(steps)
    assert all(value.simple_value < 1e6 for _, _, value in events)


@pytest.mark.slow
def test_events_match_metrics_jsonl(run):
    validation = [x for x in read_metrics(run / "metrics.jsonl") if x["kind"] == "validation"]
    for folder, name in (("network", "psnr"), ("bicubic", "bicubic_psnr")):
        shown = [v.simple_value for tag, _, v in _events(run, folder) if tag == "validation/psnr"]
        np.testing.assert_allclose(shown, [line[name] for line in validation], rtol=1e-6)


@pytest.mark.slow
def test_same_crop_is_shown_at_evaluations(run):
    pictures = [(step, v.image) for tag, step, v in _events(run, "network") if "original" in tag]
    assert [step for step, _ in pictures] == [3, 12]
    decoded = [
        tf.io.decode_png(image.encoded_image_string)[..., 0].numpy() for _, image in pictures
    ]
    third = decoded[0].shape[1] // 3
    np.testing.assert_array_equal(decoded[0][:, -third:], decoded[1][:, -third:])
    assert not np.array_equal(decoded[0][:, third:-third], decoded[1][:, third:-third])


@pytest.mark.slow
def test_curve_is_redrawn_at_evaluations(tmp_path):
    with RunRecords(tmp_path) as records:
        records.write("train", 1, {"loss": 0.1})
        records.refresh()
        first = (tmp_path / "curve.png").read_bytes()
        records.write("train", 2, {"loss": 0.01})
        records.refresh()
    assert (tmp_path / "curve.png").read_bytes() != first
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_curve_without_validation_or_with_damaged_numbers(run, tmp_path):
    lines = [{"kind": "train", "step": 1, "loss": float("nan")}]
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    draw_run_curve(tmp_path, tmp_path / "curve.png")
    with Image.open(tmp_path / "curve.png") as one, Image.open(run / "curve.png") as other:
        assert one.width < other.width  # Loss alone; loss and PSNR.


@pytest.mark.parametrize(
    ("network", "gain"), [("srcnn-9-5-5", 32.75 - 30.39), ("srcnn-9-1-5-f32-16", 32.39 - 30.39)]
)
def test_the_papers_level_is_that_of_the_nearer_of_its_networks(tmp_path, network, gain):
    config = {"network": network, "scale": 3, "data": "t91"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "metrics.jsonl").touch()
    with mock.patch("srcnn_tf.plotting.curves.draw_curve") as draw:
        draw_run_curve(tmp_path, tmp_path / "curve.png")
    assert draw.call_args.kwargs["published_gain"] == pytest.approx(gain)


def test_training_works_without_matplotlib(tmp_path, monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.style", None)
    with caplog.at_level(logging.WARNING, "srcnn_tf"):
        _train(tmp_path)
    assert (tmp_path / "last.safetensors").is_file()
    assert not (tmp_path / "curve.png").exists()
    (said,) = [r.getMessage() for r in caplog.records if "matplotlib" in r.getMessage()]
    assert "srcnn_tf[plots]" in said
