"""A network runs over planes of any size, follows its weights, and averages over turns exactly."""

import numpy as np
import pytest

from srcnn_tf.engines import runners
from srcnn_tf.engines.cpu import function_builder
from srcnn_tf.engines.keras_models import create_network
from srcnn_tf.engines.runners import runner, self_ensemble
from srcnn_tf.networks.network import initial_network


@pytest.fixture(scope="module")
def planes():
    random = np.random.default_rng(0)
    return [random.random(size, np.float32) for size in ((1, 1), (12, 30), (30, 12), (9, 9))]


def test_planes_of_all_sizes_give_the_networks_output(planes):
    network = create_network("srcnn-9-1-5", initialization="he")
    run = runner(network)

    for plane in planes:
        result = run(plane)

        assert result.dtype == np.float32
        assert result.shape == plane.shape
        expected = network(plane[None, ..., None]).numpy()[0, ..., 0]
        np.testing.assert_allclose(result, expected, rtol=0, atol=1e-5)


def test_new_sizes_are_not_traced_anew(planes):
    network = create_network("srcnn-9-1-5")
    traces = []

    call = network.call

    def counting(batch):
        traces.append(batch.shape)
        return call(batch)

    network.call = counting
    run = runner(network, "tensorflow")
    for plane in planes:
        run(plane)

    assert len(traces) == 1


def test_values_beyond_black_and_white_are_kept():
    run = runner(create_network("srcnn-9-5-5"))

    assert run(np.full((20, 20), 1.5, np.float32)).min() > 1.2


def test_other_dtypes_and_layouts_give_the_same(planes):
    run = runner(create_network("srcnn-9-1-5", initialization="he"))
    plane = planes[1]
    expected = run(plane.T.copy())

    np.testing.assert_array_equal(run(plane.T), expected)
    np.testing.assert_array_equal(run(plane.T.astype(np.float64)), expected)


def test_the_runner_follows_the_networks_weights(planes):
    network = create_network("srcnn-9-1-5", initialization="he", seed=0)
    other = create_network("srcnn-9-1-5", initialization="he", seed=1)
    run = runner(network)
    before = run(planes[1])

    network.set_arrays(other.get_arrays())

    after = run(planes[1])
    assert np.abs(after - before).max() > 0.01
    np.testing.assert_allclose(after, runner(other)(planes[1]), rtol=0, atol=1e-6)


def _anisotropic(plane):
    """A stand-in for a network that treats every direction differently and keeps the size."""
    rows, columns = np.indices(plane.shape)
    return np.cumsum(plane, axis=1) + 2 * np.roll(plane, 1, axis=0) + rows + 3 * columns


def test_self_ensemble_is_the_mean_over_the_eight_turns(planes):
    for plane in planes:
        results = []
        for swap in (False, True):
            for rows in (slice(None), slice(None, None, -1)):
                for columns in (slice(None), slice(None, None, -1)):
                    turned = plane[rows, columns]
                    result = _anisotropic(turned.T).T if swap else _anisotropic(turned)
                    results.append(result[rows, columns])

        result = self_ensemble(_anisotropic)(plane)

        assert result.dtype == np.float32
        np.testing.assert_allclose(result, np.mean(results, axis=0), rtol=1e-6)


@pytest.mark.parametrize(
    "turn", [np.fliplr, np.flipud, np.rot90, np.transpose], ids=lambda turn: turn.__name__
)
def test_self_ensemble_turns_with_the_picture(planes, turn):
    network = create_network("srcnn-9-5-5", initialization="he")
    run = runner(network)
    ensemble = self_ensemble(run)
    plane = planes[1]

    assert np.abs(run(turn(plane)) - turn(run(plane))).max() > 1e-3
    np.testing.assert_allclose(ensemble(turn(plane)), turn(ensemble(plane)), rtol=0, atol=1e-5)


def test_self_ensemble_of_an_isotropic_network_is_its_plain_output(planes):
    network = create_network("srcnn-9-1-5", initialization="he")
    arrays = network.get_arrays()
    for name, array in arrays.items():
        if name.endswith("kernel"):
            turns = [
                np.rot90(flipped, quarters)
                for flipped in (array, array[::-1])
                for quarters in range(4)
            ]
            arrays[name] = np.mean(turns, axis=0)
    network.set_arrays(arrays)
    run = runner(network)

    for plane in planes:
        np.testing.assert_allclose(self_ensemble(run)(plane), run(plane), atol=1e-5)


@pytest.mark.parametrize("array", [np.zeros((9, 8, 3), np.float32), np.zeros((9, 8), np.uint8)])
def test_what_is_no_plane_of_floats_is_refused(array):
    with pytest.raises(ValueError, match="one plane"):
        runner(create_network("srcnn-9-1-5"))(array)


_BFLOAT16 = "mixed_bfloat16"


def test_bfloat16_is_the_cpu_engines_where_the_processor_has_it(planes):
    if not function_builder.has_bfloat16():
        pytest.skip("this processor has no products of bfloat16")
    network = initial_network("slim-2x16", 2, "he", 1)
    assert not runners.needs_tensorflow(network.architecture, _BFLOAT16, "cpu")
    run, exact = runner(network, precision=_BFLOAT16, device="cpu"), runner(network, device="cpu")
    assert run.engine == exact.engine == "cpu"
    difference = np.abs(run(planes[1]) - exact(planes[1])).max()
    assert 0 < difference < 0.1


def test_a_processor_without_bfloat16_has_it_from_tensorflow_and_says_so(monkeypatch, caplog):
    monkeypatch.setattr(function_builder, "has_bfloat16", lambda: False)
    runners._warn_once.cache_clear()
    network = initial_network("slim-2x16", 2)
    assert runners.needs_tensorflow(network.architecture, _BFLOAT16, "cpu")
    for _ in range(2):
        assert runner(network, precision=_BFLOAT16, device="cpu").engine == "tensorflow"
    assert [record.message for record in caplog.records] == [
        "mixed_bfloat16 by TensorFlow, slower than float32 by the CPU engine: this processor has "
        "no products of bfloat16 (AVX512-BF16)"
    ]
    with pytest.raises(ValueError, match="cannot compute in mixed_bfloat16: this processor has no"):
        runner(network, "cpu", _BFLOAT16)


def test_networks_without_such_layers_and_other_precisions_are_refused_by_the_cpu(monkeypatch):
    monkeypatch.setattr(function_builder, "has_bfloat16", lambda: True)
    with pytest.raises(ValueError, match="no layer of srcnn-9-1-5 has kernels for it"):
        runner(initial_network("srcnn-9-1-5"), "cpu", _BFLOAT16)
    with pytest.raises(ValueError, match="mixed_float16 needs TensorFlow"):
        runner(initial_network("slim-2x16", 2), "cpu", "mixed_float16")
    with pytest.raises(ValueError, match="mixed_bfloat16 needs TensorFlow"):
        runner(initial_network("slim-2x16", 2), "numpy", _BFLOAT16)


def test_a_model_of_mixed_precision_is_run_as_it_was_trained():
    assert runner(create_network("slim-2x16", _BFLOAT16, scale=2)).engine == "tensorflow"
