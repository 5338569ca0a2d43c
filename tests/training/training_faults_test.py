"""Training with numbers that go wrong, odd pictures, and damaged or foreign files in its folder."""

import dataclasses
import json
import shutil

import numpy as np
import pytest
from small_runs import arrays as _arrays
from small_runs import config as _config
from small_runs import pictures as _pictures
from small_runs import train as _train

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.engines.keras_models import SuperResolutionModel
from srcnn_tf.training import checkpoints, loop, reporter, run_records
from srcnn_tf.training.run_records import read_metrics


def test_diverged_run_saves_nothing(tmp_path):
    config = _config(
        optimizer="adam", learning_rate=1e30, warmup_steps=0, steps=40, log_every=40,
        evaluate_every=2, steps_per_call=1,
    )  # fmt: skip
    with pytest.raises(loop.TrainingError, match="no longer a number at step 2"):
        _train(config, tmp_path)
    assert not list(tmp_path.glob("**/*.safetensors"))


@pytest.mark.slow
def test_loss_scaling_recovers_from_overflow(tmp_path, monkeypatch):
    """The loss is scaled by far too much at first: steps are skipped until it is not."""
    make = loop.TrainState

    def make_with_a_huge_scale(*arguments, **options):
        state = make(*arguments, **options)
        state.optimizer.dynamic_scale.assign(2.0**30)
        return state

    monkeypatch.setattr(loop, "TrainState", make_with_a_huge_scale)
    result = _train(_config(precision="mixed_float16", steps=40, evaluate_every=40), tmp_path)
    lines = read_metrics(tmp_path / "metrics.jsonl")
    applied = [line["applied_steps"] for line in lines if line["kind"] == "train"]
    assert result.finished and 0 < applied[-1] < 40
    assert np.isfinite(_arrays(result.weights)["conv1/kernel"]).all()


@pytest.mark.parametrize(
    ("level", "count", "side"),
    [
        pytest.param(128, 10, 60, marks=pytest.mark.slow),
        (0, 10, 60),
        (None, 1, 30),
        pytest.param(None, 1, 60, marks=pytest.mark.slow),
    ],
)
@pytest.mark.slow
def test_odd_pictures_are_trained_on(tmp_path, level, count, side):
    """Constant, all black, exactly as large as a patch, and a single one."""
    pictures = _pictures(count, side)
    if level is not None:
        plane = np.full((side, side), level, np.uint8)
        flat = np.full((side, side), level / 255, np.float32)
        pictures = [EvaluationPicture(f"{n}.png", plane, flat) for n in range(count)]
    config = _config(rescale_factors=(1.0,), grid_offsets=1, steps=6, evaluate_every=3)
    if level is None:
        result = loop.train(config, pictures, tmp_path, data="odd")
        assert result.finished and np.isfinite(_arrays(result.weights)["conv1/kernel"]).all()
        return
    # Copies of a picture that is held out are held out too, so nothing is left to train on.
    with pytest.raises(ValueError, match="None of the 0 training pictures"):
        loop.train(config, pictures, tmp_path, data="odd")
    pictures = [picture._replace(hr_y=picture.hr_y + n % 2) for n, picture in enumerate(pictures)]
    result = loop.train(config, pictures, tmp_path / "two", data="odd")
    assert result.finished and np.isfinite(_arrays(result.weights)["conv1/kernel"]).all()


@pytest.mark.slow
def test_evaluation_does_not_retrace(tmp_path, monkeypatch):
    steps, traced = [], []
    make = loop.make_run_steps

    def remember(*arguments):
        steps.append(make(*arguments))
        return steps[-1]

    monkeypatch.setattr(loop, "make_run_steps", remember)
    call = SuperResolutionModel.call
    monkeypatch.setattr(
        SuperResolutionModel,
        "call",
        lambda self, *a, **options: traced.append(1) or call(self, *a, **options),
    )
    evaluate, counts = reporter.evaluate, []

    def count(*arguments):
        scores = evaluate(*arguments)
        counts.append(len(traced))
        return scores

    monkeypatch.setattr(reporter, "evaluate", count)
    pictures = [*_pictures(8, 60), *_pictures(10, 72)[8:]]  # Of two sizes.
    config = _config(steps=12, evaluate_every=3, validation_pictures=2)
    loop.train(config, pictures, tmp_path, data="blocks")
    assert len(counts) == 4
    assert steps[0].experimental_get_tracing_count() == 1
    assert counts[1:] == counts[:1] * 3, "the network was traced again after the first evaluation"


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"', '{"scale": []}', "[" * 100_000])
def test_edited_config_is_named(tmp_path, content):
    _assert_config_is_refused(tmp_path, content)


@pytest.mark.parametrize("values", [{"steps": None}, {"steps": "many"}, {"learning_rate": True}])
def test_a_value_of_another_kind_is_named_with_its_field(tmp_path, values):
    (name,) = values
    content = json.dumps({"data": "blocks", **dataclasses.asdict(_config()), **values})
    _assert_config_is_refused(tmp_path, content, f"{name} cannot be")


def _assert_config_is_refused(tmp_path, content, words=""):
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(
        loop.TrainingError, match=rf"config\.json cannot be used: .*{words}.*--workdir"
    ):
        _train(_config(), tmp_path)


@pytest.mark.slow
def test_checkpoints_that_do_not_fit_are_named(tmp_path, monkeypatch):
    _train(_config(), tmp_path / "small", stop_after=2)
    _train(_config(network="srcnn-9-3-5"), tmp_path / "large", stop_after=2)
    shutil.rmtree(tmp_path / "large" / "checkpoints")
    shutil.copytree(tmp_path / "small" / "checkpoints", tmp_path / "large" / "checkpoints")
    with pytest.raises(loop.TrainingError, match=r"step-000000002\.safetensors cannot be res"):
        _train(_config(network="srcnn-9-3-5"), tmp_path / "large")

    monkeypatch.setattr(checkpoints, "_FORMAT_VERSION", 0)
    with pytest.raises(loop.TrainingError, match=r"step-.* of format 1 .*newer srcnn_tf"):
        _train(_config(), tmp_path / "small")


def test_weights_without_a_checkpoint_are_not_overwritten(tmp_path):
    config = _config(steps=8, evaluate_every=2, validation_pictures=0)
    _train(config, tmp_path, stop_after=4)
    shutil.rmtree(tmp_path / "checkpoints")
    before = (tmp_path / "last.safetensors").read_bytes()
    with pytest.raises(
        loop.TrainingError, match=r"no checkpoint in .*; remove the folder .*--work"
    ):
        _train(config, tmp_path)
    assert (tmp_path / "last.safetensors").read_bytes() == before


@pytest.mark.slow
def test_a_run_killed_before_its_first_checkpoint_starts_again(tmp_path, monkeypatch):
    config = _config(steps=6, evaluate_every=2)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(checkpoints, "save", _raise(KeyboardInterrupt()))
        _train(config, tmp_path)
    assert (tmp_path / "last.safetensors").is_file()
    assert _train(config, tmp_path).finished


def test_a_curve_that_cannot_be_drawn_costs_no_checkpoint(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(run_records, "draw_run_curve", _raise(OSError(28, "No space left")))
    result = _train(_config(steps=4, evaluate_every=2), tmp_path)
    assert result.finished and result.checkpoint.is_file()
    assert "curve.png cannot be drawn: [Errno 28] No space left" in caplog.text


def _raise(error):
    def fail(*_, **__):
        raise error

    return fail
