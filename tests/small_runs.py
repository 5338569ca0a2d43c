"""A recipe and pictures so small that a whole training run takes seconds; no tests."""

import numpy as np

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.weight_files import read_weights
from srcnn_tf.training import loop
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.recipes.recipe import preset


def pictures(count=10, side=60, scale=3):
    """Blocks and ramps: edges that bicubic blurs and a network can learn to sharpen."""
    return [
        _picture(number, (side // 6, side // 6), scale)._replace(hr=None) for number in range(count)
    ]


def colored_pictures(count=10, side=60, scale=3):
    """The same in colors, which are other blocks, with their originals."""
    return [_picture(number, (side // 6, side // 6, 3), scale) for number in range(count)]


def _picture(number, shape, scale):
    blocks = np.random.default_rng(number).integers(20, 230, shape).repeat(6, 0).repeat(6, 1)
    pair = degrade(blocks.astype(np.uint8), scale)
    planes = (plane[..., 0] for plane in (pair.hr_y, pair.bicubic_y, pair.lr_y))
    return EvaluationPicture(f"{number}.png", *planes, hr=pair.hr)


def short_recipe(name, **changes):
    """12 steps of a network at x3, by the recipe of its family."""
    low = find_architecture(name, 3).grid == "low"
    short = {
        "scale": 3,
        "steps": 12,
        "batch_size": 4,
        "validation_pictures": 1,
        "evaluate_every": 6,
        "log_every": 6,
        "steps_per_call": 3,
        "patch_size": 14 if low else 30,
    }
    return preset("auto", network=name, **{**short, **changes})


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
