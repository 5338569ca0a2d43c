"""XLA is used on a GPU where it compiles the step; where it cannot, a sentence says so."""

import dataclasses

import pytest
import tensorflow as tf

from srcnn_tf.training import train_step, xla_trial
from srcnn_tf.training.recipes.recipe import preset
from srcnn_tf.training.train_step import TrainState


def test_what_xla_compiles_is_compiled(caplog):
    assert xla_trial.compiles(lambda a, b: tf.matmul(a, b), [(2, 3), (3, 2)])
    assert not caplog.records


def test_what_xla_cannot_compile_is_said_in_a_sentence(caplog):
    def of_strings(values):
        return tf.strings.to_number(tf.strings.as_string(values))

    assert not xla_trial.compiles(of_strings, [(2,)])
    assert len(caplog.records) == 1
    assert "XLA cannot compile" in caplog.text


@pytest.fixture
def state():
    config = preset(
        "slim", scale=2, network="slim-4x8", batch_size=2, patch_size=8, engine="tensorflow"
    )
    return TrainState(config, "float32"), config


def test_a_gpu_is_asked_and_its_answer_holds(monkeypatch, state):
    asked = []

    def refuses(compute, shapes):
        asked.append((compute(*(tf.zeros(shape) for shape in shapes)), shapes))
        return False

    monkeypatch.setattr(train_step, "uses_xla", lambda choice: True if choice is None else choice)
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind=None: ["a GPU"])
    monkeypatch.setattr(xla_trial, "compiles", refuses)
    assert not train_step.compiles_step(*state)
    [((loss, gradients), shapes)] = asked
    assert shapes == [(2, 8, 8, 1), (2, 16, 16, 1)]
    assert loss.shape == () and len(gradients) == len(state[0].network.trainable_variables)


@pytest.mark.parametrize("choice", [True, False])
def test_what_the_recipe_says_is_not_asked_about(monkeypatch, state, choice):
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind=None: ["a GPU"])
    monkeypatch.setattr(xla_trial, "compiles", lambda *_: pytest.fail("asked"))
    config = dataclasses.replace(state[1], jit_compile=choice)
    assert train_step.compiles_step(state[0], config) is choice


def test_without_a_gpu_nothing_is_tried(monkeypatch, state):
    monkeypatch.setattr(xla_trial, "compiles", lambda *_: pytest.fail("asked"))
    assert train_step.compiles_step(*state) is train_step.uses_xla(None)
