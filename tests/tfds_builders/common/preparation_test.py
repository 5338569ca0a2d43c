"""Programs get a complete dataset or one clear error."""

import concurrent.futures
import os
import shutil
import subprocess
import sys
import threading

import pytest
import tensorflow_datasets as tfds

from tfds_builders.common import atomic_builds, downloads
from tfds_builders.common.picture_examples import PictureExamples
from tfds_builders.common.preparation import DatasetUnavailableError, prepared_builder


@pytest.fixture
def no_network(monkeypatch):
    def fetch(address, limit):
        pytest.fail(f"{address} was asked for")

    monkeypatch.setattr(downloads, "fetch", fetch)
    monkeypatch.setattr(downloads, "unreachable", lambda pictures: "the network is down")


def test_prepared_dataset_needs_no_sources(tmp_path, manual, no_network):
    data_dir = tmp_path / "data"
    first = prepared_builder("set5", 3, data_dir, manual_dir=manual)
    again = prepared_builder("set5", 3, str(data_dir), download=False)

    assert first.info.splits["test"].num_examples == 2
    assert again.info.full_name == "set5/x3/1.1.0"
    assert len(list(again.as_dataset(split="test"))) == 2


def test_preparing_prints_one_line_to_stderr(tmp_path, manual, capfd, caplog):
    prepared_builder("set5", 2, tmp_path / "data", manual)

    captured = capfd.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert captured.err.startswith("preparing set5/x2")
    assert [record for record in caplog.records if record.name == "absl"] == []


def test_unavailable_without_download(tmp_path, no_network):
    with pytest.raises(DatasetUnavailableError, match="the network is down"):
        prepared_builder("set14", 2, tmp_path)
    with pytest.raises(DatasetUnavailableError, match="may not be downloaded"):
        prepared_builder("set14", 2, tmp_path, download=False)
    with pytest.raises(DatasetUnavailableError, match="absent does not exist"):
        prepared_builder("set14", 2, tmp_path, manual_dir=tmp_path / "absent")


def test_interrupted_build_is_not_taken_for_complete(tmp_path, manual, monkeypatch):
    whole = PictureExamples.__iter__

    def break_off(pictures):
        yield next(whole(pictures))
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(PictureExamples, "__iter__", break_off)
        with pytest.raises(KeyboardInterrupt):
            prepared_builder("set5", 2, tmp_path / "data", manual)
    # What a killed process leaves behind: TFDS writes here before it renames the folder.
    left = tmp_path / "data" / "set5" / "x2" / "incomplete.ABCDEF_1.1.0"
    left.mkdir(parents=True)

    builder = prepared_builder("set5", 2, tmp_path / "data", manual)
    assert builder.info.splits["test"].num_examples == 2
    assert not left.exists()


def test_second_program_waits_for_the_first(tmp_path, manual, monkeypatch):
    whole, built, other_waits = PictureExamples.__iter__, [], threading.Event()

    def take_as_long_as_it_takes(pictures):
        built.append(pictures.dataset)
        yield from whole(pictures)
        assert other_waits.wait(60)

    monkeypatch.setattr(PictureExamples, "__iter__", take_as_long_as_it_takes)
    monkeypatch.setattr(atomic_builds._LOGGER, "warning", lambda *message: other_waits.set())
    with concurrent.futures.ThreadPoolExecutor() as pool:
        calls = [
            pool.submit(prepared_builder, "set5", 2, tmp_path / "data", manual) for _ in range(2)
        ]
    for call in calls:
        assert call.result().info.splits["test"].num_examples == 2
        assert len(list(call.result().as_dataset(split="test"))) == 2
    assert built == ["set5"]


def _names(builder):
    records = builder.as_dataset(split="train").as_numpy_iterator()
    return sorted(record["filename"].decode() for record in records)


def test_another_image_folder_never_gets_the_former_records(tmp_path, manual, caplog):
    data_dir = tmp_path / "data"
    (manual / "set5" / "second.bmp").rename(manual / "set5" / "other.bmp")
    names = {"t91": ["first.bmp", "second.bmp"], "set5": ["first.bmp", "other.bmp"]}
    assert _names(prepared_builder("image_folder", 2, data_dir, manual / "t91")) == names["t91"]
    assert "anew" not in caplog.text

    builder = prepared_builder("image_folder", 2, data_dir, manual / "set5")
    assert _names(builder) == names["set5"]
    assert f"were built from {manual / 't91'}, not from {manual / 'set5'}" in caplog.text
    assert _names(tfds.builder("image_folder/x2", data_dir=data_dir)) == names["set5"]
    assert [path.name for path in data_dir.glob("image_folder/x2/incomplete*")] == []


def test_records_follow_their_pictures(tmp_path, manual, caplog, capsys):
    folder, data_dir = manual / "set5", tmp_path / "data"

    def build():
        caplog.clear()
        builder = prepared_builder("image_folder", 2, data_dir, folder)
        return _names(builder), "built anew" in caplog.text

    assert build() == (["first.bmp", "second.bmp"], False)
    assert build() == (["first.bmp", "second.bmp"], False)
    shutil.copy(folder / "first.bmp", folder / "third.bmp")
    capsys.readouterr()
    prepared_builder("image_folder", 2, data_dir)
    assert f"--manual_dir={folder} builds them anew" in capsys.readouterr().err
    assert build() == (["first.bmp", "second.bmp", "third.bmp"], True)
    (folder / "second.bmp").unlink()
    assert build() == (["first.bmp", "third.bmp"], True)
    pixels = bytearray((folder / "first.bmp").read_bytes())
    pixels[-1] ^= 1
    (folder / "first.bmp").write_bytes(pixels)
    assert build() == (["first.bmp", "third.bmp"], True)
    assert build() == (["first.bmp", "third.bmp"], False)


def test_former_records_stay_if_the_new_cannot_be_built(tmp_path, manual):
    names = _names(prepared_builder("image_folder", 2, tmp_path / "data", manual / "t91"))
    (manual / "empty").mkdir()
    (manual / "empty" / "notes.txt").touch()
    with pytest.raises(DatasetUnavailableError, match="empty holds no pictures"):
        prepared_builder("image_folder", 2, tmp_path / "data", manual / "empty")
    assert _names(prepared_builder("image_folder", 2, tmp_path / "data")) == names


@pytest.mark.parametrize("name", ["t91", "T91", "."])
def test_manual_dir_is_the_folder_of_pictures_or_of_folders(tmp_path, manual, capsys, name):
    (manual / "t91").rename(manual / "pictures")
    if name != ".":
        (manual / "pictures").rename(manual / name)
    named = manual / "pictures" if name == "." else manual
    builder = prepared_builder("t91", 2, tmp_path / "data", named)
    assert builder.info.splits["train"].num_examples == 2
    assert f"from {manual / ('pictures' if name == '.' else name)}" in capsys.readouterr().err


def test_manual_dir_without_the_dataset_is_passed_over(tmp_path, manual, no_network):
    with pytest.raises(DatasetUnavailableError, match="the network is down"):
        prepared_builder("set14", 2, tmp_path, manual_dir=manual)


def test_unknown_names_and_scales_are_value_errors(tmp_path):
    with pytest.raises(ValueError, match=r"no dataset 'set6'; there is: .*set5, set14"):
        prepared_builder("set6", 2, tmp_path)
    with pytest.raises(ValueError, match="set5/x5 is not a dataset"):
        prepared_builder("set5", 5, tmp_path)
    with pytest.raises(ValueError, match="no sub-images; give its pictures to image_folder"):
        prepared_builder("set5", 2, tmp_path, subimages=True)


@pytest.mark.slow
def test_building_takes_no_gpu_memory(tmp_path):
    # TensorFlow refuses this setting once it has started its devices.
    program = f"""
import tensorflow as tf
from tfds_builders.common.preparation import prepared_builder
prepared_builder("sample_photos", 4, {str(tmp_path)!r})
tf.config.threading.set_inter_op_parallelism_threads(1)
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=300)


def test_manual_folder_that_is_a_url_is_called_one():
    with pytest.raises(DatasetUnavailableError, match=r"set5: https://host/x is a URL; download"):
        prepared_builder("set5", 2, manual_dir="https://host/x")


def test_without_a_home_no_folder_of_that_name_is_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 54321)  # Of a user that the system does not know.
    monkeypatch.setattr(tfds.core.constants, "DATA_DIR", "~/tensorflow_datasets")
    with pytest.raises(
        DatasetUnavailableError, match=r"no home folder for ~/tensor.*TFDS_DATA_DIR"
    ):
        prepared_builder("sample_photos", 3)
    assert list(tmp_path.iterdir()) == []
