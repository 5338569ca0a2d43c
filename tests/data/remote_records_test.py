"""Records on a remote file system: found, read and written by TensorFlow's file layer alone."""

import builtins
import os
import pathlib

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds
from etils.epath import backend, gpath, register

from srcnn_tf.data import pipeline, streaming
from tfds_builders import image_folder
from tfds_builders.common.picture_examples import PictureExamples
from tfds_builders.common.preparation import prepared_builder
from tfds_builders.common.shard_writing import SplitJob
from tfds_builders.image_folder.image_folder_dataset_builder import Builder

_DUMMY_DATA = pathlib.Path(image_folder.__file__).with_name("dummy_data")


@pytest.fixture
def ram(monkeypatch):
    """`ram://`, which TensorFlow knows and TFDS doesn't, made to look as remote as `gs://`.

    Whatever opens such a path by itself would find nothing there, or write into this folder.
    """
    try:
        monkeypatch.setattr(gpath, "_URI_SCHEMES", gpath._URI_SCHEMES | {"ram"})
        monkeypatch.setattr(gpath, "_URI_PREFIXES", (*gpath._URI_PREFIXES, "ram://"))
        monkeypatch.setitem(gpath._URI_MAP_ROOT, "ram://", "/ram/")
        monkeypatch.setitem(gpath._PREFIX_TO_BACKEND, "ram", backend.tf_backend)
        monkeypatch.setitem(register._URI_PREFIXES_TO_CLS, "ram://", gpath.PosixGPath)
    except AttributeError as error:
        pytest.skip(f"this version of etils keeps its schemes elsewhere: {error}")
    opened = []

    def watch(function):
        def watched(path, *arguments, **options):
            if not isinstance(path, int) and "ram:" in os.fsdecode(path):
                opened.append(path)
            return function(path, *arguments, **options)

        return watched

    monkeypatch.setattr(builtins, "open", watch(open))
    monkeypatch.setattr(os, "mkdir", watch(os.mkdir))
    yield
    assert opened == []


def _move(builder, remote):
    """Moves a built dataset: TFDS cannot build in `ram://`, where folders cannot be renamed."""
    local = pathlib.Path(builder.data_dir)
    for path in local.iterdir():
        folder = f"{remote}/{'/'.join(local.parts[-3:])}"
        tf.io.gfile.makedirs(folder)
        tf.io.gfile.copy(str(path), f"{folder}/{path.name}")
        path.unlink()


def test_pictures_are_found_and_read(ram, tmp_path):
    _move(prepared_builder("image_folder", 2, tmp_path, _DUMMY_DATA), "ram://pictures")

    builder = prepared_builder("image_folder", 2, "ram://pictures", download=False)
    assert str(builder.data_dir) == "ram://pictures/image_folder/x2/1.1.0"
    names = [picture.filename for picture in pipeline.read_pictures(builder, "train")]
    assert names == ["color.jpg", "holiday/color.jpg", "holiday/gray.tif"]


def test_sub_images_are_streamed(ram, tmp_path, photo):
    _write(tmp_path / "photos", photo)
    builder = Builder(config="x3_subimages", data_dir=tmp_path / "data")
    config = tfds.download.DownloadConfig(manual_dir=tmp_path / "photos", num_shards=3)
    builder.download_and_prepare(download_config=config)
    _move(builder, "ram://subimages")

    builder = prepared_builder("image_folder", 3, "ram://subimages", subimages=True)
    shards = streaming.shards_of(builder, "train")
    assert [str(shard.filename)[:6] for shard in shards] == ["ram://"] * 3
    batches = streaming.streamed_batches(builder, "train", batch_size=8, border=8, seed=1)
    for inputs, targets in batches.take(20):
        assert inputs.shape == (8, 33, 33, 1)
        assert np.all((targets >= 0) & (targets <= 1))


def test_beam_workers_write_shards(ram, tmp_path, photo):
    _write(tmp_path, photo)
    config = next(config for config in Builder.BUILDER_CONFIGS if config.name == "x2_subimages")
    builder = Builder(config=config, data_dir="ram://beam")
    job = SplitJob(
        PictureExamples("image_folder", tmp_path, config),
        builder.info.features,
        builder._example_writer(),
        builder._get_filename_template(split_name="train"),
        shards=2,
    )
    tf.io.gfile.makedirs(str(builder.data_dir))
    names = [name for shard, name in job.assign_shards() if shard == 1]
    written = job.write((1, names))

    path = f"{builder.data_dir}/image_folder-train.tfrecord-00001-of-00002"
    assert written["pictures"] == len(names) == 1
    assert len(list(tf.data.TFRecordDataset(path))) == written["examples"] > 0


def _write(folder, photo):
    folder.mkdir(exist_ok=True)
    for number in range(3):
        (folder / f"{number}.png").write_bytes(tf.io.encode_png(photo[number:]).numpy())
