"""Generation on Beam: the records of plain generation, from any number of workers."""

import ast
import itertools
import logging
import pathlib
import shutil

import apache_beam as beam
import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds
from apache_beam.options.pipeline_options import PipelineOptions
from PIL import Image

import tfds_builders
from srcnn_tf.files.image_files import read_image
from tfds_builders import image_folder
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.image_folder.image_folder_dataset_builder import Builder
from tfds_builders.sample_photos import sample_photos_dataset_builder

# In this process: the same code as on a cluster, without its start.
_FLAGS = ["--runner=FnApiRunner"]
_LOCAL = PipelineOptions(_FLAGS)
_DUMMY_DATA = pathlib.Path(image_folder.__file__).with_name("dummy_data")
_BROKEN = ("broken.png", "tiny.png")


@pytest.fixture(scope="module")
def photos(tmp_path_factory, photo):
    """Ten different pictures, none of them broken."""
    folder = tmp_path_factory.mktemp("photos")
    for number in range(10):
        crop = photo[number : 100 + 2 * number, 3 * number :]
        (folder / str(number % 2)).mkdir(exist_ok=True)
        Image.fromarray(crop).save(folder / str(number % 2) / f"{number}.png")
    return folder


def _build(config, folder, data_dir, beam_options=None, **options):
    builder = Builder(config=config, data_dir=data_dir)
    builder.download_and_prepare(
        download_config=tfds.download.DownloadConfig(
            manual_dir=folder, beam_options=beam_options, **options
        )
    )
    return builder


def _shards(builder):
    """The records of every shard; parsed, since protobuf may order fields differently."""
    return [
        [
            tf.train.Example.FromString(record).SerializeToString(deterministic=True)
            for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator()
        ]
        for path in builder.info.splits["train"].filepaths
    ]


def _records(builder):
    return sorted(itertools.chain.from_iterable(_shards(builder)))


def test_beam_writes_the_shards_of_plain_generation(photos, tmp_path):
    plain = _build("x2", photos, tmp_path / "plain", num_shards=3)
    on_beam = _build("x2", photos, tmp_path / "beam", _LOCAL, num_shards=3)

    one, other = (builder.info.splits["train"] for builder in (plain, on_beam))
    assert other.shard_lengths == one.shard_lengths
    assert other.num_bytes == one.num_bytes
    assert _shards(on_beam) == _shards(plain)
    assert on_beam.info.metadata == plain.info.metadata
    # Nothing is left but what plain generation leaves.
    assert sorted(p.name for p in pathlib.Path(on_beam.data_dir).iterdir()) == sorted(
        p.name for p in pathlib.Path(plain.data_dir).iterdir()
    )


@pytest.mark.slow
def test_sub_images_are_the_same_set(photos, tmp_path):
    plain = _build("x3_subimages", photos, tmp_path / "plain", num_shards=2)
    on_beam = _build("x3_subimages", photos, tmp_path / "beam", _LOCAL, num_shards=5)

    assert len(on_beam.info.splits["train"].shard_lengths) == 5
    assert _records(on_beam) == _records(plain)
    assert len(list(on_beam.as_dataset(split="train"))) == len(_records(plain))


def test_the_size_of_shards_can_be_chosen(photos, tmp_path):
    limit = 200_000
    builder = _build("x2", photos, tmp_path, _LOCAL, max_shard_size=limit)

    split = builder.info.splits["train"]
    assert split.num_shards == -(-split.num_bytes // limit) > 2


@pytest.mark.parametrize("shards", [None, 5])
def test_broken_pictures_are_named_and_counted(tmp_path, caplog, shards):
    with caplog.at_level(logging.WARNING):
        builder = _build("x2", _DUMMY_DATA, tmp_path, _LOCAL, num_shards=shards)

    # Of five shards two have nothing in them.
    assert builder.info.splits["train"].num_examples == 3
    assert len(list(builder.as_dataset(split="train"))) == 3
    skipped = [message for message in caplog.messages if message.startswith("Skipped")]
    assert [name for name in _BROKEN if name in "".join(skipped)] == list(_BROKEN)
    assert len(skipped) == 2
    assert "image_folder: 3 of 5 pictures, 2 skipped" in caplog.messages


def test_the_runner_shows_pictures_pixels_and_skipped(tmp_path, monkeypatch):
    results = []
    run = beam.Pipeline.run

    def remember(pipeline, *arguments, **options):
        results.append(run(pipeline, *arguments, **options))
        return results[-1]

    monkeypatch.setattr(beam.Pipeline, "run", remember)
    builder = _build("x2", _DUMMY_DATA, tmp_path, _LOCAL)

    counters = (
        results[-1]
        .metrics()
        .query(beam.metrics.MetricsFilter().with_namespace("image_folder"))["counters"]
    )
    names = [
        record["filename"].decode() for record in tfds.as_numpy(builder.as_dataset(split="train"))
    ]
    assert {counter.key.metric.name: counter.result for counter in counters} == {
        "pictures": 5,
        "skipped": 2,
        "pixels": sum(np.prod(read_image(_DUMMY_DATA / name).shape[:2]) for name in names),
    }


def test_name_that_is_not_utf8_is_skipped(tmp_path, photo, caplog):
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.fromarray(photo).save(folder / "good.png")
    try:
        shutil.copy(folder / "good.png", folder / "bad\udcff.png")
    except OSError:
        pytest.skip("this file system has no such names")

    with caplog.at_level(logging.WARNING):
        builder = _build("x2", folder, tmp_path / "data", _LOCAL)
    assert builder.info.splits["train"].num_examples == 1
    assert "is not UTF-8" in caplog.text


@pytest.mark.parametrize(
    ("config", "options", "sentence"),
    [
        ("x2_strict", {}, r"broken\.png.*\n.*Nothing was built"),
        ("x2", {"num_shards": 6}, "5 pictures cannot fill 6 shards; use --num_shards=5 or fewer"),
        ("x2", {"max_examples_per_split": 2}, "does not go with Beam"),
        ("x4_subimages", {}, "0 of 5 pictures, 5 skipped; none of those"),
    ],
)
def test_failed_build_leaves_nothing(tmp_path, config, options, sentence):
    with pytest.raises(DatasetUnavailableError, match=sentence):
        _build(config, _DUMMY_DATA, tmp_path, _LOCAL, **options)
    assert not Builder(config=config, data_dir=tmp_path).is_prepared()
    assert list(tmp_path.rglob("*tfrecord*")) == []


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("x2", "10 pictures cannot fill 100000000 shards; use --num_shards=10 or fewer"),
        ("x2_subimages", "too few examples for that many shards"),
    ],
)
def test_more_shards_than_a_plain_build_can_fill_are_refused(photos, tmp_path, config, sentence):
    with pytest.raises(DatasetUnavailableError, match=sentence):
        _build(config, photos, tmp_path, num_shards=100_000_000)
    assert list(tmp_path.rglob("*tfrecord*")) == []


@pytest.mark.slow
def test_every_builder_writes_every_split(tmp_path, monkeypatch):
    for pictures, kept in (("_TRAIN", 3), ("_TEST", 1)):
        whole = getattr(sample_photos_dataset_builder, pictures)
        monkeypatch.setattr(sample_photos_dataset_builder, pictures, whole[:kept])
    builder = sample_photos_dataset_builder.Builder(config="x4", data_dir=tmp_path)
    builder.download_and_prepare(download_config=tfds.download.DownloadConfig(beam_options=_LOCAL))

    assert {name: split.num_examples for name, split in builder.info.splits.items()} == {
        "train": 3,
        "test": 1,
    }


def test_several_workers_write_the_same(photos, tmp_path):
    workers = ["--direct_num_workers=3", "--direct_running_mode=multi_threading"]
    plain = _build("x2", photos, tmp_path / "plain", num_shards=2)
    on_beam = _build(
        "x2", photos, tmp_path / "beam", PipelineOptions([*_FLAGS, *workers]), num_shards=4
    )
    assert _records(on_beam) == _records(plain)


def test_no_module_loads_beam_when_it_is_imported():
    root = pathlib.Path(tfds_builders.__file__).parents[1]
    modules = [*root.glob("srcnn_tf/**/*.py"), *root.glob("tfds_builders/**/*.py")]
    assert len(modules) > 50
    for path in modules:
        for node in ast.parse(path.read_text()).body:
            names = [alias.name for alias in getattr(node, "names", [])]
            assert "apache_beam" not in " ".join([*names, getattr(node, "module", None) or ""])
