"""A network's name with `-ycbcr` or `-rgb` is the network on three planes."""

import json

import numpy as np
import pytest

from srcnn_tf.networks.architecture import Architecture, Layer
from srcnn_tf.networks.families.family import (
    FAMILIES,
    Family,
    family_of,
    find_architecture,
    network_names,
    register,
)
from srcnn_tf.networks.network import initial_network
from srcnn_tf.networks.weight_files import read_network, write_network
from srcnn_tf.networks.weights_info import WeightsInfo


def test_the_papers_network_in_color():
    built = find_architecture("srcnn-9-1-5-rgb")
    assert (built.name, built.color, built.channels) == ("srcnn-9-1-5-rgb", "rgb", 3)
    assert built.multiply_adds == 9 * 9 * 3 * 64 + 64 * 32 + 5 * 5 * 32 * 3
    assert built.filters == (64, 32, 3)
    assert find_architecture("srcnn-9-1-5").color == "luminance"


@pytest.mark.parametrize("name", network_names())
@pytest.mark.parametrize("color", ["ycbcr", "rgb"])
def test_every_family_has_it(name, color):
    plain, colored = find_architecture(name, 2), find_architecture(f"{name}-{color}", 2)
    assert family_of(colored.name) is family_of(name)
    assert colored.layers[:-1] == plain.layers[:-1]
    assert colored.filters[-1] == 3 * plain.filters[-1]
    assert colored.kernel_shapes[0][2] == 3
    assert (colored.grid, colored.halo) == (plain.grid, plain.halo)


def test_other_suffixes_are_unknown():
    for name in ("srcnn-9-1-5-lab", "srcnn-9-1-5-rgb-rgb", "srcnn-9-1-5-luminance", "x-rgb", "rgb"):
        with pytest.raises(ValueError, match=r"no network .*each with -ycbcr or -rgb"):
            find_architecture(name, 2)
    with pytest.raises(ValueError, match="is in rgb already"):
        find_architecture("espcn-rgb", 2).in_color("ycbcr")
    with pytest.raises(ValueError, match="not one of"):
        Architecture("x", (Layer(3, 3),), color="lab")
    with pytest.raises(ValueError, match="ends with 1 filters where 3"):
        Architecture("x", (Layer(3, 1),), color="rgb")


def test_a_family_that_says_it_itself_is_asked_first():
    def build(name, scale=None):
        if name not in ("own", "own-rgb"):
            return None
        return Architecture(name, (Layer(3, 3 if name == "own-rgb" else 1),),
                            color="rgb" if name == "own-rgb" else "luminance")  # fmt: skip

    try:
        register(Family("own", ("own",), build, grid="bicubic"))
        assert find_architecture("own-rgb") == build("own-rgb")
        assert find_architecture("own-ycbcr") == build("own").in_color("ycbcr")
    finally:
        FAMILIES.unregister("own")


@pytest.mark.parametrize("name", ["srcnn-9-1-5-rgb", "slim-4x8-ycbcr"])
def test_it_starts_at_the_quality_of_its_input(name):
    network = initial_network(name, 3)
    plain = initial_network(name.rpartition("-")[0], 3)
    assert set(network.arrays) == set(plain.arrays)
    if network.architecture.global_skip == "none":
        for number, kernel in enumerate((network.arrays[f"conv{n}/kernel"] for n in (1, 2, 3)), 1):
            middle = kernel[kernel.shape[0] // 2, kernel.shape[1] // 2, :3, :3]
            np.testing.assert_array_equal(middle, np.eye(3), err_msg=f"layer {number}")


def test_a_weight_file_says_it(tmp_path):
    network = initial_network("slim-4x8-rgb", 3, "he")
    network = network.replace(info=WeightsInfo("slim-4x8-rgb", 3, "nothing", 0))
    path = tmp_path / "x.safetensors"
    write_network(path, network)
    again = read_network(path)
    assert again == network and again.architecture.color == "rgb"


def test_descriptions_of_luminance_are_what_they_were():
    values = find_architecture("srcnn-9-1-5").to_json()
    assert list(values) == ["name", "layers", "grid", "upscale", "global_skip", "channels"]
    assert values["channels"] == 1
    colored = find_architecture("srcnn-9-1-5-ycbcr").to_json()
    assert (colored["channels"], colored["color"]) == (3, "ycbcr")
    assert Architecture.from_json(json.loads(json.dumps(colored))).to_json() == colored
    for wrong in ({"channels": 1}, {"color": "lab"}, {"color": 3}, {"channels": "3"}):
        with pytest.raises((ValueError, TypeError)):
            Architecture.from_json({**colored, **wrong})
