"""Cases: the library's networks on the low grid, running and training, beside other libraries.

Their weights are drawn: time does not depend on them. Peers pad with zeros where ours repeat the
edge: as many multiply-adds.
"""

import functools

import numpy as np
import tensorflow as tf

from srcnn_tf.engines.keras_models import keras_model
from srcnn_tf.networks.network import initial_network
from srcnn_tf.throughput import bench_inference, peers
from srcnn_tf.throughput.limits import limits
from srcnn_tf.throughput.targets import Rate, Ratio
from srcnn_tf.throughput.timing import Case, Contender
from srcnn_tf.throughput.torch_chain import torch_chain
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.train_step import TrainState, make_train_step

_NETWORKS = ("slim-4x16", "slim-10x16", "slim-10x32", "fsrcnn", "espcn")
_WIDTH, _HEIGHT = 960, 540
_OURS, _TENSORFLOW = "make_train_step", "make_train_step, TensorFlow's gradients"
_KERAS, _TORCH = "Keras train_on_batch", "PyTorch channels_last"
_RATE = 3e-4


def plane_cases(threads: int, quick: bool = False) -> list[Case]:
    """960 x 540 for x2: what a picture in 540p takes to become one in 1080p, luminance alone."""
    height, width = (40, 60) if quick else (_HEIGHT, _WIDTH)
    cases = []
    for name in ("slim-4x8",) if quick else _NETWORKS:
        targets: list[Ratio | Rate] = [
            Ratio(bench_inference.OURS, peer, 0.6) for peer in bench_inference.PEERS
        ]
        if name == "slim-10x16":
            targets.append(Rate(bench_inference.OURS, 20 * _HEIGHT * _WIDTH / 1e6))
        network = initial_network(name, 2, "he", 1)
        cases.append(
            bench_inference.plane_case(
                network,
                f"{name}, x2, on a plane of {width} x {height}",
                height,
                width,
                threads,
                targets,
                "networks",
                headline=name == "slim-10x16",
                extra=functools.partial(limits, network.architecture, height, width, threads),
            )
        )
    return cases


def step_cases(threads: int, quick: bool = False) -> list[Case]:
    """A training step for x4 on 16 crops of 32 x 32 small pixels, by Adam, in float32."""
    if quick:
        return [_step_case("slim-4x8", 2, 12, threads)]
    return [_step_case(name, 16, 32, threads) for name in ("slim-10x16", "slim-10x32")]


def _step_case(name, batch, patch, threads):
    absent = peers.missing("torch")

    def contenders():
        network = initial_network(name, 4, "he", 1)
        random = np.random.default_rng(0)
        inputs = random.random((batch, patch, patch, 1), np.float32)
        targets = random.random((batch, 4 * patch, 4 * patch, 1), np.float32)
        made = [
            _step(_OURS, network, batch, patch, "auto", inputs, targets, "ours"),
            _step(_TENSORFLOW, network, batch, patch, "tensorflow", inputs, targets, "plain"),
            _keras(network, inputs, targets),
        ]
        return made if absent else [*made, _torch(network, inputs, targets, threads)]

    return Case(
        "networks",
        f"training step, {name}, x4, batch {batch} of {patch} x {patch}, padded",
        batch,
        "crops",
        contenders,
        [Ratio(_OURS, _TORCH, 0.7), Ratio(_OURS, _KERAS, 0.5)],
        {_TORCH: absent} if absent else {},
        headline=name == "slim-10x16",
    )


def _step(label, network, batch, patch, engine, inputs, targets, kind):
    config = TrainConfig(
        4,
        network.name,
        batch_size=batch,
        patch_size=patch,
        padding="replicate",
        loss="l1",
        optimizer="adam",
        learning_rate=_RATE,
        engine=engine,
    )
    step = make_train_step(TrainState(config, "float32", network.arrays), config)
    inputs, targets = tf.constant(inputs), tf.constant(targets)

    def check():
        return np.array([float(step(inputs, targets)) for _ in range(4)])

    return Contender(label, lambda: float(step(inputs, targets)), check, kind=kind)


def _keras(network, inputs, targets):
    import keras

    model = keras_model(network)
    model.compile(keras.optimizers.Adam(_RATE), "mae")

    def step():
        model.reset_metrics()
        return float(model.train_on_batch(inputs, targets))

    return Contender(_KERAS, step, kind="plain")


def _torch(network, inputs, targets, threads):
    torch = peers.torch(threads)
    module = torch_chain(network, threads, channels_last=True)
    planes, wanted = (
        torch.from_numpy(each.transpose(0, 3, 1, 2).copy()).to(memory_format=torch.channels_last)
        for each in (inputs, targets)
    )
    optimizer = torch.optim.Adam(module.parameters(), lr=_RATE, eps=1e-7)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.l1_loss(module(planes), wanted)
        loss.backward()
        optimizer.step()
        return loss.item()

    return Contender(_TORCH, step, kind="peer")
