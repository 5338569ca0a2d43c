"""SRCNN's layers as vector code: the second by Winograd's convolution.

One function, `strip`, takes a rectangle of the picture from plane to plane. It goes down row by row
and keeps of the layers between only the rows that the next one still needs, in rings of rows: a
layer that passed through memory as a whole would cost more time there than in arithmetic.
"""

from llvmlite import ir

from srcnn_tf.engines.cpu import convolution, filtering
from srcnn_tf.engines.cpu.function_builder import CompiledModule, new_function
from srcnn_tf.engines.cpu.shape import FIRST_RING, PLANE_GAP, SECOND_RING, TILE, KernelShape

# plane, result, five arrays of weights, scratch; then see `_strip`.
STRIP_ARGUMENTS = "pppppppp" + "iiiiiiiii"


def compile_kernels(shape: KernelShape) -> CompiledModule:
    """Compiles `strip` for networks of this shape."""
    module = ir.Module("srcnn")
    kernels = {
        "first_row": convolution.first_row(module, shape),
        "transform": filtering.transform(module, shape, FIRST_RING),
        "products": filtering.products(module, shape, "products", *shape.filters),
        "second_rows": filtering.second_rows(module, shape, SECOND_RING),
        "third_row": convolution.third_row(module, shape, SECOND_RING),
        "extend_first": convolution.extend_row(module, "extend_first", shape.filters[0]),
        "extend_second": convolution.extend_row(module, "extend_second", shape.filters[1]),
    }
    _strip(module, shape, kernels)
    return CompiledModule(module, {"strip": STRIP_ARGUMENTS})


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
    first_columns = code.add(columns, shape.halo_columns)
    first_pitch = code.multiply(first_columns, first)
    second_pitch = code.multiply(columns, second)
    first_ring = scratch
    second_ring = code.offset(first_ring, code.multiply(first_pitch, FIRST_RING))
    inputs = code.offset(second_ring, code.multiply(second_pitch, SECOND_RING))
    inputs_plane = code.add(code.multiply(tiles, first), PLANE_GAP)
    products_plane = code.add(code.multiply(tiles, second), PLANE_GAP)
    products = code.offset(inputs, code.multiply(inputs_plane, TILE * TILE))
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
        spectra = (inputs, inputs_plane)
        filtered = (products, products_plane)
        code.call(kernels["transform"], first_ring, first_pitch, top, last_row, *spectra, tiles)
        code.call(kernels["products"], *spectra, weights2, *filtered, tiles)
        code.call(kernels["second_rows"], *filtered, biases2, second_ring, second_pitch, row, tiles)
        below = code.add(row, shape.outputs)

        def extend_second(y):
            line = code.multiply(code.modulo(y, SECOND_RING), second_pitch)
            extend(kernels["extend_second"], code.offset(second_ring, line), left2, columns)

        code.loop(row, below, 1, extend_second)
        ready = code.select(code.compare(below, ">=", end), y1, code.subtract(below, radii[2]))
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
