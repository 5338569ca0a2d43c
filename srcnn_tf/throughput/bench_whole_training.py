"""Cases: 1,000 steps of training by a network's own recipe, from first to last line of its log."""

import tempfile
import time

from srcnn_tf.throughput.bench_device_input import made_up_pictures
from srcnn_tf.throughput.timing import Case, Contender
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.loop import train
from srcnn_tf.training.recipes.recipe import preset

_NETWORKS = ("slim-10x16", "slim-10x32")
_SCALE, _STEPS = 3, 1000


def training_cases(quick: bool = False) -> list[Case]:
    """Steps a second with everything: input, validation, checkpoints, and starting up."""
    names = ("slim-1x4",) if quick else _NETWORKS
    return [_case(name, 4 if quick else _STEPS, quick) for name in names]


def _case(name, steps, quick):
    smaller = {"batch_size": 2, "patch_size": 12} if quick else {}
    config = preset(
        "slim",
        scale=_SCALE,
        network=name,
        steps=steps,
        evaluate_every=steps,
        log_every=steps,
        **smaller,
    )
    crops = f"batch {config.batch_size} of {config.patch_size} x {config.patch_size}"
    return Case(
        "whole",
        f"training of {steps:,} steps, {name}, x{_SCALE}, {crops}, on made-up pictures",
        steps,
        "steps",
        lambda: [
            Contender("train", lambda: _seconds(config, quick), measures_itself=True, kind="ours")
        ],
        rounds=1,
        warm_up=False,
        headline=True,
    )


def _seconds(config: TrainConfig, quick: bool) -> float:
    pictures = made_up_pictures(*((12, 60) if quick else (91, 255)))
    before = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        train(config, pictures, folder, data="made-up pictures")
        return time.perf_counter() - before
