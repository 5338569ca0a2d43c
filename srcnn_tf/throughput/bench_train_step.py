"""Cases: one training step of the 9-5-5, beside PyTorch's on the same batch."""

import itertools
import time
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from srcnn_tf.data.pipeline import EvaluationPicture, pack, training_batches
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.initialization import draw_arrays
from srcnn_tf.throughput import peers
from srcnn_tf.throughput.targets import Ratio, Seconds
from srcnn_tf.throughput.timing import Case, Contender
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.recipes.recipe import preset
from srcnn_tf.training.train_step import TrainState, make_run_steps, make_train_step

NETWORK = "srcnn-9-5-5"
_OURS, _KERAS = "make_train_step", "Keras train_on_batch"
_PLAIN, _XLA = "make_train_step, TensorFlow's gradients", "the same, jit_compile"
_TORCH, _CHANNELS_LAST = "PyTorch", "PyTorch channels_last"
_WAITING = "waiting for input"
_RATE = 3e-4
# Steps whose losses are compared: they agree only if the updates between them do.
_CHECKED_STEPS = 4


def step_cases(
    pictures: Sequence[EvaluationPicture], threads: int, quick: bool = False
) -> list[Case]:
    """The paper's batch, and that of our recipe; Adam everywhere, all in float32."""
    sizes = ((2, 33),) if quick else ((91, 33), (16, 64))
    return [_case(pictures, batch, patch, threads) for batch, patch in sizes]


def wait_cases(pictures: Sequence[EvaluationPicture], quick: bool = False) -> list[Case]:
    """How long training by a preset waits for its input, as its log reports it."""
    steps = 2 if quick else 40
    names = ("srcnn_keras",) if quick else ("srcnn_keras", "default")
    return [_wait(pictures, name, steps) for name in names]


def _wait(pictures, name, steps):
    config = preset(name, scale=3, network=NETWORK)

    def contenders():
        packed = pack(pictures, 3, config.rescale_factors, config.patch_size, config.grid_offsets)
        batches = training_batches(
            packed,
            batch_size=config.batch_size,
            patch=config.patch_size,
            border=config.border,
            seed=config.seed,
            dihedral=config.dihedral,
            full_range=config.full_range,
        )
        run_steps = make_run_steps(make_train_step(TrainState(config, "float32"), config))
        iterator = iter(batches)

        def run():
            before = time.perf_counter()
            _, waited = run_steps(iterator, tf.constant(steps))
            return float(waited) / (time.perf_counter() - before)

        return [Contender(_WAITING, run, measures_itself=True, kind="ours")]

    return Case(
        "training",
        f"training by the preset {name!r}, a second of it",
        1,
        "seconds of training",
        contenders,
        [Seconds(_WAITING, 0.02)],
        rounds=3,
    )


def _case(pictures, batch, patch, threads):
    absent = peers.missing("torch")
    missing = {_TORCH: absent, _CHANNELS_LAST: absent} if absent else {}

    def contenders():
        inputs, targets = _batch(pictures, batch, patch)
        arrays = draw_arrays(find_architecture(NETWORK), "he", seed=1)
        candidates = [
            _ours(_OURS, _config(batch, patch), arrays, inputs, targets),
            _ours(_PLAIN, _config(batch, patch, "tensorflow", False), arrays, inputs, targets),
            _ours(_XLA, _config(batch, patch, "tensorflow", True), arrays, inputs, targets),
            _keras(arrays, inputs, targets),
        ]
        if not absent:
            for label, channels_last in ((_TORCH, False), (_CHANNELS_LAST, True)):
                candidates.append(_torch(label, arrays, inputs, targets, channels_last, threads))
        return candidates

    return Case(
        "training",
        f"training step, 9-5-5, batch {batch} of {patch} x {patch}, valid",
        batch,
        "crops",
        contenders,
        [Ratio(_OURS, _CHANNELS_LAST, 1)],
        missing,
        headline=patch == 33,
    )


def _batch(pictures, batch, patch):
    packed = pack(pictures, scale=3, rescale_factors=(1.0,), patch=patch)
    border = find_architecture(NETWORK).border
    batches = training_batches(packed, batch_size=batch, patch=patch, border=border, seed=1)
    return next(iter(batches.as_numpy_iterator()))


def _config(batch, patch, engine="auto", jit_compile=None) -> TrainConfig:
    return preset(
        "seed",
        scale=3,
        network=NETWORK,
        learning_rate=_RATE,
        batch_size=batch,
        patch_size=patch,
        engine=engine,
        jit_compile=jit_compile,
    )


def _ours(label, config, arrays, inputs, targets):
    state = TrainState(config, "float32", arrays)
    step = make_train_step(state, config)
    inputs, targets = tf.constant(inputs), tf.constant(targets)
    return _contender(label, lambda: float(step(inputs, targets)), "ours")


def _keras(arrays, inputs, targets):
    """The network, `compile` and `train_on_batch`, as a Keras program would have them."""
    shapes = find_architecture(NETWORK).kernel_shapes
    layers = [
        keras.layers.Conv2D(shape[3], shape[:2], activation="relu" if number < 2 else None)
        for number, shape in enumerate(shapes)
    ]
    network = keras.Sequential([keras.Input((None, None, 1)), *layers])
    network.set_weights(list(arrays.values()))
    network.compile(keras.optimizers.Adam(_RATE), "mse")

    def step():
        network.reset_metrics()
        return float(network.train_on_batch(inputs, targets))

    return _contender(_KERAS, step, "plain")


def _torch(label, arrays, inputs, targets, channels_last, threads):
    torch = peers.torch(threads)
    values = iter(arrays.values())
    layers = []
    for kernel, bias in zip(values, values, strict=True):
        layer = torch.nn.Conv2d(kernel.shape[2], kernel.shape[3], kernel.shape[:2])
        layer.weight.data = torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy())
        layer.bias.data = torch.from_numpy(bias.copy())
        layers += [layer, torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    inputs, targets = (
        torch.from_numpy(planes.transpose(0, 3, 1, 2).copy()) for planes in (inputs, targets)
    )
    if channels_last:
        layout = torch.channels_last
        network = network.to(memory_format=layout)
        inputs, targets = inputs.to(memory_format=layout), targets.to(memory_format=layout)
    # Keras' epsilon.
    optimizer = torch.optim.Adam(network.parameters(), lr=_RATE, eps=1e-7)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.mse_loss(network(inputs), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return _contender(label, step, "peer")


def _contender(label, step, kind):
    def check():
        return np.array([step() for _ in itertools.repeat(None, _CHECKED_STEPS)])

    return Contender(label, step, check, kind=kind)
