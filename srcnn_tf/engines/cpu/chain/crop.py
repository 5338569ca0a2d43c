"""`differentiate`: one training crop, all layers forward, loss, and all layers backward.

Unlike a strip's, everything stays in memory, since gradients need it. Winograd's convolution is a
linear map, a product at each frequency, and another linear map; gradients go back through these
maps' transposes, so that those of inputs and of kernels take as few products as the forward pass,
and both share the spectra of the results' gradients. Kernels' gradients are summed as spectra over
the whole batch, and transformed back once.
"""

from llvmlite import ir

from srcnn_tf.engines.cpu.chain import direct_rows, gradient_rows, loss_pixels, winograd_rows
from srcnn_tf.engines.cpu.chain.crop_layout import CropLayout
from srcnn_tf.engines.cpu.chain.layer_kernels import LayerKernels
from srcnn_tf.engines.cpu.chain.plan import GROUP, LayerCode
from srcnn_tf.engines.cpu.function_builder import CompiledModule, new_function

# memory, weights, transposed weights, sums, target; two doubles, as of `loss_function`.
ARGUMENTS = "pppppp"


def compile_crop(layout: CropLayout, loss: str) -> CompiledModule:
    """Compiles what the gradients of crops of one size take.

    - `differentiate`, see `ARGUMENTS`: from the plane in `memory`, which is padded already, adds to
      the gradients of all weights, laid out as the weights are, and to the loss;
    - `spectrum_3(kernel, spectrum, count)`, `gradient_3(spectrum, kernel, count)`, and so on, for
      each side of kernel: see `winograd_rows.kernel_map`.
    """
    module = ir.Module("crop")
    maps: dict[str, str] = {}
    for side in sorted({n.side for n in layout.plan.layers if n.method == "winograd"}):
        matrix = winograd_rows.matrices(side).kernel
        winograd_rows.kernel_map(module, f"spectrum_{side}", matrix)
        winograd_rows.kernel_map(module, f"gradient_{side}", matrix.T)
        maps |= {f"spectrum_{side}": "ppi", f"gradient_{side}": "ppi"}
    kernels = LayerKernels(module)
    forward = _Forward(module, layout, kernels).emit()
    compare = loss_pixels.loss_function(module, "compare", layout, loss)
    backward = _Backward(module, layout, kernels).emit()
    code = new_function(module, "differentiate", ARGUMENTS, internal=False)
    memory, weights, transposed, sums, target, numbers = code.function.args
    code.call(forward, memory, weights)
    code.call(compare, memory, target, numbers)
    code.call(backward, memory, weights, transposed, sums)
    code.end()
    return CompiledModule(module, {"differentiate": ARGUMENTS, **maps})


class _Pass:
    def __init__(self, module, layout, kernels):
        self.module, self.layout, self.kernels = module, layout, kernels
        self.layers = layout.layers()
        self.products, self.spectra_gradients = layout.products

    def begin(self, name, arguments):
        self.code = new_function(self.module, name, arguments)
        self.memory = self.code.function.args[0]

    def at(self, place):
        return self.code.offset(self.memory, place)

    def pixel(self, buffer, row, column=0):
        """Where a pixel of a buffer is; `row` may be a value."""
        code = self.code
        place = code.add(code.multiply(row, buffer.pitch), buffer.place + column * buffer.floats)
        return self.at(place)

    def rows(self, buffer, first, count, column=0):
        return [self.pixel(buffer, self.code.add(first, i), column) for i in range(count)]

    def weights_of(self, number, pointer):
        return [self.code.offset(pointer, place) for place in self.layout.plan.offsets()[number]]

    def result_of(self, number):
        """Buffer of a layer's results, and at which pixel of a row and column they begin."""
        if number + 1 < len(self.layers):
            return self.layers[number + 1].inputs, self.layers[number + 1].padding
        return self.layout.results, 0

    def gradient_of(self, number):
        """The same of the gradients at them."""
        if number + 1 < len(self.layers):
            return self.layers[number + 1].input_gradients, self.layers[number + 1].padding
        return self.layout.result_gradients, 0

    def border_between(self, earlier, number):
        """Pixels that a layer's results have less on each side than an earlier layer's."""
        return (self.layers[earlier].side - self.layers[number].side) // 2


class _Forward(_Pass):
    def emit(self):
        codes = [
            LayerCode(n.plan.activation, bool(n.plan.skip), n.plan.activation != "none")
            for n in self.layers
        ]
        functions = [
            self._functions(n.plan, each) for n, each in zip(self.layers, codes, strict=True)
        ]
        copies = [self.kernels.copy_pixel(n.plan.filters) for n in self.layers]
        self.begin("forward", "pp")
        for number, layer in enumerate(self.layers):
            compute = self._tiled if layer.plan.method == "winograd" else self._direct
            compute(number, layer, functions[number])
            if number + 1 < len(self.layers):
                self._pad(self.layers[number + 1], layer.side, copies[number])
        self.code.end()
        return self.code.function

    def _functions(self, plan, code):
        if plan.method == "winograd":
            return (
                self.kernels.input_spectra(plan),
                self.kernels.products(plan),
                self.kernels.result_rows(plan, code),
            )
        return (self.kernels.forward_row(plan, code),)

    def _added(self, number, row, count):
        """Rows of what an earlier layer gave, as they lie over this layer's results."""
        skip = self.layers[number].plan.skip
        buffer, start = self.result_of(number - skip if skip else number)
        border = self.border_between(number - skip, number) if skip else 0
        first = self.code.add(row, start + border)
        return self.rows(buffer, first, count, start + border)

    def _tiled(self, number, layer, functions):
        code, plan = self.code, layer.plan
        kernel, biases, slopes = self.weights_of(number, self.code.function.args[1])
        spectra, products = self.at(layer.spectra), self.at(self.products)

        def transform(group):
            rows = self.rows(layer.inputs, code.multiply(group, GROUP), plan.samples)
            target = code.offset(spectra, code.multiply(group, layer.tiles * plan.channels))
            code.call(functions[0], *rows, target, layer.spectra_plane, layer.tiles)

        def finish(group):
            first = code.multiply(group, GROUP)
            buffer, start = self.result_of(number)
            results = self.rows(buffer, code.add(first, start), GROUP, start)
            kept = self.rows(layer.kept, first, GROUP)
            source = code.offset(products, code.multiply(group, layer.tiles * plan.filters))
            added = self._added(number, first, GROUP)
            code.call(
                functions[2],
                *results,
                *added,
                *kept,
                source,
                layer.products_plane,
                biases,
                slopes,
                layer.tiles,
            )

        code.loop(0, layer.tiles, 1, transform)
        code.call(
            functions[1],
            spectra,
            layer.spectra_plane,
            kernel,
            products,
            layer.products_plane,
            layer.tile_count,
        )
        code.loop(0, layer.tiles, 1, finish)

    def _direct(self, number, layer, functions):
        code = self.code
        weights = self.weights_of(number, self.code.function.args[1])

        def at_row(row):
            inputs = self.rows(layer.inputs, row, layer.plan.side)
            buffer, start = self.result_of(number)
            result = self.pixel(buffer, code.add(row, start), start)
            (added,) = self._added(number, row, 1)
            kept = self.pixel(layer.kept, row)
            code.call(functions[0], *inputs, *weights, added, result, kept, layer.side)

        code.loop(0, layer.side, 1, at_row)

    def _pad(self, following, side, copy):
        """Replicate padding of the next layer's inputs."""
        code, padding, buffer = self.code, following.padding, following.inputs
        if not padding:
            return

        def at_row(row):
            line = code.add(row, padding)
            first = self.pixel(buffer, line, padding)
            last = self.pixel(buffer, line, padding + side - 1)
            code.call(copy, first, self.pixel(buffer, line), padding)
            code.call(copy, last, self.pixel(buffer, line, padding + side), padding)

        code.loop(0, side, 1, at_row)
        for source, targets in (
            (padding, range(padding)),
            (padding + side - 1, range(padding + side, 2 * padding + side)),
        ):
            for target in targets:

                def at_column(column, source=source, target=target):
                    place = code.multiply(column, buffer.floats)
                    from_ = code.offset(self.pixel(buffer, code.add(source, 0)), place)
                    to = code.offset(self.pixel(buffer, code.add(target, 0)), place)
                    code.call(copy, from_, to, 1)

                code.loop(0, side + 2 * padding, 1, at_column)


class _Backward(_Pass):
    def emit(self):
        get = self.kernels.get
        self.add_row, self.clear = get(gradient_rows.add_row), get(gradient_rows.clear)
        activation_rows = [
            get(gradient_rows.activation_row, n.plan.filters, n.plan.activation)
            for n in self.layers
        ]
        functions = [self._functions(number, n.plan) for number, n in enumerate(self.layers)]
        self.begin("backward", "pppp")
        for number in reversed(range(len(self.layers))):
            layer = self.layers[number]
            self._skips(number)
            self._activation(number, layer, activation_rows[number])
            through = self._tiled if layer.plan.method == "winograd" else self._direct
            through(number, layer, functions[number])
            if number:
                self._fold(layer)
        self.code.end()
        return self.code.function

    def _functions(self, number, plan):
        get = self.kernels.get
        if plan.method == "winograd":
            made = [
                get(winograd_rows.gradient_spectra, plan.side, plan.filters),
                get(
                    winograd_rows.kernel_products,
                    plan.side,
                    plan.inputs,
                    plan.channels,
                    plan.filters,
                ),
            ]
            if number:
                made += [
                    get(
                        winograd_rows.products,
                        plan.side,
                        plan.outputs,
                        plan.filters,
                        plan.channels,
                    ),
                    get(winograd_rows.input_gradient_rows, plan.side, plan.channels),
                ]
            return made
        made = [get(direct_rows.kernel_gradient_row, plan.side, plan.channels, plan.filters)]
        if number:
            back = LayerCode("none", adds=False)
            made.append(get(direct_rows.forward_row, plan.side, plan.filters, plan.channels, back))
        return made

    def _skips(self, number):
        """Adds the gradients of those layers that had this one's results added."""
        code = self.code
        for later in range(number + 1, len(self.layers)):
            if self.layers[later].plan.skip != later - number:
                continue
            source = self.layers[later]
            target, start = self.gradient_of(number)
            start += self.border_between(number, later)

            def at_row(row, source=source, target=target, start=start):
                margin = source.gradient_margin
                code.call(
                    self.add_row,
                    self.pixel(target, code.add(row, start), start),
                    self.pixel(source.gradients, code.add(row, margin), margin),
                    source.side * source.plan.filters,
                )

            code.loop(0, source.side, 1, at_row)

    def _activation(self, number, layer, function):
        code, margin = self.code, layer.gradient_margin
        weights, _, sums = code.function.args[1:]
        slopes = self.weights_of(number, weights)[2]
        _, bias_sums, slope_sums = self.weights_of(number, sums)
        given, start = self.gradient_of(number)

        def at_row(row):
            code.call(
                function,
                self.pixel(given, code.add(row, start), start),
                self.pixel(layer.kept, row),
                slopes,
                self.pixel(layer.gradients, code.add(row, margin), margin),
                bias_sums,
                slope_sums,
                layer.side,
            )

        code.loop(0, layer.side, 1, at_row)

    def _tiled(self, number, layer, functions):
        code, plan = self.code, layer.plan
        _, transposed, sums = code.function.args[1:]
        products, spectra = self.at(self.products), self.at(layer.spectra)

        def transform(group):
            rows = self.rows(layer.gradients, code.multiply(group, GROUP), GROUP)
            target = code.offset(products, code.multiply(group, layer.tiles * plan.filters))
            code.call(functions[0], *rows, target, layer.products_plane, layer.tiles)

        code.loop(0, layer.tiles, 1, transform)
        code.call(
            functions[1],
            spectra,
            layer.spectra_plane,
            products,
            layer.products_plane,
            self.weights_of(number, sums)[0],
            layer.tile_count,
        )
        if not number:
            return
        back = self.at(self.spectra_gradients)
        kernel = code.offset(transposed, self.layout.backward_offsets()[number])
        code.call(
            functions[2],
            products,
            layer.products_plane,
            kernel,
            back,
            layer.spectra_plane,
            layer.tile_count,
        )
        target = layer.input_gradients
        code.call(self.clear, self.at(target.place), target.rows * target.pitch)

        def add(group):
            rows = self.rows(target, code.multiply(group, GROUP), plan.samples)
            source = code.offset(back, code.multiply(group, layer.tiles * plan.channels))
            code.call(functions[3], *rows, source, layer.spectra_plane, layer.tiles)

        code.loop(0, layer.tiles, 1, add)

    def _direct(self, number, layer, functions):
        code, plan, margin = self.code, layer.plan, layer.gradient_margin
        _, transposed, sums = code.function.args[1:]
        kernel_sums = self.weights_of(number, sums)[0]
        per_row = plan.side * plan.channels * plan.filters

        def sum_row(row):
            gradients = self.pixel(layer.gradients, code.add(row, margin), margin)
            for y in range(plan.side):
                inputs = self.pixel(layer.inputs, code.add(row, y))
                target = code.offset(kernel_sums, y * per_row)
                code.call(functions[0], inputs, gradients, target, layer.side)

        code.loop(0, layer.side, 1, sum_row)
        if not number:
            return
        kernel = code.offset(transposed, self.layout.backward_offsets()[number])
        zeros = code.offset(transposed, self.layout.backward_offsets()[-1])

        def back_row(row):
            gradients = self.rows(layer.gradients, row, plan.side)
            result = self.pixel(layer.input_gradients, row)
            columns = layer.side + plan.side - 1
            code.call(
                functions[1], *gradients, kernel, zeros, zeros, result, result, result, columns
            )

        code.loop(0, layer.side + plan.side - 1, 1, back_row)

    def _fold(self, layer):
        """Adds the gradients at pixels that were copies to those of the pixels they copied."""
        code, padding, buffer = self.code, layer.padding, layer.input_gradients
        if not padding:
            return
        # With replicate padding a layer's results are as many as its inputs.
        side = layer.side
        last = padding + side - 1

        def add_pixel(row, to, from_):
            code.call(
                self.add_row,
                self.pixel(buffer, row, to),
                self.pixel(buffer, row, from_),
                buffer.floats,
            )

        def at_row(row):
            for x in range(padding):
                add_pixel(row, padding, x)
                add_pixel(row, last, last + 1 + x)

        code.loop(0, side + 2 * padding, 1, at_row)
        for y in range(padding):
            for to, from_ in ((padding, y), (last, last + 1 + y)):
                code.call(
                    self.add_row,
                    self.pixel(buffer, code.add(to, 0), padding),
                    self.pixel(buffer, code.add(from_, 0), padding),
                    side * buffer.floats,
                )
