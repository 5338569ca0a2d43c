"""Any chain of convolutions on the CPU gives what NumPy gives, at every size."""

import numpy as np
import pytest
from drawn_networks import EVERYTHING, drawn

from srcnn_tf.engines.cpu.chain import inference, register_blocks
from srcnn_tf.engines.cpu.chain import plan as planning
from srcnn_tf.engines.cpu.chain.plan import plan, supports
from srcnn_tf.engines.cpu.function_builder import has_bfloat16
from srcnn_tf.engines.numpy_engine import numpy_runner
from srcnn_tf.networks.architecture import ACTIVATIONS, Architecture, Layer
from srcnn_tf.networks.families.family import find_architecture

# Sides below, at and above a tile, a group of rows, a chunk of tiles, a strip, and a band of rows.
_SIZES = [(1, 1), (2, 1), (1, 9), (5, 7), (8, 8), (13, 92), (30, 97), (131, 50), (260, 200)]
_needs_bfloat16 = pytest.mark.skipif(
    not has_bfloat16(), reason="this processor has no products of bfloat16"
)
_NAMED = [("slim-4x8", 2), ("slim-10x16", 4), ("slim-4x32", 3), ("fsrcnn", 3), ("espcn", 2)]


def _random_architecture(seed):
    random = np.random.default_rng(seed)
    layers, filters = [], []
    for number in range(random.integers(1, 6)):
        skips = [k for k in range(1, number + 1) if random.random() < 0.5]
        skip = int(skips[0]) if skips else 0
        count = filters[number - skip] if skip else int(random.integers(1, 40))
        side = int(random.choice([1, 3, 3, 5, 7, 9]))
        layers.append(Layer(side, count, str(random.choice(ACTIVATIONS)), skip))
        filters.append(count)
    upscale = int(random.integers(1, 5))
    layers.append(Layer(int(random.choice([1, 3, 5])), upscale**2))
    skip = str(random.choice(["none", "nearest", "bicubic"]))
    return Architecture(f"random-{seed}", tuple(layers), "low", upscale, skip)


def _assert_agrees(architecture, sizes=_SIZES, threads=2):
    network = drawn(architecture)
    ours = inference.chain_runner(architecture, network.arrays, threads)
    theirs = numpy_runner(architecture, network.arrays)
    for size in sizes:
        plane = np.random.default_rng(1).random(size, np.float32)
        expected = theirs(plane)
        found = ours(plane)
        assert found.dtype == np.float32
        tolerance = 1e-5 * max(1, np.abs(expected).max())
        np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance, err_msg=str(size))


@pytest.mark.parametrize("architecture", EVERYTHING, ids=lambda each: each.name)
def test_everything_that_can_be_stated_runs(architecture):
    assert supports(architecture)
    _assert_agrees(architecture, [(1, 1), (1, 9), (13, 30)])


def test_a_plane_that_was_turned_is_read_in_its_rows():
    architecture = find_architecture("slim-4x8", 2)
    run = inference.chain_runner(architecture, drawn(architecture).arrays)
    plane = np.random.default_rng(0).random((30, 21), np.float32)
    for turned in (plane.T, plane[::-1, ::2], plane[:, ::-1]):
        np.testing.assert_array_equal(run(turned), run(turned.copy()))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "scale"), _NAMED)
def test_every_size_gives_what_numpy_gives(name, scale):
    _assert_agrees(find_architecture(name, scale))


@pytest.mark.parametrize("size", [(1, 1), (9, 1), (13, 92), (131, 50)])
def test_sizes_give_what_numpy_gives(size):
    _assert_agrees(find_architecture("slim-2x16", 2), [size])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_random_architectures_give_what_numpy_gives(seed):
    _assert_agrees(_random_architecture(seed), [(1, 1), (3, 17), (37, 21)])


def test_sides_beyond_nine_are_left_to_others():
    assert not supports(Architecture("wide", (Layer(11, 1),)))


@pytest.mark.parametrize("threads", [1, 3, 8])
def test_the_number_of_threads_changes_nothing_but_rounding(threads):
    _assert_agrees(find_architecture("slim-2x16", 2), [(70, 110), (7, 300)], threads)


@pytest.mark.parametrize("lanes", [4, 8, 16])
def test_code_for_other_registers_gives_the_same(lanes, monkeypatch):
    monkeypatch.setattr(register_blocks, "register_lanes", lambda: lanes)
    layers = (Layer(5, 20, "prelu"), Layer(3, 40, "relu"), Layer(3, 4))
    # Compiled code is kept by what an architecture is, its name included.
    _assert_agrees(Architecture(f"lanes-{lanes}", layers, "low", 2), [(9, 45)])


@pytest.mark.parametrize("floats", [1, 10**7])
def test_the_width_of_strips_changes_nothing_but_rounding(floats, monkeypatch):
    monkeypatch.setattr(planning, "RING_FLOATS", floats)
    _assert_agrees(find_architecture("slim-2x16", 3), [(20, 300)])


def test_one_bad_pixel_spoils_no_more_than_it_must():
    """What is not a number stays within the halo, rounded up to whole tiles."""
    architecture = find_architecture("slim-4x16", 2)
    enhance = inference.chain_runner(architecture, drawn(architecture).arrays)
    plane = np.random.default_rng(0).random((100, 100), np.float32)
    expected = enhance(plane)
    plane[50, 50] = np.nan
    found = enhance(plane)
    reach = 2 * (architecture.halo + 4 * len(architecture.layers))
    np.testing.assert_array_equal(found[: 100 - reach], expected[: 100 - reach])
    assert np.isnan(found[100, 100])
    # The buffers that a later picture finds are those of this one.
    np.testing.assert_array_equal(enhance(np.nan_to_num(plane))[:10], expected[:10])


@pytest.mark.parametrize("left", [np.nan, 1e30])
def test_what_others_left_in_memory_changes_no_bit(left, monkeypatch):
    architecture = find_architecture("slim-4x16", 2)
    run = inference.chain_runner(architecture, drawn(architecture).arrays, 2)
    planes = [np.random.default_rng(0).random(size, np.float32) for size in [(13, 30), (37, 50)]]
    expected = [run(plane) for plane in planes]
    monkeypatch.setattr(
        inference, "thread_scratch", lambda floats: np.full(floats, left, np.float32)
    )
    for plane, result in zip(planes, expected, strict=True):
        np.testing.assert_array_equal(run(plane), result)


@_needs_bfloat16
@pytest.mark.parametrize(
    "name",
    [
        "slim-2x16",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("espcn", "srcnn-9-5-5")),
    ],
)
def test_products_in_bfloat16_lose_about_a_hundredth(name):
    architecture = find_architecture(name, 2)
    network = drawn(architecture)
    coarse = inference.chain_runner(architecture, network.arrays, 2, bfloat16=True)
    exact = inference.chain_runner(architecture, network.arrays, 2)
    for size in [(1, 1), (9, 1), (13, 92), (131, 50)]:
        plane = np.random.default_rng(1).random(size, np.float32)
        expected = exact(plane)
        error = np.sqrt(np.mean((coarse(plane) - expected) ** 2))
        assert 0 < error < 0.03 * max(1, np.abs(expected).max())
    np.testing.assert_array_equal(exact(plane), expected)


@_needs_bfloat16
@pytest.mark.parametrize(
    "architecture",
    [*EVERYTHING, find_architecture("slim-2x16-rgb", 2), find_architecture("srcnn-9-1-5-rgb")],
    ids=lambda each: each.name,
)
def test_all_runs_in_bfloat16_where_layers_have_it(architecture):
    network, shape = drawn(architecture), (13, 30, *architecture.color_mode.plane_axes)
    plane = np.random.default_rng(1).random(shape, np.float32)
    found = inference.chain_runner(architecture, network.arrays, 2, bfloat16=True)(plane)
    expected = numpy_runner(architecture, network.arrays)(plane)
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.1 * np.abs(expected).max())


def test_the_last_layer_stays_float32():
    layers = plan(find_architecture("slim-4x16", 2), bfloat16=True).layers
    assert [layer.bfloat16 for layer in layers] == [False, *[True] * 4, False]
    assert not any(layer.bfloat16 for layer in plan(find_architecture("slim-4x16", 2)).layers)


def test_winograd_is_used_where_it_saves():
    methods = [layer.method for layer in plan(find_architecture("fsrcnn", 3)).layers]
    assert methods == ["direct", "direct", *["winograd"] * 4, "direct", "winograd"]
