"""What several tests of the datasets stand on."""

import pathlib
import shutil

import published_sets
import pytest

from tfds_builders.set5 import set5_dataset_builder
from tfds_builders.t91 import t91_dataset_builder


@pytest.fixture
def manual(tmp_path, monkeypatch):
    """A folder with `set5/` and `t91/`, whose dummy pictures pass for the published ones."""
    folder = tmp_path / "manual"
    for module in (set5_dataset_builder, t91_dataset_builder):
        dummies = pathlib.Path(module.__file__).with_name("dummy_data")
        shutil.copytree(dummies, folder / module.Builder.name)
        monkeypatch.setattr(module.Builder, "PICTURES", published_sets.describe(dummies))
    return folder
