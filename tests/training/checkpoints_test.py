"""Tests of saving a run's state: exact, bounded, and proof against damage."""

import numpy as np
import pytest

from srcnn_tf.training import checkpoints

_ARRAYS = {
    "weights": np.linspace(-1, 1, 1000, dtype=np.float32),
    "step": np.array(7, np.int64),
    "best": np.array(31.25, np.float64),
}


def test_restored_state_is_what_was_saved(tmp_path):
    checkpoints.save(tmp_path, 7, _ARRAYS)
    step, arrays = checkpoints.restore(tmp_path)
    assert step == 7
    assert arrays.keys() == _ARRAYS.keys()
    for name, array in _ARRAYS.items():
        assert (arrays[name].dtype, arrays[name].shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(arrays[name], array)


def test_empty_folder_restores_nothing(tmp_path):
    assert checkpoints.restore(tmp_path) is None
    assert checkpoints.restore(tmp_path / "missing") is None


def test_newest_is_restored_and_old_ones_are_removed(tmp_path):
    for step in (5, 10, 100):
        checkpoints.save(tmp_path, step, {"x": np.array([step])})
    assert checkpoints.restore(tmp_path)[0] == 100
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("damage", ["cut", "empty", "flip"])
def test_damaged_checkpoint_falls_back_to_the_one_before(tmp_path, caplog, damage):
    checkpoints.save(tmp_path, 5, _ARRAYS)
    newest = checkpoints.save(tmp_path, 10, _ARRAYS)
    content = bytearray(newest.read_bytes())
    if damage == "flip":
        content[-40] ^= 1
    newest.write_bytes({"cut": content[:-9], "empty": b"", "flip": content}[damage])

    assert checkpoints.restore(tmp_path)[0] == 5
    assert newest.name in caplog.text


def test_folder_is_named_if_all_are_damaged(tmp_path):
    checkpoints.save(tmp_path, 5, _ARRAYS).write_bytes(b"not a checkpoint")
    with pytest.raises(checkpoints.CheckpointError, match=f"run.s folder {tmp_path.parent} to"):
        checkpoints.restore(tmp_path)
