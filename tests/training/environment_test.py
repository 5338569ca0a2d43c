"""Precision and what is said of TF32 follow from a card's compute capability alone."""

import pytest

from srcnn_tf.training.environment import arithmetic_of, precision_of


@pytest.mark.parametrize(
    ("capability", "precision"),
    [
        ((12, 0), "mixed_bfloat16"),
        ((9, 0), "mixed_bfloat16"),
        ((8, 0), "mixed_bfloat16"),
        ((7, 5), "mixed_float16"),
        ((7, 0), "mixed_float16"),
        ((6, 1), "float32"),
    ],
)
def test_precision_follows_the_card(capability, precision):
    assert precision_of({"device_name": "a card", "compute_capability": capability}) == precision


def test_what_says_nothing_of_its_capability_computes_in_float32():
    assert precision_of(None) == "float32"
    assert precision_of({"device_name": "of another maker"}) == "float32"


def test_tf32_is_stated_where_there_is_any():
    hopper, turing = ({"compute_capability": each} for each in ((9, 0), (7, 5)))
    assert "TF32 is on, which rounds" in arithmetic_of("float32", hopper, True)
    assert arithmetic_of("float32", hopper, False) == "float32; TF32 is off"
    assert arithmetic_of("mixed_float16", turing, True) == "mixed_float16"
    assert arithmetic_of("float32", None, True) == "float32"
