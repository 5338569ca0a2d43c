"""bin/train follows the recipe of an earlier run: `--config`."""

import json

import programs
import pytest

from srcnn_tf.networks.pretrained_weights import FOLDER

_SHIPPED = FOLDER / "runs" / "srcnn-9-1-5_x2" / "config.json"


@pytest.mark.slow
def test_a_runs_recipe_is_followed_and_flags_change_it(tmp_path):
    done = programs.run(
        "train", f"--config={_SHIPPED}", "--dataset=sample_photos", "--steps=2", "--workdir=run",
        "--test_sets=none", f"--data_dir={tmp_path}/data", "--precision=float32",
        "--grid_offsets=1", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert (config["network"], config["scale"]) == ("srcnn-9-1-5", 2)
    assert config["rescale_factors"] == [1.0, 0.9, 0.8, 0.7, 0.6]
    assert (config["steps"], config["grid_offsets"]) == (2, 1)


def test_what_is_no_recipe_is_named(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    for path, expected in (("config.json", "cannot be used"), ("none.json", "cannot be read")):
        done = programs.run("train", f"--config={path}", cwd=tmp_path)
        assert done.returncode == 1
        assert done.stderr.startswith(f"bin/train: {path} {expected}")


def test_without_a_scale_it_is_asked_for(tmp_path):
    done = programs.run("train", cwd=tmp_path)
    assert done.returncode == 1
    assert "--scale must be given" in done.stderr
