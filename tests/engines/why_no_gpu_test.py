"""Why there is no GPU is one sentence, whatever is missing, and says what to do."""

import dataclasses
import subprocess
import sys

import pytest

from srcnn_tf.engines import why_no_gpu
from srcnn_tf.engines.why_no_gpu import Findings

_ALL = Findings("cuda", None, device_files=True, driver=True, missing=())
_CUDA = {"is_cuda_build": True, "cuda_version": "12.5.1", "cudnn_version": "9"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"built_for": "", "driver": False}, "a build for processors alone"),
        ({"built_for": "rocm"}, "AMD's ROCm"),
        ({"hidden": "-1", "device_files": False}, "CUDA_VISIBLE_DEVICES='-1' hides"),
        ({"hidden": ""}, "CUDA_VISIBLE_DEVICES='' hides"),
        ({"device_files": False, "driver": False}, "shows no device of NVIDIA's"),
        ({"driver": False, "missing": ("libcudnn.so.9",)}, "NVIDIA's driver is not installed"),
        ({"missing": ("libcudnn.so.9",)}, "CUDA is not installed (libcudnn.so.9 cannot be opened)"),
        ({"hidden": "0"}, "the driver may be too old"),
    ],
)
def test_each_reason_has_its_sentence(changes, words):
    said = why_no_gpu.why_no_gpu(dataclasses.replace(_ALL, **changes))
    assert words in said
    assert said.startswith("TensorFlow finds no GPU here: ") and said.endswith(".")
    assert said.count(". ") == 0 and "\n" not in said


def test_what_is_missing_is_found(monkeypatch, tmp_path):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    found = why_no_gpu.findings(_CUDA, lambda name: name != "libcudnn.so.9")
    assert found.built_for == "cuda" and found.driver and found.missing == ("libcudnn.so.9",)
    assert why_no_gpu.findings({"is_cuda_build": False}, lambda name: True).built_for == ""
    # Packages of CUDA's libraries lie beside TensorFlow's, where no linker looks.
    library = tmp_path / "nvidia" / "cudnn" / "lib" / "libcudnn_of_a_test.so.9"
    library.parent.mkdir(parents=True)
    assert not why_no_gpu._opens(library.name)
    library.touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert why_no_gpu._opens(library.name)


@pytest.mark.slow
def test_a_program_that_wants_a_gpu_says_why_there_is_none(tmp_path):
    told = subprocess.run(
        [sys.executable, "-m", "srcnn_tf", "train", "--scale=3", "--device=gpu"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "CUDA_VISIBLE_DEVICES": "-1"},
    )
    assert told.returncode != 0 and "Traceback" not in told.stderr
    assert "CUDA_VISIBLE_DEVICES='-1' hides all of them" in told.stderr
