"""Names in manifests and records cannot lead out of the folder that is written to."""

import numpy as np
import pytest

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.reporting.page_pictures import ReportPictures
from tfds_builders.common.manifest import read_manifest

_SHA256 = "0" * 64
_OUTSIDE = ["../evil.png", "/etc/evil.png", "..", ".", "a/b.png", "a\\b.png", "", "nul\0.png"]


def _write(path, address="https://host/a.png", size="1", sha256=_SHA256, file="a.png"):
    path.write_text(f"{address}\t{size}\t{sha256}\t{file}\n")
    return path


def test_a_manifest_is_read(tmp_path):
    (picture,) = read_manifest(_write(tmp_path / "checksums.tsv"))
    assert (picture.file, picture.size) == ("a.png", 1)


@pytest.mark.parametrize("file", _OUTSIDE)
def test_manifest_with_paths_is_refused(tmp_path, file):
    with pytest.raises(ValueError, match="bare name"):
        read_manifest(_write(tmp_path / "checksums.tsv", file=file))


@pytest.mark.parametrize("change", [{"address": "http://host/a.png"}, {"sha256": "abc"}])
def test_manifest_needs_https_and_checksums(tmp_path, change):
    with pytest.raises(ValueError, match="is not"):
        read_manifest(_write(tmp_path / "checksums.tsv", **change))


@pytest.mark.parametrize("filename", _OUTSIDE)
def test_record_names_do_not_choose_report_paths(tmp_path, filename):
    plane = np.full((12, 12), 0.5, np.float32)
    color = np.full((12, 12, 3), 128, np.uint8)
    picture = EvaluationPicture(filename, color[..., 0], plane, hr=color)
    report = tmp_path / "report"
    keep = ReportPictures(report).keeper("set5", 2, [picture])
    keep(picture, None, plane)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert all(path.is_relative_to(report / "pictures" / "set5_x2") for path in files)
