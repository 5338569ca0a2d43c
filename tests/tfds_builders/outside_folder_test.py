"""A dataset is added by its folder alone, which lies outside of the project."""

import json

import own_dataset
import programs
import published_sets
import pytest
import tensorflow_datasets as tfds
from PIL import Image

from srcnn_tf.data import catalog, pipeline
from tfds_builders.common.builder_classes import builder_class, register_all
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.common.preparation import prepared_builder


# A name for each test, since TFDS registers a name once.
@pytest.fixture
def dunes(tmp_path, request):
    folder = own_dataset.write(tmp_path / f"dunes_{len(request.node.name)}")
    yield catalog.add_folder(folder)
    catalog.DATASETS.unregister(folder.name)


def test_prepares_and_reads_as_any_other(tmp_path, dunes):
    builder = prepared_builder(dunes.name, 3, tmp_path / "data")
    pictures = pipeline.read_pictures(builder, dunes.roles["training"])
    assert [picture.filename for picture in pictures] == [f"dune{n}.png" for n in range(6)]
    assert builder.info.full_name == f"{dunes.name}/x3/1.1.0"
    again = tfds.load(f"{dunes.name}/x3", split="pictures", data_dir=tmp_path / "data")
    assert len(list(again)) == 6


def test_records_of_changed_pictures_are_built_anew(tmp_path, dunes, caplog):
    prepared_builder(dunes.name, 3, tmp_path / "data")
    Image.new("RGB", (72, 72)).save(dunes.folder / "pictures" / "dune0.png")
    builder = prepared_builder(dunes.name, 3, tmp_path / "data")
    assert "they are built anew" in caplog.text
    first, *_ = pipeline.read_pictures(builder, "pictures")
    assert first.hr_y.shape == (72, 72)


def test_wrong_number_of_pictures_is_refused(tmp_path, dunes):
    (dunes.folder / "pictures" / "dune0.png").unlink()
    with pytest.raises(DatasetUnavailableError, match="holds 5 pictures, and"):
        prepared_builder(dunes.name, 3, tmp_path / "data")


def test_builder_that_fails_is_named(dunes, caplog):
    path = dunes.folder / f"{dunes.name}_dataset_builder.py"
    path.write_text("1 / 0")
    with pytest.raises(DatasetUnavailableError, match="ZeroDivisionError"):
        builder_class(dunes.name)
    register_all()
    assert str(path) in caplog.text


def test_files_may_be_a_list_with_checksums(tmp_path, request):
    folder = own_dataset.write(tmp_path / f"faces_{len(request.node.name)}")
    description, builder = folder / "dataset.toml", next(folder.glob("*_dataset_builder.py"))
    description.write_text(own_dataset.DESCRIPTION.replace('"folder"', '"urls"'))
    builder.write_text(
        own_dataset.BUILDER.replace("folder_pictures", "published_pictures").replace(
            "Folder", "Published"
        )
    )
    pictures = published_sets.describe(folder / "pictures")
    lines = (f"{each.urls[0]}\t{each.size}\t{each.sha256}\t{each.file}\n" for each in pictures)
    (folder / "checksums.tsv").write_text("".join(lines))
    (folder / "pictures").rename(tmp_path / folder.name / folder.name)
    catalog.add_folder(folder)
    try:
        builder = prepared_builder(folder.name, 2, tmp_path / "data", manual_dir=folder)
        assert builder.info.splits["pictures"].num_examples == 6
        (folder / folder.name / "dune0.png").write_bytes(b"altered")
        with pytest.raises(DatasetUnavailableError, match=r"dune0\.png has 7 bytes"):
            prepared_builder(folder.name, 3, tmp_path / "data", manual_dir=folder)
    finally:
        catalog.DATASETS.unregister(folder.name)


@pytest.mark.slow
def test_programs_take_it_by_name(tmp_path):
    folder = own_dataset.write(tmp_path / "dunes")
    variable = {catalog.VARIABLE: str(folder)}
    result = programs.run(
        "benchmark",
        "--weights=none",
        "--datasets=dunes",
        "--scales=3",
        "--data_dir=data",
        "--json=scores.json",
        cwd=tmp_path,
        **variable,
    )
    assert result.returncode == 0, result.stderr
    (scores,) = json.loads((tmp_path / "scores.json").read_text())["results"]
    assert scores["dataset"] == "dunes" and len(scores["per_image"]) == 6

    result = programs.run(
        "train",
        "--scale=3",
        "--dataset=dunes,sample_photos",
        "--test_sets=dunes",
        "--steps=2",
        "--batch_size=2",
        "--patch_size=33",
        "--data_dir=data",
        "--workdir=run",
        cwd=tmp_path,
        **variable,
    )
    assert result.returncode == 0, result.stderr
    assert "training on dunes,sample_photos" in result.stderr
    assert json.loads((tmp_path / "run" / "config.json").read_text())["data"] == (
        "dunes,sample_photos"
    )
    assert "note: dunes was trained on" in result.stdout and "Dunes" in result.stdout
