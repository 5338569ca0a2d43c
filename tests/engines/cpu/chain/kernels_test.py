"""Each kernel alone, against its definition in NumPy."""

import numpy as np
import pytest
from llvmlite import ir

from srcnn_tf.engines.cpu.chain import direct_rows, gradient_rows, strip, winograd_rows
from srcnn_tf.engines.cpu.chain.inference import bfloat16_pairs
from srcnn_tf.engines.cpu.chain.plan import LayerCode, plan
from srcnn_tf.engines.cpu.function_builder import LANES, CompiledModule, has_bfloat16
from srcnn_tf.networks.architecture import Architecture, Layer
from srcnn_tf.networks.families.family import find_architecture

_TILES, _CHANNELS, _FILTERS = 3, 32, 16
_needs_bfloat16 = pytest.mark.skipif(
    not has_bfloat16(), reason="this processor has no products of bfloat16"
)


def _random(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


def _call(make, kinds, *arguments):
    """Compiles one kernel and calls it with arrays, their rows, and numbers."""
    module = ir.Module("one")
    function = make(module, "kernel")
    function.linkage = "external"
    CompiledModule(module, {function.name: kinds}).call(function.name, *arguments)


def _near(found, expected):
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5 * np.abs(expected).max())


@pytest.fixture(params=winograd_rows.SIDES)
def side(request):
    return request.param


def _blocks(rows, n):
    """The n x n x channels squares that tiles see."""
    return np.stack([rows[:, 4 * tile : 4 * tile + n] for tile in range(_TILES)])


def test_input_spectra(side):
    n, matrix = winograd_rows.samples(side), winograd_rows.matrices(side).inputs
    rows = _random(n, 4 * _TILES + side - 1, _CHANNELS)
    found = np.zeros((n * n, _TILES, _CHANNELS), np.float32)
    _call(
        lambda *where: winograd_rows.input_spectra(*where, side, _CHANNELS),
        "p" * n + "pii",
        *rows,
        found,
        _TILES * _CHANNELS,
        _TILES,
    )
    expected = np.einsum("ay,bx,tyxc->abtc", matrix, matrix, _blocks(rows, n))
    _near(found, expected.reshape(found.shape))


@pytest.mark.parametrize("tiles", [1, 5, 21])
@pytest.mark.parametrize("inputs", [3, 32])
@pytest.mark.parametrize("filters", [16, 48])
def test_products(tiles, inputs, filters):
    n = winograd_rows.samples(3)
    spectra, kernel = _random(n * n, tiles, _CHANNELS), _random(n * n, inputs, filters)
    found = np.zeros((n * n, tiles, filters), np.float32)
    _call(
        lambda *where: winograd_rows.products(*where, 3, inputs, _CHANNELS, filters),
        "pippii",
        spectra,
        tiles * _CHANNELS,
        kernel,
        found,
        tiles * filters,
        tiles,
    )
    _near(found, np.einsum("fti,fio->fto", spectra[..., :inputs], kernel))


def _rounded(values):
    """To bfloat16, by way of the largest float32 that is no nearer to the next one."""
    bits = values.view(np.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000).astype(np.uint32).view(np.float32)


def _unpacked(pairs):
    """(..., pairs, floats) to (..., pairs, floats, 2), of bfloat16 in float32."""
    bits = pairs.view(np.uint32)
    return np.stack([bits << 16, bits & 0xFFFF0000], -1).view(np.float32)


@_needs_bfloat16
def test_input_spectra_in_bfloat16(side):
    n, matrix = winograd_rows.samples(side), winograd_rows.matrices(side, True).inputs
    rows = _random(n, 4 * _TILES + side - 1, _CHANNELS)
    found = np.zeros((n * n, _TILES, _CHANNELS // 2), np.float32)
    _call(
        lambda *where: winograd_rows.input_spectra(*where, side, _CHANNELS, True),
        "p" * n + "pii",
        *rows,
        found,
        _TILES * _CHANNELS // 2,
        _TILES,
    )
    expected = np.einsum("ay,bx,tyxc->abtc", matrix, matrix, _blocks(rows, n))
    found = _unpacked(found).reshape(expected.shape)
    # Half a unit of the last of eight bits, and what float32 rounded before.
    np.testing.assert_allclose(found, expected, rtol=2**-8, atol=1e-5)


@_needs_bfloat16
@pytest.mark.parametrize("tiles", [1, 21])
@pytest.mark.parametrize("inputs", [3, 32])
@pytest.mark.parametrize("filters", [16, 48])
def test_products_in_bfloat16(tiles, inputs, filters):
    n = winograd_rows.samples(3)
    spectra, kernel = _rounded(_random(n * n, tiles, _CHANNELS)), _random(n * n, inputs, filters)
    spectra[..., inputs:] = 0
    found = np.zeros((n * n, tiles, filters), np.float32)
    _call(
        lambda *where: winograd_rows.products(*where, 3, inputs, _CHANNELS, filters, True),
        "pippii",
        bfloat16_pairs(np.ascontiguousarray(spectra.swapaxes(1, 2))).swapaxes(1, 2).copy(),
        tiles * _CHANNELS // 2,
        bfloat16_pairs(kernel),
        found,
        tiles * filters,
        tiles,
    )
    _near(found, np.einsum("fti,fio->fto", spectra[..., :inputs], _rounded(kernel)))


def test_pairs_of_bfloat16_are_rounded_to_the_nearest():
    kernel = np.array([[1.0], [1 + 2**-8], [1 + 3 * 2**-8], [-3.1415927], [2.0]], np.float32)
    pairs = bfloat16_pairs(kernel)
    assert pairs.shape == (3, 1)
    np.testing.assert_array_equal(_unpacked(pairs).ravel(), [1, 1, 1 + 2**-6, -3.140625, 2, 0])


@pytest.mark.parametrize("bfloat16", [False, True])
def test_result_rows(side, bfloat16):
    n, matrix = winograd_rows.samples(side), winograd_rows.matrices(side, bfloat16).outputs
    products, bias, slope = _random(n * n, _TILES, _FILTERS), _random(_FILTERS), _random(_FILTERS)
    added = _random(4, 4 * _TILES, _FILTERS)
    found, kept = np.zeros_like(added), np.zeros_like(added)
    _call(
        lambda *where: winograd_rows.result_rows(
            *where, side, _FILTERS, LayerCode("prelu", adds=True, keeps=True), bfloat16
        ),
        "p" * 12 + "pippi",
        *found,
        *added,
        *kept,
        products,
        _TILES * _FILTERS,
        bias,
        slope,
        _TILES,
    )
    squares = np.einsum("ya,xb,abtc->tyxc", matrix, matrix, products.reshape(n, n, _TILES, -1))
    expected = np.concatenate(list(squares), axis=1) + bias + added
    _near(kept, expected)
    _near(found, np.where(expected < 0, slope * expected, expected))


def test_gradient_spectra(side):
    n, matrix = winograd_rows.samples(side), winograd_rows.matrices(side).outputs
    rows = _random(4, 4 * _TILES, _FILTERS)
    found = np.zeros((n * n, _TILES, _FILTERS), np.float32)
    _call(
        lambda *where: winograd_rows.gradient_spectra(*where, side, _FILTERS),
        "p" * 4 + "pii",
        *rows,
        found,
        _TILES * _FILTERS,
        _TILES,
    )
    expected = np.einsum("ya,xb,tyxc->abtc", matrix, matrix, _blocks(rows, 4))
    _near(found, expected.reshape(found.shape))


@pytest.mark.parametrize("inputs", [5, 32])
def test_kernel_products(inputs):
    n = winograd_rows.samples(3)
    spectra, gradients = _random(n * n, _TILES, _CHANNELS), _random(n * n, _TILES, _FILTERS)
    sums = _random(n * n, inputs, _FILTERS)
    expected = sums + np.einsum("fti,fto->fio", spectra[..., :inputs], gradients)
    _call(
        lambda *where: winograd_rows.kernel_products(*where, 3, inputs, _CHANNELS, _FILTERS),
        "pipipi",
        spectra,
        _TILES * _CHANNELS,
        gradients,
        _TILES * _FILTERS,
        sums,
        _TILES,
    )
    _near(sums, expected)


def test_input_gradient_rows(side):
    n, matrix = winograd_rows.samples(side), winograd_rows.matrices(side).inputs
    spectra = _random(n * n, _TILES, _CHANNELS)
    rows = _random(n, 4 * _TILES + side - 1, _CHANNELS)
    expected = rows.copy()
    squares = np.einsum("ay,bx,abtc->tyxc", matrix, matrix, spectra.reshape(n, n, _TILES, -1))
    for tile, square in enumerate(squares):
        expected[:, 4 * tile : 4 * tile + n] += square
    _call(
        lambda *where: winograd_rows.input_gradient_rows(*where, side, _CHANNELS),
        "p" * n + "pii",
        *rows,
        spectra,
        _TILES * _CHANNELS,
        _TILES,
    )
    _near(rows, expected)


@pytest.mark.parametrize("transposed", [False, True])
def test_kernel_map(side, transposed):
    matrix = winograd_rows.matrices(side).kernel
    matrix = matrix.T if transposed else matrix
    source = _random(matrix.shape[1], matrix.shape[1], 2 * LANES)
    found = np.zeros((len(matrix), len(matrix), 2 * LANES), np.float32)
    _call(
        lambda *where: winograd_rows.kernel_map(*where, matrix),
        "ppi",
        source,
        found,
        2 * LANES,
    )
    _near(found, np.einsum("ay,bx,yxc->abc", matrix, matrix, source))


@pytest.mark.parametrize(
    ("size", "channels"),
    [(1, 16), (3, 1), (5, 16), pytest.param(9, 1, marks=pytest.mark.slow)],
)
def test_forward_row(size, channels):
    columns = 2 * 16 + 15  # Blocks of all sizes.
    rows = _random(size, columns + size - 1, channels)
    kernel, bias, slope = _random(size, size, channels, 48), _random(48), _random(48)
    found = np.zeros((columns, 48), np.float32)
    _call(
        lambda *where: direct_rows.forward_row(
            *where, size, channels, 48, LayerCode("relu", adds=False)
        ),
        "p" * size + "pppppp" + "i",
        *rows,
        kernel,
        bias,
        slope,
        found,
        found,
        found,
        columns,
    )
    windows = np.lib.stride_tricks.sliding_window_view(rows, size, axis=1)
    _near(found, np.maximum(np.einsum("ywcx,yxco->wo", windows, kernel) + bias, 0))


@pytest.mark.parametrize(("size", "channels"), [(1, 16), (3, 1), (5, 16)])
def test_kernel_gradient_row(size, channels):
    columns = 9
    row, gradients = _random(columns + size - 1, channels), _random(columns, 32)
    sums = _random(size, channels, 32)
    windows = np.lib.stride_tricks.sliding_window_view(row, size, axis=0)
    expected = sums + np.einsum("wcx,wo->xco", windows, gradients)
    _call(
        lambda *where: direct_rows.kernel_gradient_row(*where, size, channels, 32),
        "pppi",
        row,
        gradients,
        sums,
        columns,
    )
    _near(sums, expected)


def test_activation_row_sums_what_biases_and_slopes_get():
    given, kept, slope = _random(9, 16), _random(16, 9).reshape(9, 16), _random(16)
    result, bias_sums, slope_sums = np.zeros_like(given), _random(16), _random(16) + 1
    bias_before, slope_before = bias_sums.copy(), slope_sums.copy()
    _call(
        lambda *where: gradient_rows.activation_row(*where, 16, "prelu"),
        "ppppppi",
        given,
        kept,
        slope,
        result,
        bias_sums,
        slope_sums,
        9,
    )
    expected = np.where(kept < 0, slope * given, given)
    _near(result, expected)
    _near(bias_sums, bias_before + expected.sum(axis=0))
    _near(slope_sums, slope_before + (given * np.minimum(kept, 0)).sum(axis=0))


def test_layers_that_are_alike_share_their_code():
    def steps(name):
        module = strip.strip_module(plan(find_architecture(name, 2)))
        return sum(each.startswith("layer_step") for each in module.globals)

    # The first, those between, and the last.
    assert steps("slim-10x16") == steps("slim-4x16") == 3


@pytest.mark.parametrize("skip", ["none", "nearest"])
def test_pixels_row_is_depth_to_space(skip):
    planned = plan(Architecture("three", (Layer(3, 9),), "low", 3, skip))
    row, plane = _random(7, 16), _random(7)
    found = np.zeros((3, 21), np.float32)
    _call(
        lambda module, _: strip.pixels_row(module, planned),
        "pppii",
        row,
        plane,
        found,
        21,
        7,
    )
    expected = row[:, :9].reshape(7, 3, 3).transpose(1, 0, 2).reshape(3, 21)
    _near(found, expected + (np.repeat(plane, 3) if skip == "nearest" else 0))
