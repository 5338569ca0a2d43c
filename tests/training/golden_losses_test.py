"""The first 20 losses of a training run on the CPU, so that no change of them goes unnoticed.

To renew them after a change that is meant to alter training: run this test, and copy the list that
it prints on failure into `_LOSSES`, saying in the commit why the losses changed.
"""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from srcnn_tf.data import pipeline
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.train_step import TrainState, make_train_step

_LOSSES = [
    0.0107451295,
    0.00845395681,
    0.00680301571,
    0.0100654857,
    0.012434612,
    0.00815045461,
    0.0116578545,
    0.0119809574,
    0.00855041668,
    0.00719447201,
    0.0111056147,
    0.0102943918,
    0.0116869826,
    0.00598064531,
    0.00923898444,
    0.00781078869,
    0.00848932378,
    0.00697290478,
    0.0120845595,
    0.00744759245,
]


def losses(engine: str, jit_compile: bool = False) -> list[float]:
    """Trains 20 steps and returns their losses; the recipe does not depend on its defaults."""
    pictures = []
    for number in range(3):
        random = np.random.default_rng(number)
        blocks = random.integers(20, 230, (8, 8), np.uint8).repeat(6, 0).repeat(6, 1)
        pair = degrade(blocks, 3)
        pictures.append(
            pipeline.EvaluationPicture(f"{number}", pair.hr_y[..., 0], pair.bicubic_y[..., 0])
        )
    config = TrainConfig(
        scale=3,
        network="srcnn-9-1-5",
        batch_size=4,
        patch_size=24,
        rescale_factors=(1.0, 0.8),
        grid_offsets=2,
        optimizer="muon",
        final_learning_rate=0.0,
        initialization="identity",
        equivariant=False,
        full_range=0.25,
        warmup_steps=5,
        steps=100,
        engine=engine,
        jit_compile=jit_compile,
    )
    with tf.device("/CPU:0"):
        state = TrainState(config, "float32")
        step = make_train_step(state, config)
        batches = pipeline.training_batches(
            pipeline.pack(
                pictures, 3, config.rescale_factors, config.patch_size, config.grid_offsets
            ),
            batch_size=config.batch_size,
            patch=config.patch_size,
            border=state.network.architecture.radius,
            seed=config.seed,
            full_range=config.full_range,
        )
        return [float(step(*batch)) for batch in itertools.islice(batches, 20)]


@pytest.mark.parametrize("engine", ["vector", "tensorflow"])
def test_first_losses_are_golden(engine):
    found = losses(engine)
    text = ", ".join(f"{loss:.9g}" for loss in found)
    np.testing.assert_allclose(found, _LOSSES, rtol=1e-5, err_msg=f"_LOSSES = [{text}]")
