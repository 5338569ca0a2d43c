"""How much memory may be taken: the machine's or its container's; and estimates in words."""

import types

import psutil
import pytest

from srcnn_tf import memory
from srcnn_tf.memory import MemoryCheck, available_memory


@pytest.mark.parametrize(
    ("limit", "expected"), [("3000\n", 2000), ("max\n", 5000), ("500\n", 0), (None, 5000)]
)
def test_limit_of_a_container_counts(tmp_path, monkeypatch, limit, expected):
    if limit is not None:
        (tmp_path / "limit").write_text(limit)
        (tmp_path / "used").write_text("1000\n")
    monkeypatch.setattr(memory, "_CGROUPS", ((str(tmp_path / "limit"), str(tmp_path / "used")),))
    machine = types.SimpleNamespace(available=5000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: machine)
    assert available_memory() == expected


def test_a_tenth_is_left_to_others():
    assert MemoryCheck(9 * 10**9, 10**10).fits
    too_much = MemoryCheck(10**13, 10**10, "all of it needs")
    assert not too_much.fits
    assert str(too_much) == (
        "all of it needs about 10,000.0 GB of memory, and 10.0 GB are available"
    )
