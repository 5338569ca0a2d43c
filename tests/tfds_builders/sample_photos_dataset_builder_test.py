"""The sample_photos builder: it needs no download, and its splits share nothing."""

import pytest
import tensorflow_datasets as tfds

from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.sample_photos import sample_photos_dataset_builder
from tfds_builders.sample_photos.sample_photos_dataset_builder import Builder, pictures_folder


@pytest.mark.slow
class SamplePhotosTest(tfds.testing.DatasetBuilderTestCase):
    """TFDS's checks, on the real pictures; they include that no picture is in both splits."""

    DATASET_CLASS = Builder
    EXAMPLE_DIR = pictures_folder()
    SPLITS = {"train": 6, "test": 3}  # noqa: RUF012 - as TFDS has it


def test_altered_photograph_is_named(tmp_path, monkeypatch):
    for path in pictures_folder().glob("*.*g"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "chelsea.png").write_bytes(b"another cat")
    monkeypatch.setattr(sample_photos_dataset_builder, "pictures_folder", lambda: tmp_path)
    builder = Builder(config="x2", data_dir=tmp_path / "data")

    with pytest.raises(
        DatasetUnavailableError, match=r"chelsea\.png has 11 bytes, expected 240512"
    ):
        builder.download_and_prepare()
    assert not builder.is_prepared()
