"""Vector code of the first and the last layer: direct convolution of one row of pixels."""

from llvmlite import ir

from srcnn_tf.engines.cpu.function_builder import LANES, new_function


def first_row(module, shape):
    """First layer: `columns` pixels of one row, from a plane to relu(filters . pixels + bias).

    Arguments: plane (at the upper left corner of the first pixel's neighborhood), its floats per
    row, weights (taps, filters), biases, result (columns, filters), columns, a multiple of 4.
    """
    return plane_row(
        module,
        shape,
        "first_row",
        size=shape.kernel_sizes[0],
        filters=shape.filters[0],
        finish=lambda code, value, result, place: code.relu(value),
    )


def plane_row(module, shape, name, size, filters, finish):
    """One row of a convolution from a plane to several filters; see `first_row`.

    Args:
      module: gets the function.
      shape: how many sums fit the registers.
      name: of the function.
      size: side of the filters.
      filters: how many, a multiple of 16.
      finish: `finish(code, sums, result, place)` gives what is stored there.
    """
    code = new_function(module, name, "pipppi")
    plane, pitch, weights, biases, result, columns = code.function.args
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
                    code.fma_block(sums, line, range(tap, tap + pixels), factors)
                return sums

            sums = code.loop(0, size, 1, at_row, bias * pixels)
            target = code.offset(result, code.multiply(column, filters))
            for p in range(pixels):
                for v in range(vectors):
                    place = p * filters + first + v * LANES
                    value = finish(code, sums[p * vectors + v], target, place)
                    code.store(value, target, place)

    code.loop(0, columns, pixels, at_pixels)
    code.end()
    return code.function


def third_row(module, shape, ring_rows=None):
    """Third layer: `columns` pixels of one row of the result.

    Arguments: the second layer's rows (at the first column), floats per row, the row's number, last
    row of the picture, weights (taps, filters), bias, result, columns.

    Args:
      module: gets the function.
      shape: of the network.
      ring_rows: how many rows there are, if they are a ring; None if all of them are there.
    """
    code = new_function(module, "third_row", "piiipppi")
    rows, pitch, row, last, weights, biases, result, columns = code.function.args
    size, filters = shape.kernel_sizes[2], shape.filters[1]
    lines = []
    for i in range(size):
        inside = code.minimum(code.maximum(code.add(row, i - size // 2), 0), last)
        line = inside if ring_rows is None else code.modulo(inside, ring_rows)
        lines.append(code.multiply(line, pitch))
    bias = code.load_scalar(biases)

    def pixels_at_once(pixels):
        def at_pixels(column):
            sums = [code.zeros()] * pixels
            start = code.multiply(column, filters)
            for y, line in enumerate(lines):
                source = code.offset(rows, code.add(line, start))
                for first in range(0, filters, LANES):
                    # Every value is loaded once and serves all pixels that see it.
                    for place in range(pixels + size - 1):
                        value = code.load(source, place * filters + first)
                        for x in range(max(0, place - pixels + 1), min(size, place + 1)):
                            factor = code.load(weights, (y * size + x) * filters + first)
                            p = place - x
                            sums[p] = code.multiply_add(value, factor, sums[p])
            for p, value in enumerate(sums):
                total = code.builder.fadd(code.sum(value), bias)
                code.store(total, code.offset(result, column), p)

        return at_pixels

    at_once = {16: 8, 8: 4, 4: 2}[shape.lanes]
    times = code.builder.sdiv(columns, ir.Constant(columns.type, at_once))
    whole = code.multiply(times, at_once)
    code.loop(0, whole, at_once, pixels_at_once(at_once))
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
