"""Runs that stream sub-images: they learn, stop and resume as runs on pictures do."""

import pathlib
import struct

import numpy as np
import pytest
import small_runs
import tensorflow_datasets as tfds
from PIL import Image

from srcnn_tf.data import data_service
from srcnn_tf.data.record_files import RecordsError
from srcnn_tf.networks.weight_files import read_weights
from srcnn_tf.training import checkpoints, loop, reporter
from srcnn_tf.training.recipes.recipe import preset
from srcnn_tf.training.run_records import read_metrics
from srcnn_tf.training.training_input import Subimages, training_input
from tfds_builders.image_folder.image_folder_dataset_builder import Builder


@pytest.fixture(scope="module")
def subimages(tmp_path_factory):
    """Blocks, whose edges bicubic blurs and a network can learn to sharpen."""
    folder = tmp_path_factory.mktemp("subimages")
    (folder / "photos").mkdir()
    for number in range(6):
        blocks = np.random.default_rng(number).integers(20, 230, (15, 15), np.uint8)
        image = blocks.repeat(6, 0).repeat(6, 1)
        Image.fromarray(image).save(folder / "photos" / f"{number}.png")
    builder = Builder(config="x3_subimages", data_dir=folder / "data")
    builder.download_and_prepare(
        download_config=tfds.download.DownloadConfig(manual_dir=folder / "photos", num_shards=3)
    )
    return Subimages(builder)


def _config(**changes):
    short = {"network": "srcnn-9-1-5", "steps": 30, "batch_size": 16, "learning_rate": 0.003}
    return preset("subimages", scale=3, log_every=10, **{**short, **changes})


@pytest.mark.slow
def test_loss_falls_and_resuming_is_exact(subimages, tmp_path):
    config = _config()
    for workdir, stops in (("whole", (None,)), ("parts", (13, None))):
        for stop in stops:
            result = loop.train(
                config, subimages, tmp_path / workdir, data="blocks", stop_after=stop
            )
    assert result.finished
    assert result.weights.name == "last.safetensors"

    whole, info = read_weights(tmp_path / "whole" / "last.safetensors")
    parts, _ = read_weights(tmp_path / "parts" / "last.safetensors")
    for name, array in whole.items():
        np.testing.assert_array_equal(array, parts[name])
    assert info.training_data == "blocks x3: 150 sub-images, 3 shards trained on"
    losses = [line["loss"] for line in read_metrics(tmp_path / "whole" / "metrics.jsonl")]
    assert losses[-1] < 0.9 * losses[0]


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["flipped", "missing"])
def test_shard_damaged_during_a_run_is_named(subimages, tmp_path, monkeypatch, damage):
    builder = subimages.builder
    shard = pathlib.Path(builder.info.splits["train"].filepaths[1])
    whole = shard.read_bytes()
    save = reporter.Reporter.checkpoint

    def save_and_damage(chief, step):
        path = save(chief, step)
        if step == 6 and damage == "missing":
            shard.unlink()
        elif step == 6:
            shard.write_bytes(whole[:500] + bytes([whole[500] ^ 1]) + whole[501:])
        return path

    monkeypatch.setattr(reporter.Reporter, "checkpoint", save_and_damage)
    # A pass is nine steps.
    config = _config(steps=24, evaluate_every=3, steps_per_call=3)
    sentence = rf"^{shard} .*; remove the folder {builder.data_dir} .* from the last checkpoint"
    try:
        with pytest.raises(RecordsError, match=sentence):
            loop.train(config, subimages, tmp_path / "run", data="blocks")
        step, _ = checkpoints.restore(tmp_path / "run" / "checkpoints")
        assert 6 <= step < 24
    finally:
        shard.write_bytes(whole)

    if damage == "missing":
        return  # It would resume just as the other does.
    monkeypatch.setattr(reporter.Reporter, "checkpoint", save)
    for name in ("run", "undisturbed"):
        assert loop.train(config, subimages, tmp_path / name, data="blocks").finished
    small_runs.assert_same_weights(
        tmp_path / "run" / "last.safetensors", tmp_path / "undisturbed" / "last.safetensors"
    )


def test_shard_cut_between_records_is_noticed_first(subimages):
    shard = pathlib.Path(subimages.builder.info.splits["train"].filepaths[1])
    whole = shard.read_bytes()
    length = 16 + struct.unpack("<Q", whole[:8])[0]
    shard.write_bytes(whole[length:])
    try:
        with pytest.raises(RecordsError, match=rf"^{shard} holds 49 of 50 records; remove"):
            training_input(subimages, _config())
    finally:
        shard.write_bytes(whole)


@pytest.mark.slow
def test_a_run_is_fed_by_a_data_service(subimages, tmp_path):
    dispatcher = data_service.start_dispatcher(0)
    workers = [data_service.start_worker(dispatcher.target, 0) for _ in range(2)]
    served = subimages._replace(service=dispatcher.target, job="run")
    for stop in (13, None):
        result = loop.train(_config(), served, tmp_path, data="blocks", stop_after=stop)
    assert result.finished
    losses = [line["loss"] for line in read_metrics(tmp_path / "metrics.jsonl")]
    assert losses[-1] < 0.9 * losses[0]
    del workers


@pytest.mark.parametrize(
    ("changes", "cure"),
    [
        ({"patch_size": 41}, "--patch_size=33"),
        ({"grid_offsets": 2}, "--preset=subimages"),
        ({"validation_pictures": 1}, "--preset=subimages"),
    ],
)
def test_recipes_beyond_sub_images_are_refused(subimages, changes, cure):
    with pytest.raises(ValueError, match=cure):
        training_input(subimages, _config(**changes))


def test_the_parts_of_a_batch_come_from_different_shards(subimages):
    source = training_input(subimages, _config(batch_size=150, full_range=0.0, dihedral=False))
    whole = next(iter(source.batches(border=6, first_step=0)))[0].numpy()
    parts = [
        next(iter(source.batches(border=6, first_step=0, shard=(index, 3))))[0].numpy()
        for index in range(3)
    ]
    assert [len(part) for part in parts] == [50, 50, 50]
    assert {crop.tobytes() for crop in whole} == {crop.tobytes() for part in parts for crop in part}
