"""The wheel, installed where nothing else is, enlarges a picture as the checkout does."""

import os
import pathlib
import shutil
import subprocess
import sys
import venv

import numpy as np
import pytest
from PIL import Image

import srcnn_tf

ROOT = pathlib.Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


def _run(*command, **options):
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=900, **options
    )


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The folder of the commands of an empty environment."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    return folder / "bin"


@pytest.fixture(scope="module")
def wheel(environment, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    # A copy, since building writes beside what is built.
    (folder / "source").mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "srcnn_tf", "tfds_builders"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / "source" / name)
    made = _run(environment / "pip", "wheel", "--no-deps", "-w", folder, folder / "source")
    if made.returncode:
        pytest.skip(f"no wheel could be built here: {made.stderr.strip().splitlines()[-1:]}")
    (wheel,) = folder.glob("*.whl")
    assert wheel.stat().st_size < 10e6
    return wheel


@pytest.fixture(scope="module")
def installed(environment, wheel):
    """The folder of the commands of an environment that has the wheel and what it needs."""
    done = _run(environment / "pip", "install", wheel)
    if done.returncode:
        pytest.skip("the packages that the wheel needs could not be fetched; is there a network?")
    return environment


def test_it_enlarges_without_tensorflow(installed, tmp_path):
    assert _run(installed / "python", "-c", "import tensorflow").returncode
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "small.png")
    done = _run(
        installed / "srcnn-upscale", "-i", "small.png", "--scale=3", "--model=clean", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    expected = srcnn_tf.upscale(pixels, 3)
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "small_x3.png")), expected)
    again = _run(
        installed / "python", "-m", "srcnn_tf", "upscale", "-i", "small.png", "--scale=2",
        cwd=tmp_path,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert "srcnn-upscale" in _run(installed / "srcnn-upscale", "--help").stdout


def test_it_says_which_extra_training_needs(installed, tmp_path):
    done = _run(installed / "srcnn-train", "--scale=4", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert 'pip install "srcnn_tf[datasets,plots]"' in done.stderr


def test_it_holds_everything_that_programs_read(installed):
    code = """
import pathlib, srcnn_tf
from srcnn_tf.networks.pretrained_weights import FOLDER
from srcnn_tf.data.catalog import DATASETS
print(len(list(FOLDER.glob("runs/*/config.json"))), len(list(FOLDER.glob("runs/*/curve.png"))))
home = pathlib.Path(srcnn_tf.__file__).parent
print((home / "py.typed").is_file(), len(list(home.glob("reporting/**/*.j2"))) > 0)
print(" ".join(DATASETS))
"""
    done = _run(installed / "python", "-c", code, cwd="/")
    assert done.returncode == 0, done.stderr
    counts, files, datasets = done.stdout.splitlines()
    shipped = ROOT / "srcnn_tf" / "networks" / "pretrained" / "runs"
    expected = [len(list(shipped.glob(f"*/{name}"))) for name in ("config.json", "curve.png")]
    assert counts.split() == [str(count) for count in expected]
    assert files == "True True"
    assert {"t91", "set5", "set14", "bsd200"} <= set(datasets.split())


def test_tfds_builds_by_name_from_anywhere(environment, wheel, tmp_path):
    # TensorFlow and TFDS are those of this environment; of the package it sees the wheel alone.
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    done = _run(environment / "pip", "install", "--no-deps", "--target", site, wheel)
    assert done.returncode == 0, done.stderr
    options = {"cwd": empty, "env": {**os.environ, "PYTHONPATH": str(site), "HOME": str(empty)}}
    found = _run(sys.executable, "-c", "import tfds_builders as t; print(t.__file__)", **options)
    assert found.stdout.startswith(str(site)), found.stderr
    tfds = [sys.executable, "-m", "tensorflow_datasets.scripts.cli.main", "build"]
    build = [*tfds, "sample_photos/x4", "--imports=tfds_builders", "--data_dir=data"]
    done = _run(*build, **options)
    assert done.returncode == 0, done.stderr
    assert list((empty / "data" / "sample_photos" / "x4").glob("*/*train.tfrecord*"))
