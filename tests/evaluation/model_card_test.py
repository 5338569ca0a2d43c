"""The model cards beside the weight files are those that the files make."""

import pytest

import srcnn_tf
from srcnn_tf.evaluation import model_card
from srcnn_tf.networks import pretrained_weights
from srcnn_tf.networks.weights_info import WeightsInfo

_CARDS = model_card.cards()


def test_every_network_has_a_card_and_nothing_else_has():
    written = {path.stem for path in pretrained_weights.FOLDER.glob("*.md")}
    assert written == set(_CARDS) == {each.name for each in srcnn_tf.list_pretrained()}


@pytest.mark.parametrize("name", _CARDS)
def test_a_card_is_up_to_date(name):
    """If not: bin/ship_weights --cards."""
    path = pretrained_weights.FOLDER / f"{name}.md"
    assert path.read_text(encoding="utf-8") == _CARDS[name]


@pytest.mark.parametrize("name", _CARDS)
def test_a_card_says_what_it_must(name):
    text = _CARDS[name]
    heads = [line for line in text.splitlines() if line.startswith("#")]
    assert heads == [
        f"# {name}", "## What it is", "## Scores", "## When to use it", "## Limits",
        "## How it was made",
    ]  # fmt: skip
    assert ("Not a network of the SRCNN paper" in text) != name.startswith("srcnn-")
    assert text.count("    bin/train ") == text.count("/config.json)") == text.count("steps on ")
    assert "Apache-2.0" in text


def test_a_card_has_scores_beside_published_ones():
    lines = _CARDS["srcnn-9-1-5"].splitlines()
    assert "| Set5 | x3 | 32.67 / 0.9085 | 30.39 | 32.39 | 32.75 | 33.66 |" in lines
    assert "| BSD200 | x3 | 28.84 / 0.8060 | - | - | - | - |" in lines


def test_cards_are_written_and_old_ones_removed(tmp_path, monkeypatch):
    source = pretrained_weights.pretrained_path("srcnn-9-1-5", 3)
    (tmp_path / source.name).write_bytes(source.read_bytes())
    (tmp_path / "gone.md").write_text("a network that was there before")
    monkeypatch.setattr(pretrained_weights, "FOLDER", tmp_path)
    assert model_card.write_cards() == [tmp_path / "srcnn-9-1-5.md"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["srcnn-9-1-5.md", source.name]
    assert "12,000 steps on T91" in (tmp_path / "srcnn-9-1-5.md").read_text()


def test_scores_on_jpegs_have_a_table_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(pretrained_weights, "FOLDER", tmp_path)
    scores = {f"live1 q{quality}": {"psnr": 20.0 + quality, "ssim": 0.9} for quality in (10, 40)}
    info = WeightsInfo("slim-4x8", 1, "t91 x1: 91 pictures trained on", 5, scores=scores)
    network = srcnn_tf.initial_network("slim-4x8", 1).replace(info=info)
    srcnn_tf.write_network(tmp_path / "slim-4x8_x1.safetensors", network)
    text = model_card.cards()["slim-4x8"]
    assert "| Dataset | Scale | q10 | q40 |" in text
    assert "| LIVE1 | x1 | 30.00 | 60.00 |" in text
