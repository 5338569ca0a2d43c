"""Weight files say what they are, survive the way to disk, and fail in one sentence if damaged."""

import json
import subprocess
import sys

import numpy as np
import pytest
import safetensors
import safetensors.numpy
import scipy.io

from srcnn_tf.engines.keras_models import load_weights
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.families.srcnn import ARCHITECTURES
from srcnn_tf.networks.initialization import draw_arrays
from srcnn_tf.networks.weight_files import read_weights, save_weights
from srcnn_tf.networks.weights_info import WeightsError, WeightsInfo

_INFO = WeightsInfo(
    network="srcnn-9-1-5",
    scale=3,
    training_data="T91 without t1.bmp",
    steps=1234,
    scores={"validation": {"psnr": 33.1}},
    provenance={"command": "train --scale=3", "note": "ä"},
)


@pytest.fixture
def arrays():
    return draw_arrays(find_architecture("srcnn-9-1-5"), "he", seed=5)


@pytest.fixture
def weight_file(tmp_path, arrays):
    path = tmp_path / "runs" / "best.safetensors"
    save_weights(path, arrays, _INFO)
    return path


def _assert_refused(path, because=None, scale=None):
    """Reading fails with the one error type, which names the file and says why."""
    with pytest.raises(WeightsError, match=because) as caught:
        read_weights(path, scale)
    assert str(path) in str(caught.value)


def _rewrite(path, description=None, **changed):
    """Writes the file anew with another description or other arrays (None removes one)."""
    content = safetensors.numpy.load_file(path) | changed
    with safetensors.safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
    if description is not None:
        metadata["srcnn_tf"] = description
    present = {name: array for name, array in content.items() if array is not None}
    safetensors.numpy.save_file(present, path, metadata)


def _described(**changes):
    fields = {"network": "srcnn-9-1-5", "scale": 3, "training_data": "", "steps": 1, "version": 1}
    return json.dumps({key: value for key, value in (fields | changes).items() if value != "gone"})


def test_what_was_written_is_read(weight_file, arrays):
    found, info = read_weights(str(weight_file))

    assert info == _INFO
    assert set(found) == set(arrays)
    for name, array in arrays.items():
        assert found[name].dtype == np.float32
        np.testing.assert_array_equal(found[name], array)


@pytest.mark.parametrize("name", ARCHITECTURES)
@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_a_file_alone_makes_a_network(tmp_path, name, precision):
    arrays = draw_arrays(find_architecture(name), "he", seed=0)
    save_weights(tmp_path / "a.safetensors", arrays, WeightsInfo(name, 4, "T91", 10))

    network = load_weights(tmp_path / "a.safetensors", precision=precision)

    assert network.architecture.name == name
    assert network.info.scale == 4
    for key, array in network.get_arrays().items():
        np.testing.assert_array_equal(array, arrays[key])


def test_a_failed_write_leaves_the_old_file(weight_file, arrays):
    before = weight_file.read_bytes()
    unwritable = WeightsInfo("srcnn-9-1-5", 3, "T91", 1, provenance={"bad": object()})

    with pytest.raises(TypeError):
        save_weights(weight_file, arrays, unwritable)
    with pytest.raises(ValueError, match=r"conv1/bias of srcnn-9-1-5 must be \(64,\)"):
        save_weights(weight_file, arrays | {"conv1/bias": "no numbers"}, _INFO)

    assert weight_file.read_bytes() == before
    assert [path.name for path in weight_file.parent.iterdir()] == [weight_file.name]


def test_missing_files_and_folders_are_named(tmp_path):
    _assert_refused(tmp_path / "nowhere.safetensors", "There is no weight file")
    _assert_refused(tmp_path / "x3.mat", "There is no weight file")
    _assert_refused(tmp_path, "There is no weight file")


def test_truncated_files_are_refused(weight_file):
    content = weight_file.read_bytes()
    for length in [*range(9), *range(9, len(content), 1501), len(content) - 1]:
        weight_file.write_bytes(content[:length])
        _assert_refused(weight_file, "copy or train it again")


def test_garbage_is_refused(weight_file):
    content = weight_file.read_bytes()
    random = np.random.default_rng(0)
    for garbage in (
        b"\0" * 1000,
        b"\xff" * 1000,
        random.bytes(5000),
        b"\x89PNG\r\n\x1a\n" + content,
        content + b"more",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 8\n",
    ):
        weight_file.write_bytes(garbage)
        _assert_refused(weight_file, "copy or train it again")


def test_a_damaged_header_is_refused_or_harmless(weight_file, arrays):
    content = weight_file.read_bytes()
    header = 8 + int.from_bytes(content[:8], "little")
    for position in range(0, header, 7):
        damaged = bytearray(content)
        damaged[position] ^= 0x15
        weight_file.write_bytes(damaged)
        try:
            found, _ = read_weights(weight_file)
        except WeightsError as error:
            assert str(weight_file) in str(error)
        else:  # A letter of the free text has changed.
            for name, array in arrays.items():
                np.testing.assert_array_equal(found[name], array)


@pytest.mark.parametrize(
    "changed",
    [
        {"conv3/bias": None},
        {"conv4/bias": np.zeros(1, np.float32)},
        {"conv1/kernel": np.zeros((5, 5, 1, 64), np.float32)},
        {"conv1/kernel": np.zeros((64, 1, 9, 9), np.float32)},
        {"conv2/bias": np.zeros(32, np.float64)},
    ],
)
def test_arrays_of_another_network_are_refused(weight_file, changed):
    _rewrite(weight_file, **changed)

    _assert_refused(weight_file, "not those of srcnn-9-1-5")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers_are_refused(weight_file, arrays, value):
    arrays["conv2/kernel"][0, 0, 3, 4] = value
    _rewrite(weight_file, **{"conv2/kernel": arrays["conv2/kernel"]})

    _assert_refused(weight_file, "not all finite")


def test_number_formats_that_numpy_lacks_are_refused(weight_file):
    for dtype, size in (("BF16", 2), ("F8_E4M3", 1), ("F8_E5M2", 1)):
        tensor = {"dtype": dtype, "shape": [2], "data_offsets": [0, 2 * size]}
        header = json.dumps({"conv1/bias": tensor}).encode()
        weight_file.write_bytes(len(header).to_bytes(8, "little") + header + bytes(2 * size))
        _assert_refused(weight_file)


def test_a_newer_format_asks_for_a_newer_library(weight_file):
    _rewrite(weight_file, _described(version=3, network="srcnn-20", invention=[1]))

    _assert_refused(weight_file, "format 3 .* install a newer srcnn_tf")


def test_an_unknown_network_asks_for_a_newer_library(weight_file):
    _rewrite(weight_file, _described(network="srcnn-20"))

    _assert_refused(weight_file, "'srcnn-20'.* install a newer srcnn_tf")


@pytest.mark.parametrize(
    "description",
    [
        "",
        "{",
        "[]",
        "3",
        "null",
        "[" * 100_000,
        _described(version="gone"),
        _described(version="1"),
        _described(version=0),
        _described(network="gone"),
        _described(network=None),
        _described(network=["srcnn-9-1-5"]),
        _described(network={}),
        _described(scale="gone"),
        _described(scale="3"),
        _described(scale=0),
        _described(training_data=3),
        _described(steps=None),
        _described(steps=-1),
        _described(steps=True),
        _described(channel=1),
        _described(scores="x"),
        _described(scores={"set5": 3.0}),
        _described(scores={"set5": {"psnr": "33"}}),
        _described(provenance=[]),
    ],
    ids=lambda text: text[:70],
)
def test_a_damaged_description_is_refused(weight_file, description):
    _rewrite(weight_file, description)

    _assert_refused(weight_file, "description .* is damaged")


def test_fields_that_a_later_version_may_add_are_ignored(weight_file):
    _rewrite(weight_file, _described(color_of_the_bikeshed="green"))

    assert read_weights(weight_file)[1].network == "srcnn-9-1-5"


def test_arrays_without_a_description_are_refused(tmp_path, arrays):
    safetensors.numpy.save_file(arrays, tmp_path / "bare.safetensors")

    _assert_refused(tmp_path / "bare.safetensors", "no description")


def test_reading_needs_no_tensorflow(weight_file):
    program = f"""
import sys
import srcnn_tf
from srcnn_tf.evaluation import metrics
from srcnn_tf.imaging import color, degradation, resize
from srcnn_tf.networks import weight_files
weight_files.read_weights({str(weight_file)!r})
assert "tensorflow" not in sys.modules and "keras" not in sys.modules
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert result.returncode == 0, result.stderr


def _authors_filters(arrays):
    """Lays filters out as the authors' MATLAB code has them, by their description."""
    first, second, third = (arrays[f"conv{layer}/kernel"] for layer in (1, 2, 3))

    def column(square):  # MATLAB counts down the columns first
        return square.reshape(-1, order="F")

    filters = {
        "weights_conv1": np.stack([column(first[:, :, 0, n]) for n in range(64)], axis=1),
        "weights_conv2": np.stack(
            [np.stack([column(second[:, :, i, n]) for n in range(32)], axis=1) for i in range(64)]
        ),
        "weights_conv3": np.stack([column(third[:, :, i, 0]) for i in range(32)]),
    }
    biases = {f"biases_conv{layer}": arrays[f"conv{layer}/bias"][:, None] for layer in (1, 2, 3)}
    return {name: array.astype(np.float64) for name, array in (filters | biases).items()}


def _random_arrays(name):
    random = np.random.default_rng(9)
    shapes = {
        key: array.shape for key, array in draw_arrays(find_architecture(name), "he", 0).items()
    }
    return {key: random.normal(0, 1, shape).astype(np.float32) for key, shape in shapes.items()}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_authors_filters_are_turned_the_right_way(tmp_path, name):
    arrays = _random_arrays(name)
    path = tmp_path / "9-x-5_some-data" / "x4.mat"
    path.parent.mkdir()
    scipy.io.savemat(path, _authors_filters(arrays))

    found, info = read_weights(path)

    assert (info.network, info.scale) == (name, 4)
    assert "9-x-5_some-data" in info.training_data
    assert set(found) == set(arrays)
    for key, array in arrays.items():
        np.testing.assert_array_equal(found[key], array)


def test_the_scale_of_the_authors_filters_may_be_given(tmp_path):
    path = tmp_path / "filters.mat"
    scipy.io.savemat(path, _authors_filters(_random_arrays("srcnn-9-1-5")))

    assert read_weights(path, scale=2)[1].scale == 2
    _assert_refused(path, "for which scale")


def test_damaged_authors_filters_are_refused(tmp_path):
    path = tmp_path / "x3.mat"
    filters = _authors_filters(_random_arrays("srcnn-9-1-5"))
    scipy.io.savemat(path, filters)
    content = path.read_bytes()
    for length in [0, 1, 100, 127, 128, 130, *range(200, len(content), 5003), len(content) - 1]:
        path.write_bytes(content[:length])
        _assert_refused(path, "not a filter file")
    for garbage in (b"\0" * 1000, np.random.default_rng(0).bytes(1000), b"MATLAB 5.0 MAT-file"):
        path.write_bytes(garbage)
        _assert_refused(path, "not a filter file")


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"weights_conv2": np.zeros(3)}, "not a filter file"),
        ({"weights_conv1": "text"}, "not a filter file"),
        ({"weights_conv1": np.zeros((49, 64))}, "7-1-5 network"),
        ({"weights_conv1": np.zeros((80, 64))}, "not a filter file"),
        ({"biases_conv2": np.zeros((31, 1))}, "not a filter file"),
        ({"weights_conv2": np.zeros((64, 1, 16)), "biases_conv2": np.zeros(16)}, "not those of"),
        ({"biases_conv3": np.full((1, 1), np.nan)}, "not all finite"),
    ],
)
def test_other_filters_than_the_authors_are_refused(tmp_path, changed, because):
    path = tmp_path / "x3.mat"
    filters = _authors_filters(_random_arrays("srcnn-9-1-5"))
    scipy.io.savemat(path, filters | changed)

    _assert_refused(path, because)


def test_authors_filters_without_a_layer_are_refused(tmp_path):
    path = tmp_path / "x3.mat"
    filters = _authors_filters(_random_arrays("srcnn-9-1-5"))
    del filters["biases_conv3"]
    scipy.io.savemat(path, filters)

    _assert_refused(path, "biases_conv3")
