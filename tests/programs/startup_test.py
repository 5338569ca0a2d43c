"""Starting TensorFlow needs no TFDS; what is not there is said with what brings it."""

import sys
import types

import pytest

from srcnn_tf.programs import startup


def _without_devices(_):
    return []


@pytest.fixture
def tensorflow_alone(monkeypatch):
    """A TensorFlow that finds no GPU, and no TFDS, as with the extra `tensorflow` alone."""
    config = types.SimpleNamespace(list_physical_devices=_without_devices)
    monkeypatch.setitem(sys.modules, "tensorflow", types.SimpleNamespace(config=config))
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.mark.usefixtures("tensorflow_alone")
def test_enlarging_by_tensorflow_needs_no_datasets():
    startup.start_tensorflow("auto")


@pytest.mark.usefixtures("tensorflow_alone")
def test_a_gpu_that_is_not_found_names_the_extra():
    with pytest.raises(startup.DeviceError, match=r'pip install "srcnn_tf\[gpu\]"'):
        startup.start_tensorflow("gpu")


def test_missing_tensorflow_is_not_hidden(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(ModuleNotFoundError, match="tensorflow"):
        startup.start_tensorflow("auto")
