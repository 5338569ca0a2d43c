"""What the tests of the published datasets share: dummy data, comparisons with the real."""

import csv
import hashlib
import pathlib
from unittest import mock

import numpy as np
import tensorflow_datasets as tfds

from srcnn_tf.files.image_files import read_image
from srcnn_tf.imaging.degradation import SrPair, degrade
from tfds_builders.common.manifest import Picture


def describe(folder: pathlib.Path) -> tuple[Picture, ...]:
    """Returns the manifest that a dataset would have if it consisted of a folder's files."""
    return tuple(
        Picture(
            path.name,
            path.stat().st_size,
            hashlib.sha256(path.read_bytes()).hexdigest(),
            (f"https://pinned.invalid/{path.name}", f"https://mirror.invalid/{path.name}"),
        )
        for path in sorted(folder.iterdir())
    )


class DummyDataTestCase(tfds.testing.DatasetBuilderTestCase):
    """TFDS's checks of a builder, whose dummy data stand in for the published pictures."""

    def setUp(self):
        super().setUp()
        dummies = describe(pathlib.Path(self.dummy_data))
        patch = mock.patch.object(self.DATASET_CLASS, "PICTURES", dummies)
        patch.start()
        self.addCleanup(patch.stop)


def check_manifest(builder_class, shared_data: pathlib.Path) -> None:
    """Compares a builder's manifest with the reference list of pictures and their urls."""
    with (shared_data / "sources.tsv").open(newline="") as table:
        rows = [
            row
            for row in csv.DictReader(table, delimiter="\t")
            if row["dataset"] == builder_class.name
        ]
    expected = {
        Picture(
            row["file"],
            int(row["bytes"]),
            row["sha256"],
            tuple(address for address in (row["url"], row["mirror"]) if address),
        )
        for row in rows
    }
    assert set(builder_class.PICTURES) == expected
    assert len(builder_class.PICTURES) == len(rows)


def check_examples(examples, folder: pathlib.Path, scale: int) -> None:
    """Compares what a dataset yields, as NumPy arrays, with `degrade` on the files of a folder."""
    seen = []
    for example in examples:
        name = example["filename"].decode()
        pair = degrade(read_image(folder / name), scale)
        for field in SrPair._fields:
            np.testing.assert_array_equal(example[field], getattr(pair, field), f"{name} {field}")
            assert example[field].dtype == getattr(pair, field).dtype
        seen.append(name)
    assert sorted(seen) == sorted(path.name for path in folder.iterdir())
