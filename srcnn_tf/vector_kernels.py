"""SRCNN's layers as vector code: the second by minimal filtering, all in cache.

One function, `strip`, takes a rectangle of the picture from plane to plane. It goes down row by row
and keeps of the layers between only the rows that the next one still needs, in rings of rows: a
layer that passed through memory as a whole would cost more time there than in arithmetic.
"""

import dataclasses

import numpy as np
from llvmlite import ir

from srcnn_tf.minimal_filtering import filtering_matrices
from srcnn_tf.vector_code import LANES, CompiledModule, new_function, register_lanes

TILES_STEP = 12  # a strip has a multiple of so many tiles in a row
TILE = 8  # samples on a side of a tile of minimal filtering
FIRST_RING = 8  # rows kept of the first layer: those that one row of tiles takes
SECOND_RING = 16  # of the second: at most 8 new ones and the 4 above them

# plane, result, five arrays of weights, scratch; then see `strip`.
STRIP_ARGUMENTS = "pppppppp" + "iiiiiiiii"


@dataclasses.dataclass(frozen=True)
class KernelShape:
    """A network that these kernels can run: three layers, one plane in and out.

    Attributes:
      kernel_sizes: sides of the three filters; the second at most 8.
      filters: of the first and the second layer, multiples of 16.
    """

    kernel_sizes: tuple[int, int, int]
    filters: tuple[int, int]

    @property
    def outputs(self) -> int:
        """Side of the block of outputs that a tile gives."""
        return TILE + 1 - self.kernel_sizes[1]

    @property
    def block(self) -> int:
        """Tiles in each matrix product: as many sums as fit the registers, beside the factors."""
        return {16: 12, 8: 3, 4: 1}[register_lanes()]

    @property
    def overhang(self) -> int:
        """Columns of the first layer beyond those of the second, in a strip; a multiple of 4."""
        return -(-(self.kernel_sizes[1] - 1) // 4) * 4

    def scratch(self, tiles: int) -> int:
        """Returns how many floats `strip` needs for its rings, spectra and products."""
        first, second = self.filters
        columns = self.outputs * tiles
        rings = FIRST_RING * (columns + self.overhang) * first + SECOND_RING * columns * second
        return rings + TILE * TILE * tiles * (first + second)


def compile_kernels(shape: KernelShape) -> CompiledModule:
    """Compiles `strip` for networks of this shape."""
    module = ir.Module("srcnn")
    kernels = {
        "first_row": _first_row(module, shape),
        "transform": _transform(module, shape),
        "products": _products(module, shape),
        "second_rows": _second_rows(module, shape),
        "third_row": _third_row(module, shape),
        "extend_first": _extend_row(module, "extend_first", shape.filters[0]),
        "extend_second": _extend_row(module, "extend_second", shape.filters[1]),
    }
    _strip(module, shape, kernels)
    return CompiledModule(module, {"strip": STRIP_ARGUMENTS})


def _first_row(module, shape):
    """First layer: `columns` pixels of one row, from a plane to relu(filters . pixels + bias).

    Arguments: plane (at the upper left corner of the first pixel's neighbourhood), its floats per
    row, weights (taps, filters), biases, result (columns, filters), columns, a multiple of 4.
    """
    code = new_function(module, "first_row", "pipppi")
    plane, pitch, weights, biases, result, columns = code.function.args
    size, filters = shape.kernel_sizes[0], shape.filters[0]
    # Sums that fit the registers: pixels times vectors of filters.
    pixels, vectors = {16: (4, 4), 8: (4, 1), 4: (2, 1)}[register_lanes()]
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


def _transform(module, shape):
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
    plane = code.multiply(tiles, filters)

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


def _products(module, shape):
    """At each of 64 frequencies, spectra (tiles, inputs) times kernel (inputs, filters).

    Arguments: spectra (64, tiles, inputs), kernels (64, inputs, filters), result (64, tiles,
    filters), tiles, a multiple of `TILES_STEP`.
    """
    code = new_function(module, "products", "pppi")
    spectra, kernels, result, tiles = code.function.args
    inputs, filters = shape.filters
    vectors = filters // LANES
    block = shape.block

    def at_frequency(frequency):
        kernel = code.offset(kernels, code.multiply(frequency, inputs * filters))
        line = code.multiply(frequency, tiles)

        def at_block(tile):
            start = code.add(line, tile)
            source = code.offset(spectra, code.multiply(start, inputs))
            target = code.offset(result, code.multiply(start, filters))

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


def _second_rows(module, shape):
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
    plane = code.multiply(tiles, filters)

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


def _third_row(module, shape):
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


def _extend_row(module, name, filters):
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


def _strip(module, shape, kernels):
    """Rows y0..y1 and columns x0..x1 of the result, from the extended plane.

    Arguments: plane (at the picture's upper left pixel), result (likewise), weights of the first
    layer (taps, filters), its biases, kernels of the second (64, inputs, filters), its biases,
    weights and bias of the third (taps x filters floats, then one), scratch; floats per row of
    plane and result, the picture's height and width, x0, x1, y0, y1, tiles. The plane must extend
    `margins` beyond the picture.
    """
    code = new_function(module, "strip", STRIP_ARGUMENTS, internal=False)
    plane, result, weights1, biases1, weights2, biases2, weights3, scratch = code.function.args[:8]
    plane_pitch, result_pitch, height, width, x0, x1, y0, y1, tiles = code.function.args[8:]
    radii = [size // 2 for size in shape.kernel_sizes]
    first, second = shape.filters
    columns = code.multiply(tiles, shape.outputs)
    first_columns = code.add(columns, shape.overhang)
    first_pitch = code.multiply(first_columns, first)
    second_pitch = code.multiply(columns, second)
    first_ring = scratch
    second_ring = code.offset(first_ring, code.multiply(first_pitch, FIRST_RING))
    inputs = code.offset(second_ring, code.multiply(second_pitch, SECOND_RING))
    products = code.offset(inputs, code.multiply(tiles, TILE * TILE * first))
    bias3 = code.offset(weights3, shape.kernel_sizes[2] ** 2 * second)

    last_row, last_column = code.subtract(height, 1), code.subtract(width, 1)
    left2 = code.subtract(x0, radii[2])  # the picture's column where the second layer's rows begin
    left1 = code.subtract(left2, radii[1])
    begin = code.maximum(code.subtract(y0, radii[2]), 0)
    end = code.minimum(code.add(y1, radii[2]), height)

    def extend(kernel, row, left, count):
        # Pixels beside the picture repeat its edge, as far as the next layer looks.
        before = code.maximum(code.subtract(0, left), 0)
        final = code.minimum(code.subtract(last_column, left), code.subtract(count, 1))
        reach = code.minimum(code.add(code.subtract(last_column, left), 1 + TILE), count)
        code.call(kernel, row, before, final, reach)

    def at_tiles(row, carried):
        first_done, third_done = carried
        needed = code.minimum(code.add(row, TILE - radii[1]), height)

        def compute_first(y):
            line = code.offset(first_ring, code.multiply(code.modulo(y, FIRST_RING), first_pitch))
            top = code.multiply(code.subtract(y, radii[0]), plane_pitch)
            corner = code.offset(plane, code.add(top, code.subtract(left1, radii[0])))
            code.call(
                kernels["first_row"], corner, plane_pitch, weights1, biases1, line, first_columns
            )
            extend(kernels["extend_first"], line, left1, first_columns)

        code.loop(first_done, needed, 1, compute_first)
        top = code.subtract(row, radii[1])
        code.call(kernels["transform"], first_ring, first_pitch, top, last_row, inputs, tiles)
        code.call(kernels["products"], inputs, weights2, products, tiles)
        code.call(kernels["second_rows"], products, biases2, second_ring, second_pitch, row, tiles)
        below = code.add(row, shape.outputs)

        def extend_second(y):
            line = code.multiply(code.modulo(y, SECOND_RING), second_pitch)
            extend(kernels["extend_second"], code.offset(second_ring, line), left2, columns)

        code.loop(row, below, 1, extend_second)
        ready = code.choose(below, ">=", end, y1, code.subtract(below, radii[2]))
        ready = code.minimum(ready, y1)

        def compute_third(y):
            target = code.offset(result, code.add(code.multiply(y, result_pitch), x0))
            code.call(
                kernels["third_row"],
                second_ring,
                second_pitch,
                y,
                last_row,
                weights3,
                bias3,
                target,
                code.subtract(x1, x0),
            )

        code.loop(third_done, ready, 1, compute_third)
        return [code.maximum(needed, first_done), code.maximum(ready, third_done)]

    start = code.maximum(code.subtract(begin, radii[1]), 0)
    code.loop(begin, end, shape.outputs, at_tiles, [start, code.add(y0, 0)])
    code.end()


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
