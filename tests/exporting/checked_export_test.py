"""Every format, written, run by its own runtime, described, and refused where it is wrong."""

import dataclasses
import json
import zipfile

import numpy as np
import pytest
from drawn_networks import EVERYTHING, drawn
from PIL import Image

import srcnn_tf
from srcnn_tf.exporting import checked_export
from srcnn_tf.exporting.contents import Contents
from srcnn_tf.exporting.formats import keras_file, litert_file, saved_model
from srcnn_tf.exporting.formats.catalog import FORMATS
from srcnn_tf.exporting.parity import drawn_picture

_RUN_BY_PYTHON = ("savedmodel", "keras", "tflite", "onnx")


@pytest.fixture(autouse=True)
def _runtimes():
    for module in ("onnx", "onnxruntime", "ai_edge_litert"):
        pytest.importorskip(module)


@pytest.fixture(scope="module")
def network():
    return drawn(EVERYTHING[1])


def _described(exported):
    """What a file says of itself."""
    name = exported.format.name
    if name == "savedmodel":
        return json.loads((exported.path / saved_model.METADATA).read_text())
    if name == "keras":
        with zipfile.ZipFile(exported.path) as archive:
            return json.loads(archive.read(keras_file.METADATA))
    if name == "tflite":
        from tensorflow.lite.tools import flatbuffer_utils

        model = flatbuffer_utils.read_model(str(exported.path))
        (entry,) = (each for each in model.metadata if each.name == litert_file.METADATA.encode())
        return json.loads(bytes(model.buffers[entry.buffer].data))
    import onnx

    model = onnx.load(exported.path)
    return {each.key: json.loads(each.value) for each in model.metadata_props}


@pytest.mark.slow
@pytest.mark.parametrize("color", [False, True], ids=["Y", "color"])
@pytest.mark.parametrize("name", _RUN_BY_PYTHON)
def test_a_file_says_what_it_is_and_runs_as_it_says(tmp_path, monkeypatch, network, name, color):
    (exported,) = srcnn_tf.export(network, 2, tmp_path, [name], color=color)
    assert exported.parity.difference <= (1 if color else 1e-5)
    assert exported.path.parent == tmp_path and exported.size > 1000
    assert [path.name for path in tmp_path.iterdir()] == [exported.path.name]
    assert _described(exported) == Contents(network, 2, color).metadata()
    assert "differ" in exported.in_words() and exported.format.runtime in exported.in_words()

    monkeypatch.chdir(tmp_path)
    pixels = drawn_picture(20, 30, 3)
    picture = Image.fromarray(pixels if color else pixels[..., 0])
    picture.save("photo.jpg", quality=95)
    read = np.asarray(Image.open("photo.jpg"))
    names = {}
    exec(exported.snippet(), names)
    source = read if color else read.astype(np.float32) / 255
    expected = srcnn_tf.upscale(source, 2, network)
    found = names["enlarged"][0].reshape(expected.shape)
    limit = 1 if color else 1e-5
    np.testing.assert_allclose(found.astype(np.float64), expected, rtol=0, atol=limit)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "precision"),
    [
        *((each, "float16") for each in _RUN_BY_PYTHON),
        *((each, "int8") for each in ("tflite", "onnx")),
    ],
)
def test_a_lower_precision_makes_a_smaller_file_and_says_what_it_loses(tmp_path, name, precision):
    network = srcnn_tf.load_network("srcnn-9-5-5" if precision == "int8" else "srcnn-9-1-5", 2)
    (small,) = srcnn_tf.export(network, 2, tmp_path, [name], precision=precision)
    (large,) = srcnn_tf.export(network, 2, tmp_path, [name])
    assert small.size < large.size
    assert small.loss.decibels < (0.05 if precision == "float16" else 1)
    assert small.loss.before > 30
    assert f"loses {small.loss.decibels:.3f} dB" in small.in_words()
    assert large.loss is None


def test_a_file_that_differs_is_not_left(tmp_path, monkeypatch, network):
    # What is compared with, since what is written is right.
    arrays = {key: array * 1.01 for key, array in network.arrays.items()}
    real = checked_export.parity.upscaled
    monkeypatch.setattr(
        checked_export.parity,
        "upscaled",
        lambda contents: real(
            dataclasses.replace(contents, network=contents.network.replace(arrays=arrays))
        ),
    )
    for color, complaint in ((False, "more than 1e-05"), (True, "levels, more than 1")):
        with pytest.raises(srcnn_tf.ExportError, match=complaint):
            srcnn_tf.export(network, 2, tmp_path, ["onnx"], color=color)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(tmp_path, network):
    target = tmp_path / f"{Contents(network, 2).file_stem}.onnx"
    target.write_text("somebody's")
    with pytest.raises(srcnn_tf.ExportError, match="exists"):
        srcnn_tf.export(network, 2, tmp_path, ["onnx"])
    assert target.read_text() == "somebody's"
    srcnn_tf.export(network, 2, tmp_path, ["onnx"], overwrite=True)
    assert target.stat().st_size > 1000


def test_nothing_is_written_if_one_of_the_formats_cannot_hold_it(tmp_path, network):
    with pytest.raises(srcnn_tf.ExportError, match="savedmodel has float32 and float16, not int8"):
        srcnn_tf.export(network, 2, tmp_path, ["onnx", "savedmodel"], precision="int8")
    with pytest.raises(ValueError, match=r"no export format 'onyx'.*Did you mean onnx"):
        srcnn_tf.export(network, 2, tmp_path, ["onyx"])
    assert list(tmp_path.iterdir()) == []


def test_a_missing_package_is_said(tmp_path, monkeypatch, network):
    import sys

    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(srcnn_tf.ExportError, match=r'pip install "srcnn_tf\[export\]"'):
        srcnn_tf.export(network, 2, tmp_path, ["onnx"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_folder_is_replaced_as_a_whole(tmp_path, network):
    (first,) = srcnn_tf.export(network, 2, tmp_path, ["savedmodel"])
    (first.path / "older").touch()
    (second,) = srcnn_tf.export(network, 2, tmp_path, ["savedmodel"], overwrite=True)
    assert second.path == first.path and not (first.path / "older").exists()
    assert len(list(tmp_path.iterdir())) == 1


def test_messages_list_every_format(tmp_path, network):
    with pytest.raises(ValueError) as caught:
        srcnn_tf.export(network, 2, tmp_path, ["?"])
    assert all(name in str(caught.value) for name in FORMATS)
