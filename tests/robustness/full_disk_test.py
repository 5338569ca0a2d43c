"""A full disk, a quota, an unwritable folder: reported in a sentence, nothing half-made.

A limit on the size of files stands for the full disk: it needs no privileges, and the system
refuses the same calls in the middle of a write.
"""

import contextlib
import pathlib
import resource

import faults_kill
import numpy as np
import programs
import pytest
from PIL import Image

from srcnn_tf.networks import weight_files
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.initialization import draw_arrays
from srcnn_tf.networks.weight_files import save_weights
from srcnn_tf.networks.weights_info import WeightsInfo
from srcnn_tf.training import checkpoints, run_folder


@contextlib.contextmanager
def small_files():
    """Files may not grow beyond 20 kB, but for what pytest writes once the test is over."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _limit():
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@small_files()
def test_failed_checkpoint_keeps_the_last(tmp_path):
    small, large = {"x": np.zeros(10)}, {"x": np.zeros(100_000)}
    checkpoints.save(tmp_path, 1, small)
    with pytest.raises(OSError, match=r"too large.*step-000000002"):
        checkpoints.save(tmp_path, 2, large)
    assert checkpoints.restore(tmp_path)[0] == 1

    info = WeightsInfo("srcnn-9-1-5", 2, "none", 0)
    arrays = draw_arrays(find_architecture("srcnn-9-1-5"), "identity", seed=0)
    with pytest.raises(OSError, match=r"too large.*net"):
        save_weights(tmp_path / f"net{weight_files.SUFFIX}", arrays, info)
    assert [path.name for path in tmp_path.iterdir()] == ["step-000000001.safetensors"]


@small_files()
def test_unwritable_run_record_is_named(tmp_path, capfd):
    with run_folder.RunFolder(tmp_path) as folder:
        named = set()
        for step in range(1000):
            try:
                folder.records.write("train", step, {"loss": 0.5})
            except OSError as error:
                named.add(pathlib.Path(error.filename).name)
        assert named == {"metrics.jsonl", "tensorboard"}
        resource.setrlimit(resource.RLIMIT_FSIZE, resource.getrlimit(resource.RLIMIT_FSIZE)[1:] * 2)
    assert "Traceback" not in capfd.readouterr().err


def test_training_ends_in_one_sentence(tmp_path):
    faults_kill.write_photos(tmp_path / "photos")
    arguments = faults_kill.training(tmp_path, "run", 30)
    result = programs.run("train", *arguments, cwd=tmp_path, limits=_limit)
    programs.assert_one_sentence(result, "cannot be written", "File too large")
    assert not list(tmp_path.rglob("*.partial"))
    for path in tmp_path.rglob("*.safetensors"):
        weight_files.read_weights(path)


@pytest.mark.parametrize("place", ["full", "file"])
def test_upscale_ends_in_one_sentence(tmp_path, place):
    pixels = np.random.default_rng(0).integers(0, 256, (120, 120, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    output, limits = "out", _limit
    if place == "file":
        (tmp_path / "file").touch()
        output, limits = "file/below/out.png", None
    result = programs.run(
        "upscale", "-i", "photo.png", "-o", output, "--device=cpu", cwd=tmp_path, limits=limits
    )
    programs.assert_one_sentence(result, "cannot be written")
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left <= {"photo.png", "file"}
