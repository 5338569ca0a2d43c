"""Pictures are kept in memory where they fit: by their size, the recipe, and the machine."""

import types

import psutil
import pytest

from srcnn_tf.training import memory_check
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.memory_check import available_memory


def test_estimate_matches_what_t91_takes():
    # 40,450,133 bytes of records, four positions, five sizes: 3,344 MB at the highest, of which
    # 693 are TensorFlow's own.
    config = TrainConfig(scale=3, grid_offsets=4, rescale_factors=(1.0, 0.9, 0.8, 0.7, 0.6))
    needed = memory_check.memory_check(40_450_133, config).needed
    assert needed == pytest.approx((3344 - 693) * 2**20, rel=0.15)


def test_the_recipe_multiplies_the_pictures():
    def needed(**changes):
        return memory_check.memory_check(10**9, TrainConfig(scale=2, **changes)).needed

    once = needed(rescale_factors=(1.0,), grid_offsets=1)
    assert needed(rescale_factors=(1.0,), grid_offsets=4) == pytest.approx(4 * once, rel=0.1)
    assert needed(rescale_factors=(1.0,), grid_offsets=9) == needed(
        rescale_factors=(1.0,), grid_offsets=4
    )
    assert needed(rescale_factors=(1.0, 0.5), grid_offsets=1) == pytest.approx(1.25 * once, rel=0.1)


def test_available_memory_decides(monkeypatch):
    monkeypatch.setattr(memory_check, "available_memory", lambda: 10**9)
    config = TrainConfig(scale=2, rescale_factors=(1.0,), grid_offsets=1)
    assert memory_check.memory_check(10**8, config).fits
    too_many = memory_check.memory_check(10**9, config)
    assert not too_many.fits
    assert str(too_many).endswith("GB of memory, and 1.0 GB are available")


def test_batches_that_no_memory_holds_are_estimated(monkeypatch):
    monkeypatch.setattr(memory_check, "available_memory", lambda: 10**10)
    assert memory_check.batch_check(TrainConfig(scale=2)).fits
    absurd = memory_check.batch_check(TrainConfig(scale=2, batch_size=100_000_000))
    assert not absurd.fits
    assert str(absurd).startswith("batches of 100,000,000 crops need at least about 9830.4 GB")


@pytest.mark.parametrize(
    ("limit", "expected"), [("3000\n", 2000), ("max\n", 5000), ("500\n", 0), (None, 5000)]
)
def test_limit_of_a_container_counts(tmp_path, monkeypatch, limit, expected):
    if limit is not None:
        (tmp_path / "limit").write_text(limit)
        (tmp_path / "used").write_text("1000\n")
    monkeypatch.setattr(
        memory_check, "_CGROUPS", ((str(tmp_path / "limit"), str(tmp_path / "used")),)
    )
    machine = types.SimpleNamespace(available=5000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: machine)
    assert available_memory() == expected
