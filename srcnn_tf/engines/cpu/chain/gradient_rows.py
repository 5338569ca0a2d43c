"""Vector code of what gradients need beside convolutions: activations, padding, sums."""

from srcnn_tf.engines.cpu.chain import activations
from srcnn_tf.engines.cpu.function_builder import LANES, new_function


def activation_row(module, name, filters, activation):
    """Gradients at a layer's results to those at its activation's inputs, of one row.

    Arguments: gradients, the activation's inputs, slopes, result, sums of the biases' gradients,
    sums of the slopes', columns.
    """
    code = new_function(module, name, "ppppppi")
    gradients, kept, slopes, result, bias_sums, slope_sums, columns = code.function.args
    trained = activation == "prelu"
    for first in range(0, filters, LANES):
        slope = code.load(slopes, first) if trained else None
        sums = [code.load(bias_sums, first)]
        if trained:
            sums.append(code.load(slope_sums, first))

        def at_column(column, sums, first=first, slope=slope):
            place = code.add(code.multiply(column, filters), first)
            given = code.load(gradients, place)
            value = None if activation == "none" else code.load(kept, place)
            made = activations.gradient(code, activation, value, given, slope)
            code.store(made, result, place)
            new = [code.builder.fadd(sums[0], made)]
            if trained:
                below = code.where_negative(value, value, code.zeros())
                new.append(code.multiply_add(given, below, sums[1]))
            return new

        sums = code.loop(0, columns, 1, at_column, sums)
        code.store(sums[0], bias_sums, first)
        if trained:
            code.store(sums[1], slope_sums, first)
    code.end()
    return code.function


def add_row(module, name):
    """Adds floats to others. Arguments: both, how many, a multiple of 16."""
    code = new_function(module, name, "ppi")
    totals, added, count = code.function.args

    def at_lanes(first):
        value = code.builder.fadd(code.load(totals, first), code.load(added, first))
        code.store(value, totals, first)

    code.loop(0, count, LANES, at_lanes)
    code.end()
    return code.function


def clear(module, name):
    """Zeros. Arguments: where, how many, a multiple of 16."""
    code = new_function(module, name, "pi")
    place, count = code.function.args
    code.loop(0, count, LANES, lambda first: code.store(code.zeros(), place, first))
    code.end()
    return code.function
