"""Vector code of the second layer: minimal filtering of a row of tiles, in three steps."""

import numpy as np

from srcnn_tf.vector.code import LANES, new_function
from srcnn_tf.vector.minimal_filtering import filtering_matrices
from srcnn_tf.vector.shape import FIRST_RING, SECOND_RING, TILE


def plane_floats(code, tiles, filters):
    """Returns from one frequency's plane to the next: a cache line more than the values.

    At a distance of many cache lines exactly, all 64 planes would contend for the same few places
    of the first-level cache.
    """
    return code.add(code.multiply(tiles, filters), LANES)


def transform(module, shape):
    """Inputs of minimal filtering: eight rows of the first layer to spectra (64, tiles, filters).

    Arguments: the first layer's ring, its floats per row, first row's number, last row of the
    picture, result, tiles.
    """
    code = new_function(module, "transform", "piiipi")
    ring, pitch, row, last, result, tiles = code.function.args
    filters = shape.filters[0]
    matrix = filtering_matrices(shape.kernel_sizes[1]).inputs
    lines = []
    for i in range(TILE):
        inside = code.minimum(code.maximum(code.add(row, i), 0), last)
        lines.append(code.multiply(code.modulo(inside, FIRST_RING), pitch))
    plane = plane_floats(code, tiles, filters)

    def at_tile(tile):
        def at_filters(first):
            column = code.add(code.multiply(tile, shape.outputs * filters), first)
            starts = [code.offset(ring, code.add(line, column)) for line in lines]
            halves = []
            for x in range(TILE):
                samples = [code.load(start, x * filters) for start in starts]
                halves.append(_apply_rows(code, matrix, samples))
            target = code.offset(result, code.add(code.multiply(tile, filters), first))
            for y in range(TILE):
                values = _apply_rows(code, matrix, [half[y] for half in halves])
                for x, value in enumerate(values):
                    code.store(value, target, code.multiply(plane, y * TILE + x))

        code.loop(0, filters, LANES, at_filters)

    code.loop(0, tiles, 1, at_tile)
    code.end()
    return code.function


def products(module, shape):
    """At each of 64 frequencies, spectra (tiles, inputs) times kernel (inputs, filters).

    Arguments: spectra (64, tiles, inputs), kernels (64, inputs, filters), result (64, tiles,
    filters), tiles, a multiple of `TILES_STEP`.
    """
    code = new_function(module, "products", "pppi")
    spectra, kernels, result, tiles = code.function.args
    inputs, filters = shape.filters
    vectors = filters // LANES
    block = shape.block
    inputs_plane = plane_floats(code, tiles, inputs)
    result_plane = plane_floats(code, tiles, filters)

    def at_frequency(frequency):
        kernel = code.offset(kernels, code.multiply(frequency, inputs * filters))
        inputs_here = code.offset(spectra, code.multiply(frequency, inputs_plane))
        result_here = code.offset(result, code.multiply(frequency, result_plane))

        def at_block(tile):
            source = code.offset(inputs_here, code.multiply(tile, inputs))
            target = code.offset(result_here, code.multiply(tile, filters))

            def at_input(channel, sums):
                row = code.offset(kernel, code.multiply(channel, filters))
                factors = [code.load(row, v * LANES) for v in range(vectors)]
                column = code.offset(source, channel)
                for t in range(block):
                    value = code.splat(code.load_scalar(column, t * inputs))
                    for v in range(vectors):
                        i = t * vectors + v
                        sums[i] = code.multiply_add(value, factors[v], sums[i])
                return sums

            sums = code.loop(0, inputs, 1, at_input, [code.zeros()] * (block * vectors))
            for i, value in enumerate(sums):
                code.store(value, target, i * LANES)

        code.loop(0, tiles, block, at_block)

    code.loop(0, TILE * TILE, 1, at_frequency)
    code.end()
    return code.function


def second_rows(module, shape):
    """From products (64, tiles, filters) to relu(second layer + bias), as rows of its ring.

    Arguments: products, biases, ring, its floats per row, first row's number, tiles.
    """
    code = new_function(module, "second_rows", "pppiii")
    products, biases, ring, pitch, row, tiles = code.function.args
    filters = shape.filters[1]
    matrix = filtering_matrices(shape.kernel_sizes[1]).outputs
    lines = [
        code.multiply(code.modulo(code.add(row, i), SECOND_RING), pitch)
        for i in range(shape.outputs)
    ]
    plane = plane_floats(code, tiles, filters)

    def at_tile(tile):
        def at_filters(first):
            source = code.offset(products, code.add(code.multiply(tile, filters), first))
            bias = code.load(biases, first)
            halves = []
            for x in range(TILE):
                spectrum = [
                    code.load(source, code.multiply(plane, y * TILE + x)) for y in range(TILE)
                ]
                halves.append(_apply_columns(code, matrix, spectrum))
            column = code.add(code.multiply(tile, shape.outputs * filters), first)
            for y, line in enumerate(lines):
                target = code.offset(ring, code.add(line, column))
                values = _apply_columns(code, matrix, [half[y] for half in halves])
                for x, value in enumerate(values):
                    value = code.relu(code.builder.fadd(value, bias))
                    code.store(value, target, x * filters)

        code.loop(0, filters, LANES, at_filters)

    code.loop(0, tiles, 1, at_tile)
    code.end()
    return code.function


def _apply_rows(code, matrix, vectors):
    """Returns matrix @ vectors; rows that differ in the sign of odd columns share their work."""
    results, index = [], 0
    signs = (-1.0) ** np.arange(matrix.shape[1])
    even = np.where(signs > 0, matrix, 0)
    while index < len(matrix):
        pair = index + 1 < len(matrix) and np.array_equal(matrix[index + 1], matrix[index] * signs)
        if not pair:
            results.append(code.combine(matrix[index], vectors))
            index += 1
            continue
        a = code.combine(even[index], vectors)
        b = code.combine(matrix[index] - even[index], vectors)
        results += [code.builder.fadd(a, b), code.builder.fsub(a, b)]
        index += 2
    return results


def _apply_columns(code, matrix, vectors):
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
        results.append(code.combine([c[row] for c, _ in terms], [v for _, v in terms]))
    return results
