"""A user's loss, optimizer or metric that fails, or gives nonsense, is named in one sentence."""

import keras
import numpy as np
import pytest
import small_runs

from srcnn_tf.evaluation.metrics.catalog import METRICS
from srcnn_tf.evaluation.metrics.metric import Metric
from srcnn_tf.evaluation.scoring import score
from srcnn_tf.training.losses.loss import LOSSES
from srcnn_tf.training.optimizers.optimizer import OPTIMIZERS


@pytest.fixture(autouse=True)
def forgotten():
    yield
    for registry in (LOSSES, OPTIMIZERS, METRICS):
        registry.unregister("mine")


@pytest.mark.parametrize(
    "loss, complaint",
    [
        (lambda outputs, targets: 1 / 0, r"fails \(ZeroDivisionError"),
        (lambda outputs, targets: None, "fails"),
        (lambda outputs: outputs, r"fails \(TypeError"),
        (lambda outputs, targets: outputs - targets, r"gives float32 of shape \(1, 30, 30, 1\)"),
        (lambda outputs, targets: keras.ops.cast(keras.ops.mean(outputs), "float64"), "float64"),
        (lambda outputs, targets: keras.ops.mean(targets), "does not depend on the outputs"),
    ],
)
def test_a_loss(tmp_path, loss, complaint):
    LOSSES.register("mine", loss)
    with pytest.raises(ValueError, match=rf"The loss mine .*{complaint}.*; see what it computes"):
        small_runs.train(small_runs.config(loss="mine", padding="replicate"), tmp_path)


@pytest.mark.parametrize(
    "make, complaint",
    [
        (lambda schedule, config: 1 / 0, r"cannot be made \(ZeroDivisionError"),
        (lambda schedule, config: "adam", "is a str and none of Keras"),
    ],
)
def test_an_optimizer(tmp_path, make, complaint):
    OPTIMIZERS.register("mine", make)
    with pytest.raises(ValueError, match=rf"The optimizer mine {complaint}"):
        small_runs.train(small_runs.config(optimizer="mine"), tmp_path)


@pytest.mark.parametrize("result", [None, "much", np.zeros((2, 2)), ZeroDivisionError("why")])
def test_a_metric(result):
    def compute(picture):
        if isinstance(result, Exception):
            raise result
        return result

    METRICS.register("mine", Metric("mine", "Mine", compute))
    with pytest.raises(ValueError, match=r"The metric mine fails .*; see what it computes"):
        score(np.zeros((20, 20), np.float32), np.zeros((20, 20), np.uint8), 2, ["mine"])
