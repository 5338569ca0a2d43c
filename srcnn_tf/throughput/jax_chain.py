"""Any architecture in JAX, as its users would write it: a peer."""

import importlib
import os

import numpy as np

from srcnn_tf.networks.network import Network

# Keras' and ours.
_EPSILON, _DECAYS = 1e-7, (0.9, 0.999)


def import_jax():
    """Imports JAX, told to leave the card's memory to others as well."""
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    jax = importlib.import_module("jax")
    # No TF32: float32 is float32, as it is for TensorFlow here.
    jax.config.update("jax_default_matmul_precision", "highest")
    return jax


def jax_forward(network: Network, precision: str, padded: bool):
    """Returns `forward(arrays, planes)`, from (N, H, W, 1) to (N, uH, uW, 1) float32.

    Layers are padded with zeros, or not at all. A bicubic skip is left out.

    Args:
      network: whose architecture it has.
      precision: what all layers but the last compute in.
      padded: whether the size stays.
    """
    jax = import_jax()
    numpy, architecture = jax.numpy, network.architecture
    half = numpy.dtype(precision.removeprefix("mixed_"))

    def activated(arrays, number, kind, values):
        if kind == "prelu":
            slope = arrays[f"conv{number}/slope"].astype(values.dtype)
            return numpy.where(values > 0, values, slope * values)
        return {"relu": jax.nn.relu, "tanh": numpy.tanh, "none": lambda x: x}[kind](values)

    def forward(arrays, planes):
        results = [planes]
        for number, layer in enumerate(architecture.layers, start=1):
            dtype = half if number < len(architecture.layers) else numpy.float32
            values = jax.lax.conv_general_dilated(
                results[-1].astype(dtype),
                arrays[f"conv{number}/kernel"].astype(dtype),
                (1, 1),
                "SAME" if padded else "VALID",
                dimension_numbers=("NHWC", "HWIO", "NHWC"),
            )
            values = values + arrays[f"conv{number}/bias"].astype(dtype)
            if layer.skip:
                values = values + results[number - layer.skip].astype(dtype)
            results.append(activated(arrays, number, layer.activation, values))
        outputs, scale = results[-1], architecture.upscale
        if architecture.global_skip == "nearest":
            outputs = outputs + planes
        count, height, width, _ = outputs.shape
        outputs = outputs.reshape(count, height, width, scale, scale)
        outputs = outputs.transpose(0, 1, 3, 2, 4)
        return outputs.reshape(count, height * scale, width * scale, 1)

    return forward


def jax_plane(network: Network, precision: str):
    """Returns `run(plane) -> plane`, compiled."""
    jax = import_jax()
    forward = jax.jit(jax_forward(network, precision, padded=True))
    arrays = {name: jax.numpy.asarray(array) for name, array in network.arrays.items()}
    return lambda plane: np.asarray(forward(arrays, plane[None, ..., None]))[0, ..., 0]


def jax_steps(network: Network, precision: str, padded: bool, loss: str, rate: float, batch):
    """Returns `run(steps) -> losses`: Adam's steps on one batch, one compiled call each.

    Args:
      network: what is trained.
      precision: as of `jax_forward`.
      padded: as of `jax_forward`.
      loss: `mse` or `l1`.
      rate: Adam's.
      batch: inputs and targets, NumPy arrays.
    """
    jax = import_jax()
    numpy, forward = jax.numpy, jax_forward(network, precision, padded)
    inputs, targets = (jax.device_put(part) for part in batch)
    arrays = {name: numpy.asarray(array) for name, array in network.arrays.items()}
    zeros = jax.tree.map(numpy.zeros_like, arrays)
    state = [(arrays, zeros, zeros, 0.0)]

    def error(arrays):
        difference = forward(arrays, inputs) - targets
        return numpy.mean(difference**2 if loss == "mse" else abs(difference))

    @jax.jit
    def step(arrays, first, second, count):
        value, gradients = jax.value_and_grad(error)(arrays)
        count += 1
        one, two = _DECAYS
        first = jax.tree.map(lambda m, g: one * m + (1 - one) * g, first, gradients)
        second = jax.tree.map(lambda v, g: two * v + (1 - two) * g * g, second, gradients)
        scale = rate * numpy.sqrt(1 - two**count) / (1 - one**count)
        arrays = jax.tree.map(
            lambda a, m, v: a - scale * m / (numpy.sqrt(v) + _EPSILON), arrays, first, second
        )
        return value, (arrays, first, second, count)

    def run(steps):
        losses = []
        for _ in range(steps):
            value, state[0] = step(*state[0])
            losses.append(value)
        return [float(value) for value in losses]

    return run
