"""Every dataset that is a list of files: TFDS's own checks, and the list that it asks for."""

import published_sets
import pytest

from srcnn_tf.data import catalog
from tfds_builders.common.builder_classes import builder_class

_DATASETS = [dataset for dataset in catalog.DATASETS.values() if dataset.source == "urls"]


def _test_case(dataset):
    (split,) = dataset.splits
    fields = {"DATASET_CLASS": builder_class(dataset.name), "SPLITS": {split: 2}}
    # All are of one class; one stands for the others where time is short.
    if dataset.name != "set5":
        fields["pytestmark"] = [pytest.mark.slow]
    return type(f"{dataset.title}Test", (published_sets.DummyDataTestCase,), fields)


# TFDS's checks are a class for each dataset, which pytest finds in the module.
globals().update({f"{dataset.title}Test": _test_case(dataset) for dataset in _DATASETS})


@pytest.mark.parametrize("dataset", _DATASETS, ids=lambda dataset: dataset.name)
def test_list_of_files_is_the_reference_list(dataset, shared_data):
    published_sets.check_manifest(builder_class(dataset.name), shared_data)


@pytest.mark.parametrize("dataset", _DATASETS, ids=lambda dataset: dataset.name)
def test_folder_says_what_tfds_shows(dataset):
    info = builder_class(dataset.name)(config="x2", data_dir="none").info
    assert dataset.title in info.description and info.citation.startswith("@")
    assert info.homepage == dataset.homepage
