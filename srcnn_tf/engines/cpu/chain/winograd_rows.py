"""Vector code of Winograd's convolution: rows of tiles, forward and backward.

A tile is 4 x 4 results of a kernel of side r; it sees n x n inputs, n = r + 3. Three steps make a
row of tiles: inputs to spectra, a matrix product at each of n * n frequencies, products to results.
Backward, the same maps are transposed. Spectra lie frequency by frequency, `plane` floats apart,
each (tiles, channels).
"""

from srcnn_tf.engines.cpu.chain import direct_rows, register_blocks
from srcnn_tf.engines.cpu.filtering import apply_columns, apply_rows
from srcnn_tf.engines.cpu.function_builder import LANES, new_function
from srcnn_tf.engines.cpu.winograd import filtering_matrices

OUTPUTS = 4
# Sides of kernels that this is for: below, nothing is saved; above, rounding grows.
SIDES = (3, 5)


def samples(side: int) -> int:
    """Returns the side n of the square of inputs that a tile sees."""
    return side + OUTPUTS - 1


def matrices(side: int, bfloat16: bool = False):
    """Returns the `FilteringMatrices` of F(4, side), for spectra that are rounded or not."""
    return filtering_matrices(side, samples(side), bfloat16)


def input_spectra(module, name, side, channels, bfloat16=False):
    """Rows of inputs to spectra (n * n, tiles, channels).

    Arguments: n rows (at the first tile's first column), spectra, their `plane`, tiles.

    Args:
      module: gets the function.
      name: of the function.
      side: of the kernel.
      channels: floats in a pixel of the inputs, a multiple of 16.
      bfloat16: whether spectra are rounded to bfloat16, two channels in the place of a float.
    """
    return _to_spectra(module, name, matrices(side, bfloat16).inputs, channels, bfloat16)


def _to_spectra(module, name, matrix, channels, bfloat16=False):
    """For each tile matrix @ square @ matrix.T, of as many rows and columns as it has columns."""
    n, seen = matrix.shape
    code = new_function(module, name, "p" * seen + "pii")
    *rows, spectra, plane, tiles = code.function.args

    def at_tile(tile):
        def at_channels(first):
            start = code.add(code.multiply(tile, OUTPUTS * channels), first)
            starts = [code.offset(row, start) for row in rows]
            columns = [
                apply_rows(code, matrix, [code.load(row, x * channels) for row in starts])
                for x in range(seen)
            ]
            place = code.add(code.multiply(tile, channels), first)
            target = code.offset(spectra, code.quotient(place, 2) if bfloat16 else place)
            store = code.store_bfloat16 if bfloat16 else code.store
            for y in range(n):
                values = apply_rows(code, matrix, [column[y] for column in columns])
                for x, value in enumerate(values):
                    store(value, target, code.multiply(plane, y * n + x))

        code.loop(0, channels, LANES, at_channels)

    code.loop(0, tiles, 1, at_tile)
    code.end()
    return code.function


def _from_spectrum(code, matrix, start, plane):
    """Returns the rows of vectors of matrix @ spectrum @ matrix.T, of one tile."""
    n = matrix.shape[1]
    columns = [
        apply_columns(
            code, matrix, [code.load(start, code.multiply(plane, y * n + x)) for y in range(n)]
        )
        for x in range(n)
    ]
    return [
        apply_columns(code, matrix, [column[y] for column in columns]) for y in range(len(matrix))
    ]


def products(module, name, side, inputs, channels, filters, bfloat16=False):
    """At each frequency, spectra (tiles, inputs) times the kernel's (inputs, filters).

    Arguments: spectra (tiles, channels), of which only `inputs` are not zero; their `plane`; the
    kernel's spectrum (n * n, inputs, filters); result (tiles, filters), its `plane`; tiles.

    In bfloat16 two inputs beside each other are in the place of a float, in the spectra as in the
    kernel's (n * n, inputs / 2, filters, 2), and both are multiplied and added by one instruction.
    """
    if bfloat16:
        inputs, channels = -(-inputs // 2), channels // 2
    code = new_function(module, name, "pippii")
    spectra, spectra_plane, kernel, result, result_plane, tiles = code.function.args

    def at_frequency(frequency):
        here = code.offset(kernel, code.multiply(frequency, inputs * filters))
        sources = code.offset(spectra, code.multiply(frequency, spectra_plane))
        targets = code.offset(result, code.multiply(frequency, result_plane))

        def at_block(first, vectors):
            places = range(first, first + vectors * LANES, LANES)

            def at_tiles(tile, count):
                source = code.offset(sources, code.multiply(tile, channels))

                def at_input(channel, sums):
                    row = code.multiply(channel, filters)
                    factors = [code.load(here, code.add(row, place)) for place in places]
                    block = range(0, count * channels, channels)
                    add = code.dot_block if bfloat16 else code.fma_block
                    return add(sums, code.offset(source, channel), block, factors)

                zeros = [code.zeros()] * (count * vectors)
                sums = code.loop(0, inputs, 1, at_input, zeros)
                target = code.offset(targets, code.multiply(tile, filters))
                for t in range(count):
                    for v, place in enumerate(places):
                        code.store(sums[t * vectors + v], target, t * filters + place)

            register_blocks.cover(code, tiles, vectors, at_tiles)

        register_blocks.each_vector(filters, at_block)

    code.loop(0, samples(side) ** 2, 1, at_frequency)
    code.end()
    return code.function


def result_rows(module, name, side, filters, layer, bfloat16=False):
    """Products to four rows: activation(convolution + bias + skip).

    Arguments: four rows of results, four of what is added, four where the activation's inputs are
    kept; products (n * n, tiles, filters), their `plane`, biases, slopes, tiles.
    """
    matrix = matrices(side, bfloat16).outputs
    code = new_function(module, name, "p" * 3 * OUTPUTS + "pippi")
    arguments = code.function.args
    rows, added, kept = (arguments[i * OUTPUTS : (i + 1) * OUTPUTS] for i in range(3))
    source, plane, biases, slopes, tiles = arguments[3 * OUTPUTS :]

    def at_tile(tile):
        def at_filters(first):
            start = code.offset(source, code.add(code.multiply(tile, filters), first))
            bias = code.load(biases, first)
            column = code.add(code.multiply(tile, OUTPUTS * filters), first)
            for y, values in enumerate(_from_spectrum(code, matrix, start, plane)):
                for x, value in enumerate(values):
                    value = code.builder.fadd(value, bias)
                    spot = code.add(column, x * filters)
                    direct_rows.finish(
                        code, layer, value, slopes, first, added[y], rows[y], kept[y], spot
                    )

        code.loop(0, filters, LANES, at_filters)

    code.loop(0, tiles, 1, at_tile)
    code.end()
    return code.function


def gradient_spectra(module, name, side, filters):
    """Gradients at four rows of results to gradients at the products (n * n, tiles, filters).

    Arguments: four rows, the products' gradients, their `plane`, tiles.
    """
    return _to_spectra(module, name, matrices(side).outputs.T, filters)


def kernel_products(module, name, side, inputs, channels, filters):
    """Adds spectra' * gradients, at each frequency, to the gradient of the kernel's spectrum.

    Arguments: spectra (tiles, channels), their `plane`; the products' gradients (tiles, filters),
    their `plane`; sums (n * n, inputs, filters); tiles.
    """
    code = new_function(module, name, "pipipi")
    spectra, spectra_plane, gradients, gradients_plane, sums, tiles = code.function.args

    def at_frequency(frequency):
        sources = code.offset(spectra, code.multiply(frequency, spectra_plane))
        others = code.offset(gradients, code.multiply(frequency, gradients_plane))
        targets = code.offset(sums, code.multiply(frequency, inputs * filters))

        register_blocks.add_outer_products(
            code, targets, inputs, filters, tiles, (sources, channels), others
        )

    code.loop(0, samples(side) ** 2, 1, at_frequency)
    code.end()
    return code.function


def input_gradient_rows(module, name, side, channels):
    """Gradients at spectra, back to the n rows of inputs, to which they are added.

    Arguments: n rows, the spectra's gradients (n * n, tiles, channels), their `plane`, tiles.
    """
    n, matrix = samples(side), matrices(side).inputs.T
    code = new_function(module, name, "p" * n + "pii")
    *rows, source, plane, tiles = code.function.args

    def at_tile(tile):
        def at_channels(first):
            here = code.offset(source, code.add(code.multiply(tile, channels), first))
            start = code.add(code.multiply(tile, OUTPUTS * channels), first)
            pixels = _from_spectrum(code, matrix, here, plane)
            for row, values in zip(rows, pixels, strict=True):
                target = code.offset(row, start)
                for x, value in enumerate(values):
                    before = code.load(target, x * channels)
                    code.store(code.builder.fadd(before, value), target, x * channels)

        code.loop(0, channels, LANES, at_channels)

    code.loop(0, tiles, 1, at_tile)
    code.end()
    return code.function


def kernel_map(module, name, matrix):
    """A kernel to its spectrum, or what its transpose makes of a spectrum's gradient.

    Arguments: source (a, a, count), result (b, b, count), count, a multiple of 16; a and b are the
    matrix's columns and rows.

    Args:
      module: gets the function.
      name: of the function.
      matrix: (b, a).
    """
    rows, columns = matrix.shape
    code = new_function(module, name, "ppi", internal=False)
    source, result, count = code.function.args

    def at_lanes(first):
        half = [
            [
                code.load(source, code.add(code.multiply(count, y * columns + x), first))
                for y in range(columns)
            ]
            for x in range(columns)
        ]
        half = [[code.linear_combination(row, vectors) for row in matrix] for vectors in half]
        for y in range(rows):
            values = [column[y] for column in half]
            for x, row in enumerate(matrix):
                value = code.linear_combination(row, values)
                code.store(value, result, code.add(code.multiply(count, y * rows + x), first))

    code.loop(0, count, LANES, at_lanes)
    code.end()
    return code.function
