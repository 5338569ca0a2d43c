"""Cases on one device: training steps on one batch, beside Keras's own loop, PyTorch and JAX."""

import dataclasses
import functools

import numpy as np
import tensorflow as tf

from srcnn_tf.engines.gpu_memory import free_gpu_memory
from srcnn_tf.networks.network import initial_network
from srcnn_tf.throughput import device_peers
from srcnn_tf.throughput.targets import Ratio
from srcnn_tf.throughput.timing import Case, Contender
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.crop_device import step_device
from srcnn_tf.training.environment import automatic_precision, uses_xla
from srcnn_tf.training.recipes.recipe import preset
from srcnn_tf.training.train_step import TrainState, make_train_step

OURS = "our steps"
_PLAIN, _FLOAT32 = "our steps, the other choice of XLA", "our steps, float32"
_CHECKED_STEPS = 4
_RATE = 3e-4
_FULLEST = 8192


def step_cases(quick: bool = False) -> list[Case]:
    """Steps of the 9-5-5 on 91 crops of 33 x 33, of slim-10x32, and of a full card's."""
    paper = preset("srcnn_keras", scale=3, network="srcnn-9-5-5", engine="tensorflow")
    slim = preset(
        "slim",
        scale=4,
        network="slim-4x8" if quick else "slim-10x32",
        equivariant=False,
        optimizer="adam",
        learning_rate=_RATE,
        final_learning_rate=1.0,
        warmup_steps=0,
        engine="tensorflow",
    )
    if quick:
        small = dataclasses.replace(slim, patch_size=12)
        return [_step_case(each, 2, 2, "") for each in (paper, small)]
    cases = [_step_case(each, each.batch_size, 100, "") for each in (paper, slim)]
    fullest = [(each, filling_batch(each, free_gpu_memory())) for each in (paper, slim)]
    return cases + [_step_case(each, batch, 20, ", a full card") for each, batch in fullest]


def filling_batch(config: TrainConfig, free: int | None) -> int:
    """Returns how many crops fill half of a GPU's free memory: a power of two, 8,192 at most.

    Args:
      config: the recipe, whose crops are meant.
      free: bytes; None if nobody knows, which stands for 4 GiB.
    """
    kept = sum(layer.filters for layer in config.architecture.layers)
    # What comes out of each layer, that before its activation, and its gradient; in float32.
    crop = 3 * 4 * kept * config.patch_size**2
    fits = max((4 << 30 if free is None else free) // 2 // crop, 1)
    return min(1 << (int(fits).bit_length() - 1), _FULLEST)


def _step_case(config: TrainConfig, batch: int, steps: int, note: str) -> Case:
    config = dataclasses.replace(config, batch_size=batch)
    network = initial_network(config.network, config.scale, "he", 1)
    precision, padded = automatic_precision(), config.padding == "replicate"
    missing = device_peers.missing()

    def contenders():
        random = np.random.default_rng(0)
        patch = config.patch_size
        inner = (patch - 2 * config.border) * network.architecture.upscale
        inputs = random.random((batch, patch, patch, 1), np.float32)
        targets = random.random((batch, inner, inner, 1), np.float32)
        given = (network, precision, padded, config.loss, _RATE, (inputs, targets))
        usual = _steps(config, network, precision, inputs, targets, steps)
        made = [Contender(OURS, *usual, kind="ours")]
        other = dataclasses.replace(config, jit_compile=not uses_xla(config.jit_compile))
        made.append(
            Contender(
                _PLAIN,
                *_steps(other, network, precision, inputs, targets, steps),
                kind="plain",
            )
        )
        if precision != "float32":
            single = _steps(config, network, "float32", inputs, targets, steps)
            made.append(Contender(_FLOAT32, *single, kind="plain"))
        for label, make in device_peers.STEPS.items():
            if label not in missing:
                run = make(*given)
                check = functools.partial(_losses, run)
                kind = "plain" if label == device_peers.KERAS else "peer"
                made.append(Contender(label, functools.partial(run, steps), check, kind=kind))
        return made

    shape = f"{batch} crops of {config.patch_size} x {config.patch_size}"
    pixels = (config.patch_size - 2 * config.border) ** 2 * network.architecture.upscale**2
    return Case(
        "device",
        f"{steps} training steps, {network.name}, {shape}, {precision}{note}",
        steps * batch,
        "crops",
        contenders,
        [Ratio(OURS, label, 1) for label in device_peers.STEPS],
        missing,
        headline=not note,
        # Forward, and twice that backward; what layers see beyond the targets is left out.
        operations=3 * 2 * network.architecture.multiply_adds * pixels * batch * steps,
    )


def _losses(run):
    return np.array(run(_CHECKED_STEPS))


def _steps(config, network, precision, inputs, targets, steps):
    """Returns a run of many steps in one graph on one batch, and the losses of the first few."""
    step = make_train_step(TrainState(config, precision, network.arrays), config)
    with tf.device(step_device()):
        inputs, targets = tf.constant(inputs), tf.constant(targets)

    @tf.function
    def many(count):
        total = tf.constant(0.0)
        for _ in tf.range(count):
            total += step(inputs, targets)
        return total

    def check():
        return np.array([float(step(inputs, targets)) for _ in range(_CHECKED_STEPS)])

    return lambda: float(many(tf.constant(steps))), check
