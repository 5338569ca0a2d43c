"""Set5 is built by the command line from the real pictures, and loads anywhere."""

import subprocess
import sys

import published_sets
import pytest
import tensorflow_datasets as tfds

from tfds_builders.set5 import set5_dataset_builder


@pytest.mark.slow
def test_built_records_load_anywhere(shared_data, tmp_path, monkeypatch):
    pictures = shared_data / "set5"
    command = [sys.executable, "-m", "tensorflow_datasets.scripts.cli.main", "build"]
    arguments = ["--config=x3", f"--manual_dir={pictures}", f"--data_dir={tmp_path}"]
    source = set5_dataset_builder.__file__.rpartition("/")[0]
    subprocess.run([*command, source, *arguments], check=True, capture_output=True, timeout=300)

    monkeypatch.chdir("/")
    dataset = tfds.load("set5/x3", split="test", data_dir=tmp_path, download=False)
    published_sets.check_examples(dataset.as_numpy_iterator(), pictures, scale=3)
    as_supervised = tfds.load(
        "set5/x3", split="test", data_dir=tmp_path, download=False, as_supervised=True
    )
    lr, hr = next(as_supervised.as_numpy_iterator())
    assert tuple(3 * side for side in lr.shape[:2]) == hr.shape[:2]
