"""A recipe's values are checked, and recipes of earlier versions can still be read."""

import dataclasses
import json
import pathlib

import pytest

from srcnn_tf.networks.pretrained_weights import FOLDER
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.run_folder import RunFolder, TrainingError

_SHIPPED = sorted((FOLDER / "runs").glob("*/config.json"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("network", "srcnn-1-2-3"),
        ("initialization", "zeros"),
        ("optimizer", "sgd"),
        ("loss", "l3"),
        ("precision", "int8"),
        ("padding", "zeros"),
        ("engine", "numpy"),
        ("scale", 1),
        ("steps", 0),
        ("batch_size", 0),
        ("patch_size", 16),
        ("grid_offsets", 0),
        ("full_range", 1.5),
        ("difficulty_exponent", -1.0),
        ("rescale_factors", ()),
        ("rescale_factors", (1.5,)),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("final_learning_rate", 2.0),
        ("ema_decay", 1.0),
        ("validation_pictures", -1),
        ("steps_per_call", 0),
    ],
)
def test_senseless_value_is_named(field, value):
    with pytest.raises(ValueError, match=field if field != "network" else "no network"):
        TrainConfig(**{"scale": 3, field: value})


def test_the_older_name_of_the_cpu_engine_means_it():
    assert TrainConfig(scale=3, engine="vector") == TrainConfig(scale=3, engine="cpu")


def test_a_recipe_survives_json():
    config = TrainConfig(scale=3, rescale_factors=(1.0, 0.8), equivariant=False)
    assert TrainConfig.from_json(json.loads(json.dumps(dataclasses.asdict(config)))) == config


@pytest.mark.parametrize("path", _SHIPPED, ids=lambda path: path.parent.name)
def test_recipes_of_shipped_runs_are_read(path):
    values = json.loads(path.read_text(encoding="utf-8"))
    del values["data"]
    config = TrainConfig.from_json(values)
    assert config.initialization == values["initialisation"]
    assert config.rescale_factors == tuple(values["sizes"])
    assert config.grid_offsets == values["shifts"]
    assert config.dihedral == values["turns"]
    # What those runs did before there was such a field.
    assert config.equivariant == values.get("symmetric", False)
    assert config.difficulty_exponent == values.get("balance", 0.0)
    assert config.engine == values.get("engine", "tensorflow")
    assert config.padding == "valid"


def test_six_runs_are_shipped():
    assert len(_SHIPPED) == 6


def test_an_unknown_field_is_an_error_that_names_it():
    values = {**dataclasses.asdict(TrainConfig(scale=3)), "teachers": ["wide"], "color": True}
    with pytest.raises(ValueError, match="there is color, teachers, which this version"):
        TrainConfig.from_json(values)


def test_a_run_of_an_older_version_is_resumed(tmp_path):
    path = FOLDER / "runs" / "srcnn-9-5-5_x3" / "config.json"
    (tmp_path / "config.json").write_bytes(path.read_bytes())
    values = json.loads(path.read_text(encoding="utf-8"))
    data = values.pop("data")
    config = TrainConfig.from_json(values)
    with RunFolder(tmp_path) as folder:
        folder.write_or_check_config(config, data)
        other = dataclasses.replace(config, batch_size=17)
        with pytest.raises(TrainingError, match="batch_size: 16 there, 17 now"):
            folder.write_or_check_config(other, data)


def test_a_damaged_recipe_is_named(tmp_path: pathlib.Path):
    (tmp_path / "config.json").write_text('{"data": "t91", "steps": "many"}', encoding="utf-8")
    with (
        RunFolder(tmp_path) as folder,
        pytest.raises(TrainingError, match=r"config\.json cannot be used: .*--workdir"),
    ):
        folder.write_or_check_config(TrainConfig(scale=3), "t91")
