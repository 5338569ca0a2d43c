"""Every example runs for a few steps, and what it writes enlarges a picture."""

import importlib.util
import pathlib
import subprocess
import sys

import numpy as np
import programs
import pytest

import srcnn_tf
from srcnn_tf import examples

_FOLDER = pathlib.Path(examples.__file__).parent
_NAMES = sorted(path.stem for path in _FOLDER.glob("*.py") if path.stem != "__init__")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    """Datasets are built once for all examples."""
    return tmp_path_factory.mktemp("datasets")


@pytest.mark.slow
@pytest.mark.parametrize("name", _NAMES)
def test_example_runs(tmp_path, data_dir, name):
    if name == "pytorch_loop" and importlib.util.find_spec("torch") is None:
        pytest.skip("PyTorch is not installed")
    result = subprocess.run(
        [sys.executable, "-m", f"srcnn_tf.examples.{name}", "4", str(tmp_path)],
        cwd=tmp_path,
        env=programs.environment(TFDS_DATA_DIR=str(data_dir)),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    (weights,) = (*tmp_path.glob("last.safetensors"), *tmp_path.glob("run/best.safetensors"))
    network = srcnn_tf.read_network(weights)
    picture = np.full((8, 10, 3), 100, np.uint8)
    enlarged = srcnn_tf.upscale(picture, network.scale, network)
    assert enlarged.shape == (8 * network.scale, 10 * network.scale, 3)


def test_examples_are_short():
    assert len(_NAMES) == 4
    for name in _NAMES:
        assert len((_FOLDER / f"{name}.py").read_text().splitlines()) < 60
