"""The catalog finds all datasets by their folders, and takes more."""

import pathlib
import subprocess
import sys

import programs
import pytest

from srcnn_tf.data import catalog
from srcnn_tf.data.dataset_folder import DatasetFolderError
from srcnn_tf.evaluation import published

_OURS = programs.CHECKOUT / "tfds_builders"


@pytest.fixture
def dunes(tmp_path):
    """A folder that describes a benchmark, which is forgotten after the test."""
    folder = tmp_path / "dunes"
    folder.mkdir()
    (folder / "dataset.toml").write_text(
        'title = "Dunes"\ndescription = "sand"\nsource = "folder"\n'
        'splits = { test = 3 }\nroles = { benchmark = "test" }\n'
    )
    yield folder
    catalog.DATASETS.unregister("dunes")


def test_every_folder_with_a_builder_is_there():
    built = {path.parent.name for path in _OURS.glob("*/*_dataset_builder.py")}
    assert {name for name, each in catalog.DATASETS.items() if each.folder.parent == _OURS} == built
    assert list(catalog.DATASETS).index("set5") < list(catalog.DATASETS).index("set14")


@pytest.mark.parametrize("name", [n for n, d in catalog.DATASETS.items() if d.source == "urls"])
def test_number_of_pictures_is_that_of_the_list(name):
    dataset = catalog.DATASETS[name]
    lines = (dataset.folder / "checksums.tsv").read_text().splitlines()
    assert list(dataset.splits.values()) == [len(lines)]


def test_reading_it_loads_neither_tensorflow_nor_tfds():
    program = (
        "import sys, srcnn_tf.data.catalog\n"
        "print(*(name for name in sys.modules if name.partition('.')[0].startswith('tensorflow')))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        env=programs.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split() == []


def test_published_scores_are_of_the_same_sets():
    for name, expected in published.BENCHMARK_SETS.items():
        (dataset,) = catalog.chosen([name], "benchmark")
        assert (dataset.title, dataset.pictures("benchmark")) == (expected.title, expected.pictures)


def test_defaults_are_for_their_role():
    catalog.chosen(catalog.DEFAULT_TRAINING, "training")
    catalog.chosen([*catalog.DEFAULT_BENCHMARKS, catalog.FALLBACK], "benchmark")


def test_chosen_refuses_what_is_not_for_the_role():
    with pytest.raises(ValueError, match=r"set5 is not a training set; these are: .*t91"):
        catalog.chosen(["set5"], "training")
    with pytest.raises(ValueError, match=r"no dataset 'set6'; there is: .*Did you mean set5"):
        catalog.chosen(["set6"], "benchmark")
    for names in ([], ["set5", "set5"]):
        with pytest.raises(ValueError, match="Choose benchmark sets, each once"):
            catalog.chosen(names, "benchmark")


def test_folder_is_added_once(dunes):
    added = catalog.add_folder(dunes)
    assert catalog.add_folder(str(dunes)) is added
    assert catalog.chosen(["dunes"], "benchmark") == (added,)
    assert "dunes (3 pictures)" in catalog.listed("benchmark")
    assert "dunes" not in catalog.listed("training")


def test_name_that_is_taken_is_refused(dunes, tmp_path):
    dunes.rename(tmp_path / "set5")
    with pytest.raises(ValueError, match="There already is a dataset 'set5'"):
        catalog.add_folder(tmp_path / "set5")
    with pytest.raises(DatasetFolderError):
        catalog.add_folder(pathlib.Path("/no/such/folder"))


def test_variable_adds_folders_and_names_bad_ones(dunes, monkeypatch, caplog):
    monkeypatch.setenv(catalog.VARIABLE, f"/no/such/folder:{dunes}")
    catalog._add_from_environment()
    assert "dunes" in catalog.DATASETS
    (record,) = caplog.records
    assert "SRCNN_TF_DATASETS: /no/such/folder is not a dataset's folder" in record.getMessage()
