"""Vector code of the second layer: Winograd's convolution of a row of tiles, in three steps.

Spectra are (64, tiles, channels): a plane for each of 8 x 8 frequencies, `plane` floats apart.
"""

import numpy as np

from srcnn_tf.engines.cpu.function_builder import LANES, new_function
from srcnn_tf.engines.cpu.shape import TILE
from srcnn_tf.engines.cpu.winograd import filtering_matrices


def transform(module, shape, ring_rows=None):
    """Inputs of Winograd's convolution: eight rows of the first layer to spectra.

    Spectra are (64, tiles, filters).

    Arguments: the first layer's rows, floats per row, first row's number, last row of the picture,
    result, its `plane`, tiles.

    Args:
      module: gets the function.
      shape: of the network.
      ring_rows: how many rows there are, if they are a ring; None if all of them are there.
    """
    code = new_function(module, "transform", "piiipii")
    rows, pitch, row, last, result, plane, tiles = code.function.args
    filters = shape.filters[0]
    matrix = filtering_matrices(shape.kernel_sizes[1]).inputs
    lines = []
    for i in range(TILE):
        inside = code.minimum(code.maximum(code.add(row, i), 0), last)
        lines.append(code.multiply(_in_ring(code, inside, ring_rows), pitch))

    def at_tile(tile):
        def at_filters(first):
            column = code.add(code.multiply(tile, shape.outputs * filters), first)
            starts = [code.offset(rows, code.add(line, column)) for line in lines]
            halves = []
            for x in range(TILE):
                samples = [code.load(start, x * filters) for start in starts]
                halves.append(apply_rows(code, matrix, samples))
            target = code.offset(result, code.add(code.multiply(tile, filters), first))
            for y in range(TILE):
                values = apply_rows(code, matrix, [half[y] for half in halves])
                for x, value in enumerate(values):
                    code.store(value, target, code.multiply(plane, y * TILE + x))

        code.loop(0, filters, LANES, at_filters)

    code.loop(0, tiles, 1, at_tile)
    code.end()
    return code.function


def products(module, shape, name, inputs, filters):
    """At each of 64 frequencies, spectra (tiles, inputs) times kernel (inputs, filters).

    Arguments: spectra, their `plane`, kernels (64, inputs, filters), result (64, tiles, filters),
    its `plane`, tiles, a multiple of `shape.block`.
    """
    code = new_function(module, name, "pippii")
    spectra, inputs_plane, kernels, result, result_plane, tiles = code.function.args
    vectors, block = min(shape.vectors, filters // LANES), shape.block

    def at_frequency(frequency):
        kernel = code.offset(kernels, code.multiply(frequency, inputs * filters))
        inputs_here = code.offset(spectra, code.multiply(frequency, inputs_plane))
        result_here = code.offset(result, code.multiply(frequency, result_plane))

        def at_block(tile):
            source = code.offset(inputs_here, code.multiply(tile, inputs))

            def at_filters(first):
                target = code.offset(result_here, code.add(code.multiply(tile, filters), first))

                def at_input(channel, sums):
                    row = code.offset(kernel, code.add(code.multiply(channel, filters), first))
                    factors = [code.load(row, v * LANES) for v in range(vectors)]
                    column = code.offset(source, channel)
                    return code.fma_block(sums, column, range(0, block * inputs, inputs), factors)

                sums = code.loop(0, inputs, 1, at_input, [code.zeros()] * (block * vectors))
                for i, value in enumerate(sums):
                    code.store(value, target, i // vectors * filters + i % vectors * LANES)

            code.loop(0, filters, vectors * LANES, at_filters)

        code.loop(0, tiles, block, at_block)

    code.loop(0, TILE * TILE, 1, at_frequency)
    code.end()
    return code.function


def second_rows(module, shape, ring_rows=None):
    """From products (64, tiles, filters) to rows of relu(second layer + bias).

    Arguments: products, their `plane`, biases, rows, floats per row, first row's number, tiles;
    `ring_rows` as for `transform`.
    """
    code = new_function(module, "second_rows", "pippiii")
    products, plane, biases, rows, pitch, row, tiles = code.function.args
    filters = shape.filters[1]
    matrix = filtering_matrices(shape.kernel_sizes[1]).outputs
    lines = [
        code.multiply(_in_ring(code, code.add(row, i), ring_rows), pitch)
        for i in range(shape.outputs)
    ]

    def at_tile(tile):
        def at_filters(first):
            source = code.offset(products, code.add(code.multiply(tile, filters), first))
            bias = code.load(biases, first)
            halves = []
            for x in range(TILE):
                spectrum = [
                    code.load(source, code.multiply(plane, y * TILE + x)) for y in range(TILE)
                ]
                halves.append(apply_columns(code, matrix, spectrum))
            column = code.add(code.multiply(tile, shape.outputs * filters), first)
            for y, line in enumerate(lines):
                target = code.offset(rows, code.add(line, column))
                values = apply_columns(code, matrix, [half[y] for half in halves])
                for x, value in enumerate(values):
                    value = code.relu(code.builder.fadd(value, bias))
                    code.store(value, target, x * filters)

        code.loop(0, filters, LANES, at_filters)

    code.loop(0, tiles, 1, at_tile)
    code.end()
    return code.function


def _in_ring(code, row, ring_rows):
    return row if ring_rows is None else code.modulo(row, ring_rows)


def apply_rows(code, matrix, vectors):
    """Returns matrix @ vectors; rows that differ in the sign of odd columns share their work."""
    results, index = [], 0
    signs = (-1.0) ** np.arange(matrix.shape[1])
    even, odd = (np.where(signs == sign, matrix, 0) for sign in (1, -1))
    while index < len(matrix):
        pair = index + 1 < len(matrix) and np.array_equal(matrix[index + 1], matrix[index] * signs)
        if not pair or not even[index].any() or not odd[index].any():
            results.append(code.linear_combination(matrix[index], vectors))
            index += 1
            continue
        a = code.linear_combination(even[index], vectors)
        b = code.linear_combination(odd[index], vectors)
        results += [code.builder.fadd(a, b), code.builder.fsub(a, b)]
        index += 2
    return results


def apply_columns(code, matrix, vectors):
    """Returns matrix @ vectors; columns that differ in the sign of odd rows share their work."""
    signs = (-1.0) ** np.arange(len(matrix))
    sums, differences, index = [], [], 0
    while index < matrix.shape[1]:
        column = matrix[:, index]
        pair = index + 1 < matrix.shape[1] and np.array_equal(matrix[:, index + 1], column * signs)
        if pair and np.any(column):
            a, b = vectors[index], vectors[index + 1]
            sums.append((column, code.builder.fadd(a, b)))
            differences.append((column, code.builder.fsub(a, b)))
            index += 2
        else:
            sums.append((column, vectors[index]))
            differences.append((column, vectors[index]))
            index += 1
    results = []
    for row in range(len(matrix)):
        terms = differences if row % 2 else sums
        results.append(code.linear_combination([c[row] for c, _ in terms], [v for _, v in terms]))
    return results
