"""The list of shipped networks, and what `fast`, `default` and `best` stand for."""

import pytest

import srcnn_tf
from srcnn_tf.networks import pretrained_list, pretrained_weights
from srcnn_tf.networks.find_weights import load_network, read_model
from srcnn_tf.networks.network import initial_network
from srcnn_tf.networks.weight_files import SUFFIX, write_network
from srcnn_tf.networks.weights_info import WeightsError, WeightsInfo


@pytest.fixture(name="ship")
def _ship(tmp_path, monkeypatch):
    """A package without networks, and a function that adds one with a score on BSD100."""
    monkeypatch.setattr(pretrained_weights, "FOLDER", tmp_path)

    def ship(name, psnr, scale=2, **config):
        scores = {"bsd100": {"psnr": psnr, "ssim": 0.9}} if psnr else {}
        info = WeightsInfo(
            name, scale, f"t91,bsd200 x{scale}: 291 pictures trained on", 5,
            scores={**scores, "check_picture": {"psnr": 1.0}}, provenance={"config": config},
        )  # fmt: skip
        network = initial_network(name, scale).replace(info=info)
        write_network(tmp_path / f"{name}_x{scale}{SUFFIX}", network)

    return ship


def _choices(scale=2):
    return tuple(load_network(choice, scale).name for choice in ("fast", "default", "best"))


def test_choices_go_by_cost(ship):
    ship("srcnn-9-5-5", 31.4)
    assert _choices() == ("srcnn-9-5-5",) * 3
    ship("srcnn-9-1-5", 31.2)
    assert _choices() == ("srcnn-9-5-5",) * 3
    ship("slim-4x16", 31.5)
    ship("slim-10x16", 30.8)  # Scores of test sets have no say.
    assert _choices() == ("slim-4x16", "slim-10x16", "slim-10x16")
    ship("slim-10x99", 32.1)  # More multiply-adds than srcnn-9-5-5 has.
    assert _choices() == ("slim-4x16", "slim-10x16", "slim-10x99")
    ship("slim-4x8", None)
    assert _choices() == ("slim-4x8", "slim-10x16", "slim-10x99")
    ship("slim-4x9-photo", 33.0, compressed=0.8)  # For photographs.
    assert _choices() == ("slim-4x8", "slim-10x16", "slim-10x99")
    assert load_network(None, 2).name == "slim-10x16"
    with pytest.raises(WeightsError, match="No trained srcnn-9-5-5 for x3"):
        read_model("best", 3)


def test_a_file_of_the_name_of_a_choice_is_taken(ship, tmp_path, monkeypatch):
    ship("srcnn-9-5-5", 31.4)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "best").write_text("weights")
    with pytest.raises(WeightsError, match="best is not a readable weight file"):
        load_network("best", 2)


def test_every_shipped_network_is_listed():
    listed = srcnn_tf.list_pretrained()
    assert len(listed) == len(srcnn_tf.pretrained())
    assert listed == sorted(listed, key=lambda each: (each.scale, each.multiply_adds, each.name))
    for each in listed:
        network = srcnn_tf.read_network(each.path)
        assert (each.name, each.scale) == (network.name, network.scale)
        assert each.parameters == network.architecture.parameters
        assert each.bytes > 4 * each.parameters
        assert each.scores
        assert "bsd200" not in set(each.scores) & set(each.training_data)
    assert {each.scale for each in srcnn_tf.list_pretrained(3)} == {3}


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_the_default_is_no_dearer_than_the_papers(scale):
    known = {each.path: each for each in pretrained_list.list_pretrained(scale)}
    paper = known[pretrained_weights.pretrained_path("srcnn-9-5-5", scale)]
    chosen = {
        choice: known[pretrained_list.chosen_path(choice, scale)]
        for choice in pretrained_list.CHOICES
    }
    assert chosen["default"].multiply_adds <= paper.multiply_adds
    assert chosen["fast"].multiply_adds <= chosen["default"].multiply_adds
