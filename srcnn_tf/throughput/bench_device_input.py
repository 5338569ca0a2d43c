"""Cases on one device: what input adds to a step, and a whole run of 100,000 steps."""

import functools
import tempfile
import time
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from srcnn_tf.data.device_crops import DeviceCrops
from srcnn_tf.data.pipeline import EvaluationPicture, pack, training_batches
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.throughput.targets import Ratio, Seconds
from srcnn_tf.throughput.timing import Case, Contender
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.crop_device import has_gpu, step_device
from srcnn_tf.training.device_steps import make_device_run_steps
from srcnn_tf.training.environment import automatic_precision, uses_xla
from srcnn_tf.training.loop import train
from srcnn_tf.training.recipes.recipe import preset
from srcnn_tf.training.train_step import TrainState, make_run_steps, make_train_step

RUN, RECKONED = "train, all of it", "reckoned from some of its steps"
_CUT, _PREFETCHED, _CONSTANT = "cut on the device", "prefetched from the host", "one batch, kept"
_ALL_STEPS = 100_000


def input_cases(quick: bool = False) -> list[Case]:
    """What input adds to a step, by either way to the device, beside a batch that stays there."""
    steps = 2 if quick else 200
    config = seed_config(2 if quick else 91)

    def contenders():
        return [
            Contender(_CUT, functools.partial(_cut_on_device(config), steps), kind="ours"),
            Contender(_PREFETCHED, functools.partial(_prefetched(config), steps), kind="plain"),
            Contender(_CONSTANT, functools.partial(_constant(config), steps), kind="limit"),
        ]

    title = f"{steps} steps of the recipe srcnn_keras with their input"
    amount = steps * config.batch_size
    return [Case("device", title, amount, "crops", contenders, [Ratio(_CUT, _CONSTANT, 1.1)])]


def whole_case(quick: bool = False) -> Case:
    """100,000 steps of the recipe of SRCNN-keras: reckoned, and on a GPU run from start to end."""
    config = seed_config(2 if quick else 91)
    some = 2 if quick else 2_000

    def reckon():
        run = _cut_on_device(config)
        run(some)
        before = time.perf_counter()
        run(some)
        return (time.perf_counter() - before) * _ALL_STEPS / some

    def whole():
        before = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            train(config, made_up_pictures(), folder, data="made-up pictures")
        return time.perf_counter() - before

    runs = has_gpu() and not quick

    def contenders():
        reckoned = Contender(RECKONED, reckon, measures_itself=True, kind="ours")
        return [reckoned, Contender(RUN, whole, measures_itself=True, kind="ours")][: 1 + runs]

    return Case(
        "device",
        "100,000 steps of the recipe srcnn_keras, with input, checkpoints and all",
        _ALL_STEPS * config.batch_size,
        "crops",
        contenders,
        [Seconds(RUN, 300)],
        {} if runs else {RUN: "takes long without a GPU"},
        rounds=1,
        warm_up=False,
        headline=True,
    )


def seed_config(batch: int) -> TrainConfig:
    """The recipe of SRCNN-keras by TensorFlow's gradients, in what suits the card."""
    return preset(
        "srcnn_keras",
        scale=3,
        network="srcnn-9-5-5",
        batch_size=batch,
        engine="tensorflow",
        steps_per_call=100,
        log_every=1000,
        evaluate_every=10_000,
    )


@functools.cache
def made_up_pictures(count: int = 91, side: int = 255) -> Sequence[EvaluationPicture]:
    """Pictures about as many and as large as T91's, for x3: blocks, edges and ramps."""
    made = []
    for number in range(count):
        random = np.random.default_rng(number)
        blocks = random.integers(20, 230, (side // 15, side // 15)).repeat(15, 0).repeat(15, 1)
        ramp = np.linspace(-20, 20, side)[None] * random.uniform(-1, 1)
        pair = degrade(np.clip(blocks + ramp, 0, 255).astype(np.uint8), 3)
        planes = (plane[..., 0] for plane in (pair.hr_y, pair.bicubic_y, pair.lr_y))
        made.append(EvaluationPicture(f"{number:03d}.png", *planes))
    return tuple(made)


def _packed(config):
    pictures = made_up_pictures(*((91, 255) if config.batch_size == 91 else (4, 60)))
    return pack(pictures, config.scale, config.rescale_factors, config.patch_size, 1)


def _options(config):
    return {
        "batch_size": config.batch_size,
        "patch": config.patch_size,
        "border": config.border,
        "seed": config.seed,
        "dihedral": config.dihedral,
        "full_range": config.full_range,
    }


def _trained(config):
    return make_train_step(TrainState(config, automatic_precision()), config)


def _cut_on_device(config):
    crops = DeviceCrops(
        _packed(config), step_device(), jit_compile=uses_xla(config.jit_compile), **_options(config)
    )
    run_steps = make_device_run_steps(_trained(config), crops)
    return _counted(run_steps, iter(crops.choices), config)


def _prefetched(config):
    batches = training_batches(_packed(config), **_options(config))
    batches = batches.apply(tf.data.experimental.prefetch_to_device(step_device(), 2))
    return _counted(make_run_steps(_trained(config), False), iter(batches), config)


def _constant(config):
    batch = next(iter(training_batches(_packed(config), **_options(config))))
    step = _trained(config)
    with tf.device(step_device()):
        batch = [tf.identity(part) for part in batch]

    @tf.function
    def run_steps(_, count):
        total = tf.constant(0.0)
        for _ in tf.range(count):
            total += step(*batch)
        return total, total

    return _counted(run_steps, 0, config)


def _counted(run_steps, iterator, config):
    """Returns `run(steps)`: calls of at most `steps_per_call`, and one reading at the end."""

    def run(steps):
        loss = None
        for begin in range(0, steps, config.steps_per_call):
            count = min(config.steps_per_call, steps - begin)
            loss, _ = run_steps(iterator, tf.constant(count))
        return float(loss)

    return run
