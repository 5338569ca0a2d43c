"""Code of losses: at every pixel of a crop its part of the sum, and its gradient.

The last layer's channels are pixels of the result, as `depth_to_space` lays them out.
"""

from llvmlite import ir

from srcnn_tf.engines.cpu.chain.crop_layout import CropLayout
from srcnn_tf.engines.cpu.function_builder import FLOAT, FunctionBuilder, new_function

_DOUBLE = ir.DoubleType()
# Charbonnier's, squared: as in `training.losses`.
_EPSILON = 1e-6


def _squared(code, error):
    return code.builder.fmul(error, error), code.builder.fadd(error, error)


def _absolute(code, error):
    zero, one = ir.Constant(FLOAT, 0.0), ir.Constant(FLOAT, 1.0)
    negative = code.builder.fcmp_ordered("<", error, zero)
    positive = code.builder.fcmp_ordered(">", error, zero)
    sign = code.builder.select(negative, ir.Constant(FLOAT, -1.0), zero)
    sign = code.builder.select(positive, one, sign)
    # What is not a number stays so, and ends the run.
    return code.builder.select(negative, code.builder.fneg(error), error), sign


def _charbonnier(code, error):
    module = code.function.module
    root = module.globals.get("llvm.sqrt.f32") or ir.Function(
        module, ir.FunctionType(FLOAT, [FLOAT]), "llvm.sqrt.f32"
    )
    square = code.builder.fmul(error, error)
    smoothed = code.builder.call(root, [code.builder.fadd(square, ir.Constant(FLOAT, _EPSILON))])
    return smoothed, code.builder.fdiv(error, smoothed)


# Each returns a pixel's part of the sum, and its gradient, from the error.
LOSSES = {"mse": _squared, "charbonnier": _charbonnier, "l1": _absolute}


def loss_function(module: ir.Module, name: str, layout: CropLayout, loss: str) -> ir.Function:
    """Adds a crop's loss to a sum, and writes its gradients to `layout.result_gradients`.

    Arguments: memory, target (the result's rows and columns), two doubles: what gradients are
    multiplied with, and the sum.

    Args:
      module: gets the function.
      name: of the function.
      layout: of the crop.
      loss: a name in `LOSSES`.
    """
    code: FunctionBuilder = new_function(module, name, "ppp")
    memory, target, numbers = code.function.args
    builder = code.builder
    upscale, side, extra = layout.plan.upscale, layout.result_side, layout.result_margin
    planes = layout.plan.planes
    scale = builder.fptrunc(builder.load(numbers, typ=_DOUBLE), FLOAT)
    sum_place = builder.gep(numbers, [ir.Constant(ir.IntType(64), 1)], source_etype=_DOUBLE)
    results, gradients = layout.results, layout.result_gradients
    inputs, margin = layout.layers()[0].inputs, layout.input_margin

    def place(buffer, row, column, shift):
        row, column = code.add(row, shift), code.add(column, shift)
        pixel = code.multiply(column, buffer.floats)
        pixel = code.add(code.multiply(row, buffer.pitch), pixel)
        return code.offset(memory, code.add(pixel, buffer.place))

    def at_row(row, totals):
        def at_column(column, totals):
            source = place(results, row, column, extra)
            result = place(gradients, row, column, extra)
            added = []
            if layout.plan.repeats_input:
                pixel = place(inputs, row, column, margin)
                added = [code.load_scalar(pixel, each) for each in range(planes)]
            (total,) = totals
            across = upscale * planes
            for y in range(upscale):
                line = code.multiply(code.add(code.multiply(row, upscale), y), side * across)
                # The pixels of a line are beside each other, each its planes, here and there.
                for x in range(across):
                    spot = code.add(line, code.add(code.multiply(column, across), x))
                    channel = y * across + x
                    value = code.load_scalar(source, channel)
                    if added:
                        value = builder.fadd(value, added[x % planes])
                    error = builder.fsub(value, code.load_scalar(target, spot))
                    part, gradient = LOSSES[loss](code, error)
                    total = builder.fadd(total, builder.fpext(part, _DOUBLE))
                    code.store(builder.fmul(gradient, scale), result, channel)
            return [total]

        return code.loop(0, side, 1, at_column, totals)

    start = builder.load(sum_place, typ=_DOUBLE)
    (total,) = code.loop(0, side, 1, at_row, [start])
    builder.store(total, sum_place)
    code.end()
    return code.function
