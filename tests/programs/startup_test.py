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
    fake = types.SimpleNamespace(
        config=types.SimpleNamespace(list_physical_devices=_without_devices),
        sysconfig=types.SimpleNamespace(get_build_info=lambda: {"is_cuda_build": False}),
    )
    monkeypatch.setitem(sys.modules, "tensorflow", fake)
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.mark.usefixtures("tensorflow_alone")
def test_enlarging_by_tensorflow_needs_no_datasets():
    startup.start_tensorflow("auto")


@pytest.mark.usefixtures("tensorflow_alone")
def test_a_gpu_that_is_not_found_names_the_extra():
    with pytest.raises(startup.DeviceError, match=r'pip install "srcnn_tf\[gpu\]"'):
        startup.start_tensorflow("gpu")


@pytest.mark.usefixtures("tensorflow_alone")
def test_a_card_that_tensorflow_does_not_find_is_explained(monkeypatch, caplog):
    monkeypatch.setattr(startup, "may_have_gpu", lambda: True)
    for shown in (False, True):
        monkeypatch.setattr(startup, "has_nvidia_device", lambda shown=shown: shown)
        startup.start_tensorflow("auto")
        assert ("a build for processors alone" in caplog.text) == shown


def test_gpus_share_their_memory_and_compute_in_float32():
    calls = []
    experimental = types.SimpleNamespace(
        set_memory_growth=lambda *given: calls.append(given),
        enable_tensor_float_32_execution=lambda on: calls.append(on),
    )
    fake = types.SimpleNamespace(config=types.SimpleNamespace(experimental=experimental))
    startup._prepare_gpus(fake, [])
    assert not calls
    startup._prepare_gpus(fake, ["a", "b"])
    assert calls == [("a", True), ("b", True), False]


def test_missing_tensorflow_is_not_hidden(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(ModuleNotFoundError, match="tensorflow"):
        startup.start_tensorflow("auto")
