"""Work folders are given as text or path, and made with all folders above them."""

import numpy as np
import pytest
import small_runs

from srcnn_tf.data import data_service
from srcnn_tf.training import checkpoints, loop, run_records
from srcnn_tf.training.run_folder import RunFolder


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
def test_training_makes_the_folder_that_a_text_names(tmp_path):
    config = small_runs.config(steps=2, evaluate_every=2, log_every=1)
    result = loop.train(config, small_runs.pictures(), "runs/of/mine", data="blocks")
    assert result.finished
    assert result.weights.resolve() == tmp_path / "runs/of/mine/best.safetensors"
    run_records.draw_run_curve("runs/of/mine", "pictures/of/it/curve.png")
    assert (tmp_path / "pictures/of/it/curve.png").is_file()
    assert run_records.read_metrics("runs/of/mine/metrics.jsonl")


def test_parts_of_a_run_take_text(tmp_path):
    with RunFolder("a/b") as folder:
        assert folder.path.is_dir()
    checkpoints.save("c/d", 1, {"x": np.zeros(3)})
    assert checkpoints.restore("c/d")[0] == 1
    data_service.start_dispatcher(0, "e/f")
    assert (tmp_path / "e/f").is_dir()
