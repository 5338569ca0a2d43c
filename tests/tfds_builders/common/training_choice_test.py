"""What is trained on where the user names nothing: T91 wherever it can be had."""

from tfds_builders.common import downloads
from tfds_builders.common.preparation import prepared_builder
from tfds_builders.common.training_choice import training_dataset_name


def test_training_prefers_t91_wherever_it_can_be_had(tmp_path, manual, monkeypatch):
    data_dir = tmp_path / "data"
    monkeypatch.setattr(downloads, "unreachable", lambda pictures: None)
    assert training_dataset_name(data_dir, None, 3) == ("t91", "T91 can be downloaded.")

    monkeypatch.setattr(downloads, "unreachable", lambda pictures: "the network is down")
    name, reason = training_dataset_name(data_dir, None, 3)
    assert name == "sample_photos"
    assert "the network is down" in reason

    name, reason = training_dataset_name(data_dir, manual, 3)
    assert (name, str(manual) in reason) == ("t91", True)

    prepared_builder("t91", 3, data_dir, manual)
    assert training_dataset_name(data_dir, None, 3) == ("t91", "T91 is prepared already.")


def test_training_falls_back_when_the_manual_t91_is_damaged(tmp_path, manual):
    damaged = next((manual / "t91").iterdir())
    damaged.write_bytes(b"damaged")

    name, reason = training_dataset_name(tmp_path / "data", manual, 3)
    assert name == "sample_photos"
    assert damaged.name in reason
