"""Vector code of activations and of their gradients."""

from srcnn_tf.engines.cpu.function_builder import FunctionBuilder

# exp(x) = 2 ** (x / log 2): the whole part goes into a float's exponent, and for the rest, within
# +-1/2, Taylor's series of 2 ** x is exact to a float's last bit with these many terms.
_LOG2_E = 1.4426950408889634
_SERIES = [
    1.0,
    0.6931471805599453,
    0.2402265069591007,
    0.05550410866482158,
    0.009618129107628477,
    0.0013333558146428443,
    0.0001540353039338161,
    1.525273380405984e-05,
]
# Beyond this tanh is 1 in float32.
_TANH_END = 10.0


def activate(code: FunctionBuilder, activation: str, value, slope=None):
    """Returns what the activation makes of a vector.

    Args:
      code: gets the instructions.
      activation: one of `architecture.ACTIVATIONS`.
      value: the vector.
      slope: PReLU's, one for each lane.
    """
    if activation == "relu":
        return code.relu(value)
    if activation == "prelu":
        return code.where_negative(value, code.builder.fmul(value, slope), value)
    if activation == "tanh":
        return _tanh(code, value)
    return value


def gradient(code: FunctionBuilder, activation: str, value, gradients, slope=None):
    """Returns the gradients at an activation's input, from those at its output.

    Args:
      code: gets the instructions.
      activation: one of `architecture.ACTIVATIONS`.
      value: its input.
      gradients: at its output.
      slope: PReLU's.
    """
    if activation == "relu":
        return code.where_positive(value, gradients)
    if activation == "prelu":
        return code.where_negative(value, code.builder.fmul(gradients, slope), gradients)
    if activation == "tanh":
        output = _tanh(code, value)
        square = code.builder.fmul(output, output)
        return code.builder.fmul(gradients, code.builder.fsub(code.splat(1.0), square))
    return gradients


def _tanh(code, value):
    """1 - 2 / (exp(2 x) + 1), within some 1e-7."""
    end = code.splat(_TANH_END)
    value = code.clamp(value, code.splat(-_TANH_END), end)
    exponential = _exp(code, code.builder.fadd(value, value))
    one, two = code.splat(1.0), code.splat(2.0)
    quotient = code.builder.fdiv(two, code.builder.fadd(exponential, one))
    return code.builder.fsub(one, quotient)


def _exp(code, value):
    scaled = code.builder.fmul(value, code.splat(_LOG2_E))
    whole = code.round(scaled)
    rest = code.builder.fsub(scaled, whole)
    result = code.splat(_SERIES[-1])
    for term in reversed(_SERIES[:-1]):
        result = code.multiply_add(result, rest, code.splat(term))
    return code.builder.fmul(result, code.power_of_two(whole))
