"""Damaged files are read or refused with an error of ours, whatever the damage.

Some hundred cases of what `tests/robustness/faults_fuzz.py` runs by the hundred thousand.
"""

import pickle
import struct

import faults_fuzz
import numpy as np
import pytest
import scipy.io
from PIL import Image

from srcnn_tf.files import image_files
from srcnn_tf.networks import weight_files

_CASES = 120


@pytest.mark.parametrize("name", ["image_files", "picture_files", "weights", "mat", "checkpoints"])
def test_damaged_files_are_read_or_refused(tmp_path, name):
    target = faults_fuzz.targets(tmp_path)[name]
    path = tmp_path / f"case{target.suffix}"
    with faults_fuzz.restrained():
        outcomes = [target.run(path, 2026, number) for number in range(_CASES)]
    assert set(outcomes) <= {"read", "refused"}, outcomes
    assert "refused" in outcomes


def test_fuzzer_notices_faults(tmp_path):
    """The harness itself: other errors, sentences without the file's name, and hangs are bad."""

    def fail(path):
        raise struct.error("odd")

    def forget_the_name(path):
        raise weight_files.WeightsError("This file is bad.")

    for read, outcome in ((fail, "error: odd"), (forget_the_name, "does not name it")):
        target = faults_fuzz.Target([b"abc"], "", read, bool, weight_files.WeightsError)
        assert outcome in target.run(tmp_path / "case", 0, 0)


class _Runs:
    def __reduce__(self):
        return (open, ("ran", "w"))


def test_no_reader_runs_code(tmp_path, monkeypatch):
    """A pickle under any name is refused unread, and `.mat` objects are not created."""
    monkeypatch.chdir(tmp_path)
    evil = pickle.dumps(_Runs())
    for name in ("x3.mat", "x3.safetensors", "x3.keras", "x3.h5", "x3.npy", "x3.png"):
        (tmp_path / name).write_bytes(evil)
        with pytest.raises(weight_files.WeightsError):
            weight_files.read_weights(tmp_path / name)
        with pytest.raises(image_files.ImageFileError):
            image_files.read_image(tmp_path / name)
    np.save(tmp_path / "array.npy", np.array([_Runs()], object), allow_pickle=True)
    (tmp_path / "array.npy").rename(tmp_path / "x2.safetensors")
    with pytest.raises(weight_files.WeightsError):
        weight_files.read_weights(tmp_path / "x2.safetensors")
    scipy.io.savemat(tmp_path / "x4.mat", {"weights_conv1": np.array([evil], object)})
    with pytest.raises(weight_files.WeightsError):
        weight_files.read_weights(tmp_path / "x4.mat")
    assert not (tmp_path / "ran").exists()
    pickle.loads(evil).close()
    assert (tmp_path / "ran").exists(), "the test's own pickle should have run code"


def test_small_files_that_claim_huge_sizes_are_refused(tmp_path):
    """A .mat header that announces 2**31 - 1 columns, and a PNG of 10**18 pixels."""
    path = tmp_path / "x3.mat"
    scipy.io.savemat(path, {"weights_conv1": np.zeros((81, 64))})
    content = path.read_bytes()
    dimensions = struct.pack("<ii", 81, 64)
    assert content.count(dimensions) == 1
    path.write_bytes(content.replace(dimensions, struct.pack("<ii", 2**31 - 1, 2**31 - 1)))
    with pytest.raises(weight_files.WeightsError):
        weight_files.read_weights(path)

    picture = tmp_path / "bomb.png"
    Image.new("L", (1, 1)).save(picture)
    content = bytearray(picture.read_bytes())
    content[16:24] = struct.pack(">II", 10**9, 10**9)
    faults_fuzz.corpus.mend_png(content)
    picture.write_bytes(content)
    with pytest.raises(image_files.ImageFileError, match="pixels"):
        image_files.read_image(picture)
