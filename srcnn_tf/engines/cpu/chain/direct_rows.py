"""Vector code of direct convolution: one row of pixels, forward, and its part of the gradients.

A pixel is its channels, padded by zeros to whole vectors; a plane's pixel is one float. So the
inputs that a pixel sees in one row of the kernel are beside each other in memory, side * channels
of them, and each is multiplied by a vector of filters' weights.
"""

from srcnn_tf.engines.cpu.chain import activations, register_blocks
from srcnn_tf.engines.cpu.function_builder import LANES, new_function


def forward_row(module, name, side, channels, filters, layer):
    """One row: activation(kernel * inputs + bias + skip).

    Arguments: `side` rows of inputs (at the first pixel's neighborhood), weights (side, side,
    channels, filters), biases, slopes, what is added (columns, filters), result (columns, filters),
    where the activation's inputs are kept, columns.

    Args:
      module: gets the function.
      name: of the function.
      side: of the kernel.
      channels: floats in a pixel of the inputs.
      filters: floats in a pixel of the result, a multiple of 16.
      layer: a `LayerCode`: its activation, whether something is added, whether inputs are kept.
    """
    code = new_function(module, name, "p" * side + "pppppp" + "i")
    rows = code.function.args[:side]
    weights, biases, slopes, added, result, kept, columns = code.function.args[side:]
    taps = side * channels

    def at_block(first, vectors):
        places = range(first, first + vectors * LANES, LANES)
        bias = [code.load(biases, place) for place in places]

        def at_pixels(column, pixels):
            start = code.multiply(column, channels)
            sums = bias * pixels
            for y, row in enumerate(rows):
                line = code.offset(row, start)

                def at_tap(tap, sums, line=line, y=y):
                    here = code.multiply(code.add(tap, y * taps), filters)
                    factors = [code.load(weights, code.add(here, place)) for place in places]
                    block = range(0, pixels * channels, channels)
                    return code.fma_block(sums, code.offset(line, tap), block, factors)

                sums = register_blocks.repeat(code, taps, at_tap, sums)
            for p in range(pixels):
                here = code.multiply(code.add(column, p), filters)
                for v, place in enumerate(places):
                    spot = code.add(here, place)
                    finish(
                        code, layer, sums[p * vectors + v], slopes, place, added, result, kept, spot
                    )

        register_blocks.cover(code, columns, vectors, at_pixels)

    register_blocks.each_vector(filters, at_block)
    code.end()
    return code.function


def finish(code, layer, value, slopes, place, added, result, kept, spot):
    """Adds the skip, keeps, activates and stores one vector of a layer's result."""
    if layer.adds:
        value = code.builder.fadd(value, code.load(added, spot))
    if layer.keeps:
        code.store(value, kept, spot)
    slope = code.load(slopes, place) if layer.activation == "prelu" else None
    code.store(activations.activate(code, layer.activation, value, slope), result, spot)


def kernel_gradient_row(module, name, side, channels, filters):
    """What one row of the result adds to the gradient of one row of the kernel.

    Arguments: the row of inputs, the gradients at the row of the result (columns, filters), the
    sums (side * channels, filters), columns.
    """
    code = new_function(module, name, "pppi")
    inputs, gradients, sums, columns = code.function.args

    register_blocks.add_outer_products(
        code, sums, side * channels, filters, columns, (inputs, channels), gradients
    )
    code.end()
    return code.function
