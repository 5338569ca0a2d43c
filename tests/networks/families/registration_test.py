"""A user's own family: names that others have, and builds that give nonsense, are one sentence."""

import dataclasses

import pytest

from srcnn_tf.networks.architecture import Architecture, Layer
from srcnn_tf.networks.families.family import FAMILIES, Family, find_architecture, register
from srcnn_tf.networks.find_weights import load_network
from srcnn_tf.networks.weights_info import WeightsError


@pytest.fixture(autouse=True)
def forgotten():
    yield
    for name in ("mine", "other"):
        FAMILIES.unregister(name)


def _single(name):
    return Architecture(name, (Layer(3, 1),))


def _family(build, networks=("single",), name="mine"):
    return Family(name, networks, build, grid="bicubic")


def _known(*names):
    return lambda name, scale=None: _single(name) if name in names else None


@pytest.mark.parametrize("taken", ["srcnn-9-5-5", "slim-4x8", "srcnn-9-1-5-rgb"])
def test_a_network_of_another_family_is_refused(taken):
    with pytest.raises(ValueError, match=f"has a network '{taken}', and so has the .*another name"):
        register(_family(_known(taken), (taken,)))
    assert "mine" not in FAMILIES


def test_a_build_that_knows_another_familys_network_is_refused():
    with pytest.raises(ValueError, match=r"srcnn-9-1-5', and so has the family srcnn; choose"):
        register(_family(_known("single", "srcnn-9-1-5")))


def test_the_same_family_may_be_registered_again():
    family = _family(_known("single"))
    assert register(family) is register(family) is FAMILIES["mine"]
    with pytest.raises(ValueError, match="already is a family of networks 'mine'"):
        register(dataclasses.replace(family, networks=("double",)))


@pytest.mark.parametrize(
    "result, complaint",
    [
        (3, "a int and no Architecture"),
        (_single("x"), "a network called 'x'"),
        (Architecture("single", (Layer(3, 4),), "low", 2), "a network on the low grid"),
        (None, r"fails to build 'single' \(ZeroDivisionError"),
    ],
)
def test_nonsense_from_a_build_names_the_family(result, complaint):
    def build(name, scale=None):
        return None if name != "single" else result or 1 / 0

    register(_family(build))
    with pytest.raises(ValueError, match=f"The family mine .*{complaint}.*mend its `build`"):
        find_architecture("single", 2)
    with pytest.raises(WeightsError, match="The family mine"):
        load_network("single", 2)
