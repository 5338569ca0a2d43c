"""Vector code of the first and the last layer: direct convolution of one row of pixels."""

from llvmlite import ir

from srcnn_tf.vector.code import LANES, new_function
from srcnn_tf.vector.shape import SECOND_RING


def first_row(module, shape):
    """First layer: `columns` pixels of one row, from a plane to relu(filters . pixels + bias).

    Arguments: plane (at the upper left corner of the first pixel's neighbourhood), its floats per
    row, weights (taps, filters), biases, result (columns, filters), columns, a multiple of 4.
    """
    code = new_function(module, "first_row", "pipppi")
    plane, pitch, weights, biases, result, columns = code.function.args
    size, filters = shape.kernel_sizes[0], shape.filters[0]
    # Sums that fit the registers: pixels times vectors of filters.
    pixels, vectors = {16: (4, 4), 8: (4, 1), 4: (2, 1)}[shape.lanes]
    vectors = min(vectors, filters // LANES)
    while (filters // LANES) % vectors:
        vectors -= 1

    def at_pixels(column):
        for first in range(0, filters, vectors * LANES):
            bias = [code.load(biases, first + v * LANES) for v in range(vectors)]

            def at_row(row, sums, first=first):
                line = code.offset(plane, code.add(code.multiply(row, pitch), column))
                taps = code.offset(weights, code.multiply(row, size * filters))
                for tap in range(size):
                    factors = [
                        code.load(taps, tap * filters + first + v * LANES) for v in range(vectors)
                    ]
                    for p in range(pixels):
                        value = code.splat(code.load_scalar(line, p + tap))
                        for v in range(vectors):
                            i = p * vectors + v
                            sums[i] = code.multiply_add(value, factors[v], sums[i])
                return sums

            sums = code.loop(0, size, 1, at_row, bias * pixels)
            target = code.offset(result, code.multiply(column, filters))
            for p in range(pixels):
                for v in range(vectors):
                    value = code.relu(sums[p * vectors + v])
                    code.store(value, target, p * filters + first + v * LANES)

    code.loop(0, columns, pixels, at_pixels)
    code.end()
    return code.function


def third_row(module, shape):
    """Third layer: `columns` pixels of one row of the result.

    Arguments: the second layer's ring (at the first column), its floats per row, the row's number,
    last row of the picture, weights (taps, filters), bias, result, columns.
    """
    code = new_function(module, "third_row", "piiipppi")
    ring, pitch, row, last, weights, biases, result, columns = code.function.args
    size, filters = shape.kernel_sizes[2], shape.filters[1]
    lines = []
    for i in range(size):
        inside = code.minimum(code.maximum(code.add(row, i - size // 2), 0), last)
        lines.append(code.multiply(code.modulo(inside, SECOND_RING), pitch))
    bias = code.load_scalar(biases)

    def pixels_at_once(pixels):
        def at_pixels(column):
            sums = [code.zeros()] * pixels
            start = code.multiply(column, filters)
            for y, line in enumerate(lines):
                source = code.offset(ring, code.add(line, start))
                for first in range(0, filters, LANES):
                    # Every value is loaded once and serves all pixels that see it.
                    values = [
                        code.load(source, x * filters + first) for x in range(pixels + size - 1)
                    ]
                    for x in range(size):
                        factor = code.load(weights, (y * size + x) * filters + first)
                        for p in range(pixels):
                            sums[p] = code.multiply_add(values[p + x], factor, sums[p])
            for p, value in enumerate(sums):
                total = code.builder.fadd(code.sum(value), bias)
                code.store(total, code.offset(result, column), p)

        return at_pixels

    whole = code.multiply(code.builder.sdiv(columns, ir.Constant(columns.type, 8)), 8)
    code.loop(0, whole, 8, pixels_at_once(8))
    code.loop(whole, columns, 1, pixels_at_once(1))
    code.end()
    return code.function


def extend_row(module, name, filters):
    """Replicate padding: copies pixel `first` to all before it, and `last` to `end` after it.

    Arguments: row (columns, filters), first, last, end.
    """
    code = new_function(module, name, "piii")
    row, first, last, end = code.function.args

    def copy_of(pixel):
        def at_column(column):
            for lane in range(0, filters, LANES):
                value = code.load(row, code.add(code.multiply(pixel, filters), lane))
                code.store(value, row, code.add(code.multiply(column, filters), lane))

        return at_column

    code.loop(0, first, 1, copy_of(first))
    code.loop(code.add(last, 1), end, 1, copy_of(last))
    code.end()
    return code.function
