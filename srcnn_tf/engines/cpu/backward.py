"""Vector code that takes gradients (gradients of the loss) back through the layers, row by row.

Winograd's convolution computes outputs = A (kernel spectrum * input spectrum) with linear maps
before and after the product; gradients go back through the transposes of these maps, and the
products are as few as in the forward pass.
"""

from srcnn_tf.engines.cpu import convolution
from srcnn_tf.engines.cpu.filtering import apply_columns, apply_rows
from srcnn_tf.engines.cpu.function_builder import LANES, new_function
from srcnn_tf.engines.cpu.shape import TILE
from srcnn_tf.engines.cpu.winograd import filtering_matrices


def second_gradients_row(module, crop):
    """One row of the second layer's gradients, in the place of its values: zero where they are.

    The transpose of a convolution is one with the kernel turned by 180 degrees, over gradients with
    zeros around them. Arguments as of `convolution.first_row`.
    """
    return convolution.plane_row(
        module,
        crop.shape,
        "second_gradients_row",
        size=crop.shape.kernel_sizes[2],
        filters=crop.shape.filters[1],
        finish=lambda code, value, result, place: code.where_positive(
            code.load(result, place), value
        ),
    )


def third_kernel_row(module, crop):
    """Adds what one row of the result gives to the gradients of the third layer's kernel.

    Arguments: the second layer's rows (at the first that this row sees), the result's gradients in
    this row, kernel gradients (taps, filters).
    """
    code = new_function(module, "third_kernel_row", "ppp")
    values, gradients, kernel = code.function.args
    size, filters = crop.shape.kernel_sizes[2], crop.shape.filters[1]
    pitch = crop.second_columns * filters

    def at_tap_row(tap_row):
        line = code.offset(values, code.multiply(tap_row, pitch))
        taps = code.offset(kernel, code.multiply(tap_row, size * filters))
        for first in range(0, filters, LANES):
            sums = [code.load(taps, tap * filters + first) for tap in range(size)]

            def at_column(column, sums, first=first):
                gradient = code.splat(code.load_scalar(gradients, column))
                pixel = code.offset(line, code.multiply(column, filters))
                return [
                    code.multiply_add(gradient, code.load(pixel, tap * filters + first), total)
                    for tap, total in enumerate(sums)
                ]

            sums = code.loop(0, crop.third_side, 1, at_column, sums)
            for tap, total in enumerate(sums):
                code.store(total, taps, tap * filters + first)

    code.loop(0, size, 1, at_tap_row)
    code.end()
    return code.function


def add_pixels(module, filters):
    """Adds all pixels of a layer to one: the gradients of its biases.

    Arguments: pixels (count, filters), count, result (filters).
    """
    code = new_function(module, "add_pixels", "pip")
    pixels, count, result = code.function.args
    vectors = range(0, filters, LANES)

    def at_pixel(pixel, sums):
        here = code.offset(pixels, code.multiply(pixel, filters))
        return [
            code.builder.fadd(total, code.load(here, first))
            for first, total in zip(vectors, sums, strict=True)
        ]

    sums = code.loop(0, count, 1, at_pixel, [code.load(result, first) for first in vectors])
    for first, total in zip(vectors, sums, strict=True):
        code.store(total, result, first)
    code.end()
    return code.function


def gradient_spectra(module, crop):
    """One row of tiles of the second layer's gradients to spectra (64, tiles, filters).

    Arguments: the gradients' rows (at the first of this row of tiles), spectra (at the first tile).
    """
    code = new_function(module, "gradient_spectra", "pp")
    gradients, spectra = code.function.args
    outputs, filters = crop.shape.outputs, crop.shape.filters[1]
    matrix = filtering_matrices(crop.shape.kernel_sizes[1]).outputs.T
    pitch = crop.second_columns * filters

    def at_tile(tile):
        def at_filters(first):
            corner = code.offset(gradients, code.add(code.multiply(tile, outputs * filters), first))
            halves = []
            for x in range(outputs):
                samples = [code.load(corner, y * pitch + x * filters) for y in range(outputs)]
                halves.append(apply_rows(code, matrix, samples))
            target = code.offset(spectra, code.add(code.multiply(tile, filters), first))
            for y in range(TILE):
                values = apply_rows(code, matrix, [half[y] for half in halves])
                for x, value in enumerate(values):
                    code.store(value, target, (y * TILE + x) * crop.products_plane)

        code.loop(0, filters, LANES, at_filters)

    code.loop(0, crop.tiles_across, 1, at_tile)
    code.end()
    return code.function


def kernel_products(module, crop):
    """At each frequency, adds inputs' spectra, transposed, times gradients' to the kernel's.

    Arguments: spectra of the first layer (64, tiles, inputs), of the second layer's gradients (64,
    tiles, filters), kernel gradients (64, inputs, filters).
    """
    code = new_function(module, "kernel_products", "ppp")
    spectra, gradients, kernel = code.function.args
    inputs, filters = crop.shape.filters
    vectors = min(crop.shape.vectors, filters // LANES)

    def at_frequency(frequency):
        inputs_here = code.offset(spectra, code.multiply(frequency, crop.spectra_plane))
        gradients_here = code.offset(gradients, code.multiply(frequency, crop.products_plane))
        kernel_here = code.offset(kernel, code.multiply(frequency, inputs * filters))

        def at_inputs(block):
            def at_block(channel):
                target = code.offset(kernel_here, code.multiply(channel, filters))
                source = code.offset(inputs_here, channel)
                for first in range(0, filters, vectors * LANES):
                    lanes = range(first, first + vectors * LANES, LANES)
                    places = [i * filters + lane for i in range(block) for lane in lanes]

                    def at_tile(tile, sums, first=first):
                        row = code.offset(gradients_here, code.multiply(tile, filters))
                        factors = [code.load(row, first + v * LANES) for v in range(vectors)]
                        column = code.offset(source, code.multiply(tile, inputs))
                        return code.fma_block(sums, column, range(block), factors)

                    sums = [code.load(target, place) for place in places]
                    sums = code.loop(0, crop.tiles, 1, at_tile, sums)
                    for place, total in zip(places, sums, strict=True):
                        code.store(total, target, place)

            return at_block

        block = crop.shape.block
        whole = inputs // block * block
        code.loop(0, whole, block, at_inputs(block))
        if whole < inputs:
            code.loop(whole, inputs, inputs - whole, at_inputs(inputs - whole))

    code.loop(0, TILE * TILE, 1, at_frequency)
    code.end()
    return code.function


def first_gradients(module, crop):
    """Adds one row of tiles of the first layer's gradients, from spectra, to its rows.

    Arguments: spectra (64, tiles, filters) at the first tile, the gradients' rows (at the first
    that these tiles look at).
    """
    code = new_function(module, "first_gradients", "pp")
    spectra, gradients = code.function.args
    filters = crop.shape.filters[0]
    matrix = filtering_matrices(crop.shape.kernel_sizes[1]).inputs.T
    pitch = crop.first_columns * filters

    def at_tile(tile):
        def at_filters(first):
            source = code.offset(spectra, code.add(code.multiply(tile, filters), first))
            halves = []
            for x in range(TILE):
                spectrum = [
                    code.load(source, (y * TILE + x) * crop.spectra_plane) for y in range(TILE)
                ]
                halves.append(apply_columns(code, matrix, spectrum))
            column = code.multiply(tile, crop.shape.outputs * filters)
            target = code.offset(gradients, code.add(column, first))
            for y in range(TILE):
                values = apply_columns(code, matrix, [half[y] for half in halves])
                for x, value in enumerate(values):
                    place = y * pitch + x * filters
                    code.store(code.builder.fadd(code.load(target, place), value), target, place)

        code.loop(0, filters, LANES, at_filters)

    code.loop(0, crop.tiles_across, 1, at_tile)
    code.end()
    return code.function


def first_kernel_row(module, crop):
    """Adds what one row of the first layer gives to the gradients of its kernel and biases.

    Gradients count where the layer's values are positive; they are set to zero elsewhere.

    Arguments: the first layer's values in this row, its gradients, the plane (at the first row that
    this row sees), kernel gradients (taps, filters), bias gradients.
    """
    code = new_function(module, "first_kernel_row", "ppppp")
    values, gradients, plane, kernel, biases = code.function.args
    size, filters = crop.shape.kernel_sizes[0], crop.shape.filters[0]
    lanes = range(0, filters, LANES)

    def mask(column, sums):
        start = code.multiply(column, filters)
        here, pixel = code.offset(values, start), code.offset(gradients, start)
        totals = []
        for first, total in zip(lanes, sums, strict=True):
            gradient = code.where_positive(code.load(here, first), code.load(pixel, first))
            code.store(gradient, pixel, first)
            totals.append(code.builder.fadd(total, gradient))
        return totals

    sums = code.loop(0, crop.first_side, 1, mask, [code.load(biases, first) for first in lanes])
    for first, total in zip(lanes, sums, strict=True):
        code.store(total, biases, first)

    # Sums that fit the registers: taps times vectors of filters.
    vectors = min(crop.shape.vectors, filters // LANES)
    block = min(size, {16: 9, 8: 5, 4: 2}[crop.shape.lanes])

    def at_tap_row(tap_row):
        line = code.offset(plane, code.multiply(tap_row, crop.plane_columns))
        taps = code.offset(kernel, code.multiply(tap_row, size * filters))
        for begin in range(0, size, block):
            here = range(begin, min(begin + block, size))
            for first in range(0, filters, vectors * LANES):
                places = [tap * filters + first + v * LANES for tap in here for v in range(vectors)]

                def at_column(column, sums, first=first, here=here):
                    pixel = code.offset(gradients, code.multiply(column, filters))
                    factors = [code.load(pixel, first + v * LANES) for v in range(vectors)]
                    return code.fma_block(sums, code.offset(line, column), here, factors)

                sums = [code.load(taps, place) for place in places]
                sums = code.loop(0, crop.first_side, 1, at_column, sums)
                for place, total in zip(places, sums, strict=True):
                    code.store(total, taps, place)

    code.loop(0, size, 1, at_tap_row)
    code.end()
    return code.function


def kernel_spectrum(module, name, shape):
    """The second layer's kernel (taps, inputs, filters) to its spectrum (64, inputs, filters).

    Arguments: kernel, spectrum. Offered to callers outside the module.
    """
    matrix = filtering_matrices(shape.kernel_sizes[1]).kernel
    return _between(module, name, shape, matrix, apply_rows)


def spectrum_kernel(module, name, shape):
    """The transpose of `kernel_spectrum`: gradients of the spectrum to gradients of the kernel.

    Arguments: spectrum gradients, kernel gradients. Offered to callers outside the module.
    """
    matrix = filtering_matrices(shape.kernel_sizes[1]).kernel.T
    return _between(module, name, shape, matrix, apply_columns)


def _between(module, name, shape, matrix, apply):
    """Applies a matrix to rows and columns of squares of vectors that lie plane by plane."""
    code = new_function(module, name, "pp", internal=False)
    source, result = code.function.args
    plane = shape.filters[0] * shape.filters[1]
    to, of = matrix.shape

    def at_weights(first):
        begin, end = code.offset(source, first), code.offset(result, first)
        halves = []
        for x in range(of):
            halves.append(
                apply(code, matrix, [code.load(begin, (y * of + x) * plane) for y in range(of)])
            )
        for y in range(to):
            for x, value in enumerate(apply(code, matrix, [half[y] for half in halves])):
                code.store(value, end, (y * to + x) * plane)

    code.loop(0, plane, LANES, at_weights)
    code.end()
    return code.function
