"""Activations as vector code, each against NumPy."""

import numpy as np
import pytest
from llvmlite import ir

from srcnn_tf.engines.cpu.chain import activations
from srcnn_tf.engines.cpu.function_builder import LANES, CompiledModule, new_function

_VALUES = np.concatenate(
    [np.linspace(-20, 20, 4001), np.logspace(-8, 1.5, 2000), [0, -0.0, 1e30, -1e30, np.inf]]
).astype(np.float32)
_VALUES = np.resize(_VALUES, -(-_VALUES.size // LANES) * LANES)
_SLOPES = np.linspace(-0.5, 1.5, LANES, dtype=np.float32)


def _apply(make, *arrays):
    module = ir.Module("one")
    code = new_function(module, "apply", "p" * (len(arrays) + 2) + "i", internal=False)
    *pointers, slopes, result, count = code.function.args

    def at_lanes(first):
        values = [code.load(pointer, first) for pointer in pointers]
        code.store(make(code, *values, code.load(slopes)), result, first)

    code.loop(0, count, LANES, at_lanes)
    code.end()
    result = np.empty_like(arrays[0])
    compiled = CompiledModule(module, {"apply": "p" * (len(arrays) + 2) + "i"})
    compiled.call("apply", *arrays, _SLOPES, result, result.size)
    return result


def _numpy(activation, values, slopes):
    if activation == "relu":
        return np.maximum(values, 0)
    if activation == "prelu":
        return np.where(values < 0, slopes * values, values)
    return np.tanh(values) if activation == "tanh" else values


@pytest.mark.parametrize("activation", ["none", "relu", "prelu", "tanh"])
def test_activations_are_numpys(activation):
    found = _apply(lambda code, v, s: activations.activate(code, activation, v, s), _VALUES)
    expected = _numpy(activation, _VALUES, np.resize(_SLOPES, _VALUES.size))
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=3e-7)


@pytest.mark.parametrize("activation", ["none", "relu", "prelu", "tanh"])
def test_gradients_are_those_of_the_activation(activation):
    values = _VALUES[np.abs(_VALUES) < 30]
    values = np.resize(values, values.size // LANES * LANES)
    given = np.random.default_rng(0).normal(size=values.size).astype(np.float32)
    slopes = np.resize(_SLOPES, values.size).astype(float)
    found = _apply(
        lambda code, v, g, s: activations.gradient(code, activation, v, g, s), values, given
    )
    # Differences in double precision; what lies at the corner of ReLU has no gradient.
    step = 1e-6
    up, down = (_numpy(activation, values.astype(float) + e, slopes) for e in (step, -step))
    smooth = np.abs(values) > 2 * step
    expected = given * (up - down) / (2 * step)
    np.testing.assert_allclose(found[smooth], expected[smooth], rtol=1e-4, atol=1e-5)
