"""Any size: what it comes to for a picture, by which networks, and in which words."""

import pytest

from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.upscaling.sizing import AlreadyThatSize, Sizing, plan_steps


@pytest.mark.parametrize(
    "asked, size, suffix",
    [
        ({}, (800, 600), "_x2"),
        ({"scale": 3}, (1200, 900), "_x3"),
        ({"scale": 1.5}, (600, 450), "_x1.5"),
        ({"width": 1000}, (1000, 750), "_1000w"),
        ({"height": 1000}, (1333, 1000), "_1000h"),
        ({"max_side": 999}, (999, 749), "_max999"),
        ({"megapixels": 3}, (2000, 1500), "_3mp"),
        ({"width": 1000, "height": 600}, (800, 600), "_1000w_600h"),
        ({"scale": 2, "max_side": 3000}, (800, 600), "_max3000_x2"),
        ({"scale": 4, "max_side": 1000}, (1000, 750), "_max1000_x4"),
        ({"max_side": 40}, (40, 30), "_max40"),
    ],
)
def test_the_smallest_that_is_asked_for_counts(asked, size, suffix):
    sizing = Sizing(**asked)
    assert sizing.of(400, 300) == size
    assert sizing.suffix() == suffix


def test_a_result_has_at_least_a_pixel_a_side():
    assert Sizing(max_side=10).of(1000, 3) == (10, 1)


@pytest.mark.parametrize(
    "asked", [{"scale": 0.5}, {"scale": 65}, {"width": 0}, {"megapixels": float("nan")}]
)
def test_what_cannot_be_is_refused(asked):
    with pytest.raises(ValueError, match="must be"):
        Sizing(**asked)


@pytest.mark.parametrize(
    "asked, networks, words",
    [
        ({"scale": 3}, (3,), "x3"),
        ({"scale": 1.5}, (2,), "x2, then to 1.5 times"),
        ({"scale": 5}, (3, 2), "x3, then x2, then to 5 times"),
        ({"scale": 8}, (4, 2), "x4, then x2"),
        ({"scale": 16}, (4, 4), "x4, then x4"),
        ({"scale": 64}, (4, 4, 4), "x4, then x4, then x4"),
        ({"width": 3000}, (4, 2), "x4, then x2, then to 3000 wide"),
        # Two percent more is no reason to run a larger network.
        ({"width": 805}, (2,), "x2, then to 805 wide"),
        ({"width": 820}, (3,), "x3, then to 820 wide"),
        ({"max_side": 100}, (), "to 100 on the longer side, without a network"),
        ({"scale": 1}, (1,), "x1"),
        ({"megapixels": 0.6, "scale": 4}, (3,), "x3, then to 0.6 megapixels"),
    ],
)
def test_the_next_networks_then_an_exact_resize(asked, networks, words):
    sizing = Sizing(**asked)
    steps = plan_steps(sizing, 400, 300, (2, 3, 4))
    assert steps.networks == networks
    assert steps.words == words
    assert steps.size == sizing.of(400, 300)


def test_several_sizes_are_said_as_limits():
    assert Sizing(width=3000).in_words() == "3000 wide"
    assert Sizing(width=3000, megapixels=4, scale=2).in_words() == (
        "at most 3000 wide, 4 megapixels, 2 times"
    )


def test_only_networks_that_there_are():
    assert plan_steps(Sizing(3), 40, 30, (4,)).networks == (4,)
    assert plan_steps(Sizing(6), 40, 30, (2,)).networks == (2, 2, 2)


def test_nothing_to_do_and_too_much_are_said():
    with pytest.raises(AlreadyThatSize, match="400 x 300 pixels already"):
        plan_steps(Sizing(width=400), 400, 300, (2,))
    with pytest.raises(ImageFileError, match="more than 64 times"):
        plan_steps(Sizing(width=4000), 40, 30, (2,))
