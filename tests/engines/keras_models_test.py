"""The networks compute what the authors' MATLAB code computes, at any size and precision."""

import numpy as np
import pytest
import scipy.signal
from drawn_networks import drawn_network

from srcnn_tf.engines.keras_models import PRECISIONS, create_network
from srcnn_tf.networks.families.srcnn import ARCHITECTURES


def _correlated(planes, arrays):
    """The oracle: `imfilter(..., 'replicate')` per filter, bias, ReLU between, in float64."""
    for layer in (1, 2, 3):
        kernel = arrays[f"conv{layer}/kernel"].astype(np.float64)
        border = kernel.shape[0] // 2
        padded = np.pad(planes, ((border, border), (border, border), (0, 0)), mode="edge")
        planes = np.concatenate(
            [
                scipy.signal.correlate(padded, kernel[..., index], "valid", "direct")
                for index in range(kernel.shape[3])
            ],
            axis=2,
        )
        planes = planes + arrays[f"conv{layer}/bias"]
        planes = np.maximum(planes, 0) if layer < 3 else planes
    return planes


@pytest.fixture(scope="module")
def plane(photo):
    return (photo[40:72, 100:140, 0] / 255).astype(np.float32)[None, ..., None]


@pytest.mark.parametrize(
    ("name", "parameters"), [("srcnn-9-1-5", 8129), ("srcnn-9-3-5", 24513), ("srcnn-9-5-5", 57281)]
)
def test_parameter_counts_are_the_papers(name, parameters):
    assert create_network(name).count_params() == parameters


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_output_agrees_with_correlation_on_replicated_edges(name):
    network = drawn_network(name)
    plane = np.random.default_rng(1).random((14, 19), np.float32)

    result = network(plane[None, ..., None]).numpy()[0]

    expected = _correlated(plane[..., None].astype(np.float64), network.get_arrays())
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_both_paddings_agree_where_the_edges_are_out_of_reach(name, plane):
    network = drawn_network(name)
    border = network.architecture.radius

    whole = network(plane, padding="replicate").numpy()
    valid = network(plane, padding="valid").numpy()

    assert whole.shape == plane.shape
    np.testing.assert_allclose(valid, whole[:, border:-border, border:-border], rtol=0, atol=1e-5)


def test_pictures_of_a_batch_do_not_mix(plane):
    network = drawn_network("srcnn-9-1-5")
    batch = np.concatenate([plane, 1 - plane])

    together = network(batch).numpy()

    for index in range(2):
        alone = network(batch[index : index + 1]).numpy()[0]
        np.testing.assert_allclose(together[index], alone, rtol=0, atol=1e-5)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (6, 1), (3, 2), (33, 20)])
def test_any_size_is_kept(size):
    network = drawn_network("srcnn-9-5-5")
    plane = np.random.default_rng(2).random(size, np.float32)

    result = network(plane[None, ..., None]).numpy()[0]

    assert result.shape == (*size, 1)
    expected = _correlated(plane[..., None].astype(np.float64), network.get_arrays())
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_training_starts_near_the_input(name, plane):
    def rmse(result):
        return np.sqrt(np.mean((result.numpy() - plane) ** 2))

    for seed in range(3):
        assert rmse(create_network(name, seed=seed)(plane)) < 0.005
        # Which is not so for any network.
        assert rmse(create_network(name, initialization="he", seed=seed)(plane)) > 0.1


@pytest.mark.parametrize("precision", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_keeps_float32_weights_and_results(precision, plane):
    network = drawn_network("srcnn-9-5-5", precision)
    exact = drawn_network("srcnn-9-5-5")(plane).numpy()

    result = network(plane)

    assert result.dtype == "float32"
    assert {variable.dtype for variable in network.trainable_variables} == {"float32"}
    assert {array.dtype for array in network.get_arrays().values()} == {np.dtype("float32")}
    error = np.abs(result.numpy() - exact).max()
    assert 0 < error < 0.03 * np.abs(exact).max()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_weights_move_between_networks_of_any_precision(precision, plane):
    source = drawn_network("srcnn-9-3-5", seed=1)
    target = create_network("srcnn-9-3-5", precision)

    target.set_arrays(source.get_arrays())

    for name, array in source.get_arrays().items():
        np.testing.assert_array_equal(target.get_arrays()[name], array)


def test_changing_the_arrays_of_a_network_does_not_change_the_network(plane):
    network = create_network("srcnn-9-1-5")
    before = network(plane).numpy()

    for array in network.get_arrays().values():
        array[...] = 0

    np.testing.assert_array_equal(network(plane).numpy(), before)


def test_the_same_seed_gives_the_same_network(plane):
    first, again, other = (create_network("srcnn-9-1-5", seed=seed)(plane) for seed in (1, 1, 2))

    np.testing.assert_array_equal(first, again)
    assert (first.numpy() != other.numpy()).any()


def test_weights_of_another_network_are_refused():
    network = create_network("srcnn-9-1-5")
    arrays = network.get_arrays()

    with pytest.raises(ValueError, match="conv3/bias"):
        network.set_arrays({name: arrays[name] for name in list(arrays)[:-1]})
    with pytest.raises(ValueError, match="must be"):
        network.set_arrays(create_network("srcnn-9-5-5").get_arrays())


def test_unknown_options_are_refused(plane):
    with pytest.raises(ValueError, match="srcnn-1"):
        create_network("srcnn-1")
    with pytest.raises(ValueError, match="float64"):
        create_network("srcnn-9-1-5", "float64")
    with pytest.raises(ValueError, match="glorot"):
        create_network("srcnn-9-1-5", initialization="glorot")
    with pytest.raises(ValueError, match="same"):
        create_network("srcnn-9-1-5")(plane, padding="same")
