"""Where crops are cut changes no bit of a run; a GPU that the pictures fit on cuts them itself."""

import math

import pytest
import small_runs
import tensorflow as tf

from srcnn_tf.programs import startup
from srcnn_tf.training import crop_device
from srcnn_tf.training.device_steps import make_device_run_steps
from srcnn_tf.training.log_window import LogWindow
from srcnn_tf.training.run_records import read_metrics
from srcnn_tf.training.train_step import TrainState, make_run_steps, make_train_step
from srcnn_tf.training.training_input import PictureInput

_ONE_DEVICE = tf.distribute.get_strategy()


@pytest.mark.slow
def test_weights_are_the_same_wherever_crops_are_cut(tmp_path):
    config = small_runs.config(engine="tensorflow", full_range=0.5)
    small_runs.train(config, tmp_path / "host", crops="host")
    small_runs.train(config, tmp_path / "device", crops="device", stop_after=7)
    small_runs.train(config, tmp_path / "device", crops="device")
    small_runs.assert_same_weights(
        tmp_path / "host" / "last.safetensors", tmp_path / "device" / "last.safetensors"
    )
    lines = [read_metrics(tmp_path / run / "metrics.jsonl") for run in ("host", "device")]
    losses = [{m["step"]: m["loss"] for m in run if m["kind"] == "train"} for run in lines]
    # Stopping at 7 ends a window there.
    assert losses[0][4] == losses[1][4] and losses[0][12] == losses[1][12]


def _choose(monkeypatch, choice="auto", *, gpu=True, free=None, photo=False):
    monkeypatch.setattr(crop_device, "has_gpu", lambda: gpu)
    monkeypatch.setattr(crop_device, "free_gpu_memory", lambda: free)
    changes = {"network": "slim-4x8-photo", "compressed": 0.5} if photo else {}
    config = small_runs.config(**changes)
    source = PictureInput(small_runs.pictures(), config)
    return crop_device.cuts_on_device(choice, config, _ONE_DEVICE, source)


def test_a_gpu_cuts_crops_itself_if_the_pictures_fit(monkeypatch):
    assert not _choose(monkeypatch, gpu=False)
    assert _choose(monkeypatch)
    assert _choose(monkeypatch, free=80 << 30)
    assert not _choose(monkeypatch, free=1000)
    assert not _choose(monkeypatch, photo=True)


def test_either_can_be_forced(monkeypatch):
    assert _choose(monkeypatch, "device", gpu=False)
    assert not _choose(monkeypatch, "host")
    assert crop_device.CROPS_ON == startup.CROP_PLACES


def test_what_cannot_be_cut_on_the_device_is_refused(monkeypatch):
    with pytest.raises(ValueError, match="compression runs on the processor; cut on the host"):
        _choose(monkeypatch, "device", photo=True)
    with pytest.raises(ValueError, match="not on 'moon'"):
        _choose(monkeypatch, "moon")


def test_losses_are_read_when_they_are_asked_for():
    read = []

    class Later:
        def __init__(self, value):
            self.value = value

        def __float__(self):
            read.append(self.value)
            return self.value

    window = LogWindow()
    window.add(1, Later(2.0), Later(0.25))
    window.add(3, Later(4.0), Later(0.5))
    assert not read and window.known_loss is None
    assert window.loss == window.known_loss == 3.5 and window.waited == 0.75
    window.add(4, Later(1.5), Later(math.nan))
    assert window.known_loss == 3.5
    assert window.loss == 2.5 and math.isnan(window.waited)


def test_nothing_between_two_steps_needs_the_host():
    config = small_runs.config(engine="tensorflow", jit_compile=False)
    source = PictureInput(small_runs.pictures(), config)
    crops = source.device_crops("/CPU:0", border=config.border, first_step=0)
    step = make_train_step(TrainState(config, "float32"), config)
    run_steps = make_device_run_steps(step, crops)
    graph = run_steps.get_concrete_function(iter(crops.choices), tf.constant(2)).graph
    bodies = {
        function.signature.name: {node.op for node in function.node_def}
        for function in graph.as_graph_def().library.function
        if function.signature.name.startswith("while") and "_body_" in function.signature.name
    }
    of_host = {"IteratorGetNext", "Timestamp", "EagerPyFunc", "PyFunc"}
    (fetches,) = (ops for ops in bodies.values() if "IteratorGetNext" in ops)
    (steps,) = (ops for ops in bodies.values() if "StatefulPartitionedCall" in ops)
    assert not steps & of_host and "StatefulPartitionedCall" not in fetches


def test_untimed_steps_are_the_same_steps():
    config = small_runs.config(engine="tensorflow", jit_compile=False)
    source = PictureInput(small_runs.pictures(), config)
    losses = []
    for timed in (True, False):
        state = TrainState(config, "float32")
        run_steps = make_run_steps(make_train_step(state, config), timed)
        iterator = iter(source.batches(border=config.border, first_step=0))
        loss, waited = run_steps(iterator, tf.constant(3))
        assert math.isnan(float(waited)) == (not timed)
        losses.append(float(loss))
    assert losses[0] == losses[1]
