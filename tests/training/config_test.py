"""A recipe's values are checked, and recipes of earlier versions can still be read."""

import dataclasses
import json
import pathlib

import pytest

from srcnn_tf.networks.pretrained_weights import FOLDER, runs_in_order
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
        ("steps_per_call", 10**9),
        ("steps", 10**20),
        ("seed", 2**63),
        ("evaluate_every", 10**20),
        ("grid_offsets", 10**20),
        ("rescale_factors", (1e-12,)),
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
    renamed = {"initialisation": "initialization", "symmetric": "equivariant"}
    renamed |= {"sizes": "rescale_factors", "shifts": "grid_offsets"}
    renamed |= {"balance": "difficulty_exponent", "turns": "dihedral"}
    # What runs did before there was such a field.
    before = {"equivariant": False, "difficulty_exponent": 0.0, "padding": "valid"}
    expected = before | {renamed.get(name, name): value for name, value in values.items()}
    found = json.loads(json.dumps(dataclasses.asdict(config)))
    assert {name: found[name] for name in expected if name in found} == {
        name: value for name, value in expected.items() if name in found
    }
    assert config.validation_pictures == 0


def test_every_shipped_network_has_its_run():
    runs = {path.parent.name for path in _SHIPPED}
    assert runs == {path.stem for path in FOLDER.glob("*.safetensors")}
    assert len(runs) >= 6
    # What a run starts from is in the package, too, so that `make weights` can remake it.
    starts = {json.loads(path.read_text()).get("initial_weights", "") for path in _SHIPPED}
    assert starts - {""} <= runs
    assert sorted(runs_in_order()) == sorted(runs)


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
