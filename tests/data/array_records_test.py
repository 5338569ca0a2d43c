"""Records with random access: what training and scoring read of them, and other people's loops."""

import re

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds
from PIL import Image

import tfds_builders  # noqa: F401  (registers the datasets)
from srcnn_tf.data import data_service, pipeline, streaming
from srcnn_tf.data.record_files import RecordsError
from srcnn_tf.imaging.degradation import degrade


@pytest.fixture(scope="module")
def photos(tmp_path_factory, photo):
    folder = tmp_path_factory.mktemp("photos")
    for number in range(5):
        Image.fromarray(photo[number : 60 + number, : 80 + number]).save(folder / f"{number}.png")
    return folder


def _build(folder, photos, config, file_format):
    builder = tfds.builder(
        f"image_folder/{config}", data_dir=folder / file_format, file_format=file_format
    )
    options = tfds.download.DownloadConfig(manual_dir=photos, num_shards=2)
    builder.download_and_prepare(download_config=options)
    return builder


@pytest.fixture(scope="module")
def builders(tmp_path_factory, photos):
    """The same pictures in either format."""
    folder = tmp_path_factory.mktemp("records")
    return [_build(folder, photos, "x2", each) for each in ("array_record", "tfrecord")]


def test_data_source_gives_any_example(builders, photos):
    data_dir = builders[0].data_path.parents[2]
    source = tfds.data_source("image_folder/x2", split="train", data_dir=data_dir)
    assert len(source) == 5
    for index in (4, 0, 2):
        example = source[index]
        with Image.open(photos / example["filename"].decode()) as picture:
            pair = degrade(np.asarray(picture), 2)
        for name in pair._fields:
            np.testing.assert_array_equal(example[name], getattr(pair, name), name)


def test_pictures_are_those_of_tfrecords(builders):
    random_access, plain = (pipeline.read_pictures(each, "train", color=True) for each in builders)
    assert len(plain) == 5
    for one, other in zip(random_access, plain, strict=True):
        assert one.filename == other.filename
        for plane in ("hr_y", "bicubic_y", "lr_y", "hr"):
            np.testing.assert_array_equal(getattr(one, plane), getattr(other, plane))


@pytest.mark.slow
def test_streamed_batches_are_those_of_tfrecords(tmp_path, photos):
    batches = []
    for file_format in ("array_record", "tfrecord"):
        builder = _build(tmp_path, photos, "x2_subimages", file_format)
        # More than one epoch.
        options = {"batch_size": 8, "border": 2, "seed": 3, "first_step": 9, "shuffle_buffer": 20}
        made = streaming.streamed_batches(builder, "train", **options)
        batches.append([tuple(map(np.array, batch)) for batch in made.take(4)])
    for one, other in zip(*batches, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


@pytest.mark.parametrize("damage", ["cut", "flipped", "missing"])
def test_damage_is_noticed_and_named(tmp_path, photos, damage):
    builder = _build(tmp_path, photos, "x2", "array_record")
    path = sorted(builder.data_path.glob("*.array_record*"))[1]
    content = bytearray(path.read_bytes())
    if damage == "flipped":
        content[len(content) // 2] ^= 1
    path.write_bytes(content[: len(content) // 2] if damage == "cut" else content)
    if damage == "missing":
        path.unlink()
    sentence = rf"^{re.escape(str(path))} is (damaged|missing)"
    with pytest.raises(RecordsError, match=sentence) as error:
        pipeline.read_pictures(builder, "train")
    assert "Traceback" not in str(error.value) and "\n" not in str(error.value)


def test_data_service_refuses_them(tmp_path, photos):
    builder = _build(tmp_path, photos, "x2_subimages", "array_record")
    options = {"service": "grpc://localhost:1", "job": "x", "batch_size": 2, "border": 0, "seed": 0}
    with pytest.raises(ValueError, match=r"ArrayRecord files, and a tf\.data service reads"):
        data_service.served_batches(builder, "train", **options)


@pytest.mark.slow
def test_beam_writes_them_too(tmp_path, photos, builders):
    beam = pytest.importorskip("apache_beam.options.pipeline_options")
    builder = tfds.builder("image_folder/x2", data_dir=tmp_path, file_format="array_record")
    options = beam.PipelineOptions(["--runner=FnApiRunner"])
    builder.download_and_prepare(
        download_config=tfds.download.DownloadConfig(
            manual_dir=photos, num_shards=2, beam_options=options
        )
    )
    names = [
        [example["filename"] for example in each.as_data_source(split="train")]
        for each in (builder, builders[0])
    ]
    assert names[0] == names[1]


@pytest.mark.slow
def test_pytorch_loads_batches(tmp_path, photos):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    builder = _build(tmp_path, photos, "x2_subimages", "array_record")
    source = builder.as_data_source(split="train")

    def collate(examples):
        inputs = np.stack([example["bicubic_y"] for example in examples]).astype(np.float32)
        targets = np.stack([example["hr_y"] for example in examples]).astype(np.float32) / 255
        return tuple(torch.from_numpy(each).permute(0, 3, 1, 2) for each in (inputs, targets))

    loader = torch.utils.data.DataLoader(source, 4, shuffle=True, collate_fn=collate)
    seen = 0
    for inputs, targets in loader:
        assert inputs.shape == targets.shape and inputs.shape[1:] == (1, 33, 33)
        assert float((inputs - targets).abs().mean()) < 0.1
        seen += len(inputs)
    assert seen == len(source) == builder.info.splits["train"].num_examples
    assert tf.io.gfile.glob(f"{builder.data_dir}/*.array_record*")
