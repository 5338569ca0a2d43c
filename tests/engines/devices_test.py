"""A machine without a GPU's device files needs no TensorFlow to know it."""

import pytest

from srcnn_tf.engines.devices import has_nvidia_device, may_have_gpu


@pytest.fixture(autouse=True)
def visible(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.mark.parametrize("name", ["nvidia0", "nvidiactl", "kfd", "dxg"])
def test_a_drivers_device_file_means_a_gpu(tmp_path, name):
    assert not may_have_gpu(tmp_path)
    (tmp_path / name).touch()
    assert may_have_gpu(tmp_path)


@pytest.mark.parametrize("hidden", ["", "-1"])
def test_hidden_gpus_are_none(tmp_path, monkeypatch, hidden):
    (tmp_path / "nvidia0").touch()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
    assert not may_have_gpu(tmp_path)


def test_a_system_without_such_a_folder_is_asked_by_tensorflow(tmp_path):
    assert may_have_gpu(tmp_path / "missing")


def test_a_card_of_another_maker_is_none_of_nvidias(tmp_path):
    (tmp_path / "kfd").touch()
    assert may_have_gpu(tmp_path) and not has_nvidia_device(tmp_path)
    (tmp_path / "nvidia0").touch()
    assert has_nvidia_device(tmp_path)
