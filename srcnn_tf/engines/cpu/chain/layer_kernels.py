"""`LayerKernels`: the functions of a module that run layers, each emitted when first asked for."""

from llvmlite import ir

from srcnn_tf.engines.cpu.chain import direct_rows, winograd_rows
from srcnn_tf.engines.cpu.chain.plan import CHUNK, GROUP, PLANE_GAP, LayerCode, LayerPlan
from srcnn_tf.engines.cpu.function_builder import FunctionBuilder, new_function


class LayerKernels:
    """Emits kernels into a module; layers of equal shape share theirs."""

    def __init__(self, module: ir.Module):
        """Takes the module that gets them."""
        self._module = module
        self._made: dict[tuple, ir.Function] = {}

    def get(self, make, *arguments):
        """Returns `make(module, name, *arguments)`, made once."""
        key = (make, *arguments)
        if key not in self._made:
            name = f"{make.__name__}_{len(self._made)}"
            self._made[key] = make(self._module, name, *arguments)
        return self._made[key]

    def input_spectra(self, layer: LayerPlan):
        """As `winograd_rows.input_spectra`."""
        return self.get(winograd_rows.input_spectra, layer.side, layer.channels, layer.bfloat16)

    def products(self, layer: LayerPlan):
        """As `winograd_rows.products`."""
        return self.get(
            winograd_rows.products,
            layer.side,
            layer.inputs,
            layer.channels,
            layer.filters,
            layer.bfloat16,
        )

    def result_rows(self, layer: LayerPlan, code: LayerCode):
        """As `winograd_rows.result_rows`."""
        return self.get(winograd_rows.result_rows, layer.side, layer.filters, code, layer.bfloat16)

    def forward_row(self, layer: LayerPlan, code: LayerCode):
        """As `direct_rows.forward_row`."""
        return self.get(direct_rows.forward_row, layer.side, layer.channels, layer.filters, code)

    def group(self, layer: LayerPlan, code: LayerCode):
        """As `_tiled_group` or `_direct_group`: four rows of a layer."""
        make = _tiled_group if layer.method == "winograd" else _direct_group
        shape = layer.side, layer.inputs, layer.channels, layer.filters, layer.bfloat16
        key = (make, *shape, code)
        if key not in self._made:
            self._made[key] = make(self, self._module, f"group_{len(self._made)}", layer, code)
        return self._made[key]

    def copy_pixel(self, filters: int):
        """As `_extend_row`."""
        return self.get(_extend_row, filters)


# Rows of inputs, four of results, four of what is added; kernel, biases, slopes; two buffers of
# scratch; columns.
def _group_arguments(layer):
    return "p" * (layer.samples + 2 * GROUP) + "ppp" + "pp" + "i"


def _group_code(module, name, layer):
    code = new_function(module, name, _group_arguments(layer))
    arguments, n = code.function.args, layer.samples
    inputs, results = arguments[:n], arguments[n : n + GROUP]
    added = arguments[n + GROUP : n + 2 * GROUP]
    return code, inputs, results, added, arguments[n + 2 * GROUP :]


def _tiled_group(kernels, module, name, layer, layer_code):
    """Four rows by Winograd's convolution; up to three more columns are computed."""
    steps = (
        kernels.input_spectra(layer),
        kernels.products(layer),
        kernels.result_rows(layer, layer_code),
    )
    code, inputs, results, added, rest = _group_code(module, name, layer)
    kernel, biases, slopes, spectra, products, columns = rest
    tiles = code.quotient(code.add(columns, GROUP - 1), GROUP)
    spectra_plane = CHUNK * layer.spectrum_floats + PLANE_GAP
    products_plane = CHUNK * layer.filters + PLANE_GAP

    def at_chunk(first):
        count = code.minimum(code.subtract(tiles, first), CHUNK)
        column = code.multiply(first, GROUP)

        def there(rows, floats):
            return [code.offset(row, code.multiply(column, floats)) for row in rows]

        code.call(steps[0], *there(inputs, layer.channels), spectra, spectra_plane, count)
        code.call(steps[1], spectra, spectra_plane, kernel, products, products_plane, count)
        outputs, extra = there(results, layer.filters), there(added, layer.filters)
        code.call(
            steps[2], *outputs, *extra, *outputs, products, products_plane, biases, slopes, count
        )

    code.loop(0, tiles, CHUNK, at_chunk)
    code.end()
    return code.function


def _direct_group(kernels, module, name, layer, layer_code):
    """Four rows by direct convolution."""
    row = kernels.forward_row(layer, layer_code)
    code, inputs, results, added, rest = _group_code(module, name, layer)
    kernel, biases, slopes, _, _, columns = rest
    for y in range(GROUP):
        seen = inputs[y : y + layer.side]
        code.call(row, *seen, kernel, biases, slopes, added[y], results[y], results[y], columns)
    code.end()
    return code.function


def _extend_row(module, name, filters):
    """Copies one pixel to `count` places. Arguments: pixel, the first place, count."""
    code: FunctionBuilder = new_function(module, name, "ppi")
    pixel, places, count = code.function.args
    lanes = range(0, filters, 16)
    values = [code.load(pixel, lane) for lane in lanes]

    def at_place(place):
        for lane, value in zip(lanes, values, strict=True):
            code.store(value, places, code.add(code.multiply(place, filters), lane))

    code.loop(0, count, 1, at_place)
    code.end()
    return code.function
