"""A registry finds entries by name, and says what there is where it finds none."""

import pytest

from srcnn_tf.registry import Registry, UnknownNameError


def test_entries_are_found_in_order():
    registry = Registry("loss")
    registry.register("mse", 1)

    @registry.register("l1")
    def l1():
        return 2

    assert list(registry) == ["mse", "l1"]
    assert registry["l1"] is l1
    assert "mse" in registry and "huber" not in registry
    assert registry.get("huber") is None


def test_unknown_name_lists_what_there_is():
    registry = Registry("optimizer")
    registry.register("adam", 1)
    registry.register("muon", 2)
    with pytest.raises(UnknownNameError, match="no optimizer 'adm'; there is: adam, muon") as error:
        registry["adm"]
    assert "Did you mean adam?" in str(error.value)
    assert isinstance(error.value, ValueError)


def test_name_is_taken_once():
    registry = Registry("loss")
    entry = object()
    registry.register("mse", entry)
    registry.register("mse", entry)
    with pytest.raises(ValueError, match="already is a loss 'mse'"):
        registry.register("mse", object())
    registry.unregister("mse")
    assert not registry
