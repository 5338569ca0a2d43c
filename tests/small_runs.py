"""A recipe and pictures so small that a whole training run takes seconds; no tests."""

import numpy as np

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.networks.weight_files import read_weights
from srcnn_tf.training import loop
from srcnn_tf.training.config import TrainConfig


def pictures(count=10, side=60, scale=3):
    """Blocks and ramps: edges that bicubic blurs and a network can learn to sharpen."""
    made = []
    for number in range(count):
        random = np.random.default_rng(number)
        blocks = random.integers(20, 230, (side // 6, side // 6)).repeat(6, 0).repeat(6, 1)
        pair = degrade(blocks.astype(np.uint8), scale)
        planes = (plane[..., 0] for plane in (pair.hr_y, pair.bicubic_y, pair.lr_y))
        made.append(EvaluationPicture(f"{number}.png", *planes))
    return made


def colored_pictures(count=10, side=60, scale=3):
    """The same in colors, which are other blocks, with their originals."""
    made = []
    for number in range(count):
        random = np.random.default_rng(number)
        blocks = random.integers(20, 230, (side // 6, side // 6, 3)).repeat(6, 0).repeat(6, 1)
        pair = degrade(blocks.astype(np.uint8), scale)
        planes = (plane[..., 0] for plane in (pair.hr_y, pair.bicubic_y, pair.lr_y))
        made.append(EvaluationPicture(f"{number}.png", *planes, hr=pair.hr))
    return made


def config(**changes):
    """12 steps of the smallest network."""
    defaults = {
        "network": "srcnn-9-1-5",
        "steps": 12,
        "batch_size": 4,
        "patch_size": 30,
        "rescale_factors": (1.0, 0.8),
        "grid_offsets": 2,
        "validation_pictures": 1,
        "evaluate_every": 5,
        "log_every": 4,
        "steps_per_call": 3,
        "warmup_steps": 2,
    }
    return TrainConfig(scale=3, **{**defaults, **changes})


def train(config, workdir, **options):
    """Trains on `pictures()`."""
    return loop.train(config, pictures(), workdir, data="blocks", **options)


def arrays(path):
    """The weights in a file, by name."""
    return read_weights(path)[0]


def assert_same_weights(one, other):
    """Fails unless two files hold the same weights, bit for bit."""
    one, other = arrays(one), arrays(other)
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name])
