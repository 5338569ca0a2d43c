"""A GPU's free memory is read from NVIDIA's tool, and is unknown where there is none."""

import pathlib

import pytest

from srcnn_tf.engines import gpu_memory


@pytest.mark.parametrize(
    ("said", "free"),
    [("80994\n", 80994 << 20), ("15109\n15109\n", 15109 << 20), ("", None), ("[N/A]\n", None)],
)
def test_free_memory_is_read(said, free):
    assert gpu_memory.parse_free_memory(said) == free


def test_the_first_visible_gpu_is_asked(tmp_path: pathlib.Path, monkeypatch):
    tool = tmp_path / "nvidia-smi"
    tool.write_text('#!/bin/sh\ncase "$*" in *--id=3) echo 7;; *) exit 9;; esac\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,1")
    assert gpu_memory.free_gpu_memory() == 7 << 20
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert gpu_memory.free_gpu_memory() is None
    monkeypatch.setenv("PATH", "")
    assert gpu_memory.free_gpu_memory() is None
