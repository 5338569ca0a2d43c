"""One op that cuts a batch of crops out of all pictures, and flips, rotates and stretches them."""

import functools
import logging
import threading
from collections.abc import Callable

import tensorflow as tf
from llvmlite import ir

from srcnn_tf.data.native_ops import Kernel, register_op
from srcnn_tf.engines.cpu.function_builder import new_function

_LOGGER = logging.getLogger(__name__)
_LOCK = threading.Lock()
_NAME = "SrcnnTfCrops"
_INPUTS = ("pixels: float", "crops: int64", "gains: float", "sides: int64")
_OUTPUTS = ("inputs: float", "targets: float")


def crop_op() -> Callable | None:
    """Returns the op, or None, and says why in the log, where TensorFlow cannot be given one.

    It is `cut(pixels, corners, widths, codes, gains, patch, border) -> (inputs, targets)`:

    - pixels float32 (total, 2), as in `pipeline.PackedPictures`;
    - corners int64 (batch,), where in `pixels` each crop's upper left pixel is;
    - widths int64 (batch,), pixels in a row of each crop's picture;
    - codes int64 (batch,), from `augment.pick_dihedral`;
    - gains float32 (batch, 2), a factor and what is subtracted after it;
    - patch and border, ints, as in `pipeline.training_batches`, and so is the result.

    A crop that is not within `pixels` is an `InvalidArgumentError`. For graphs only, such as the
    functions of `tf.data`.
    """
    # Threads that ask for the first time together must not register it twice.
    with _LOCK:
        return _cut if _is_registered() else None


@functools.cache
def _is_registered():
    try:
        register_op(_NAME, _INPUTS, _OUTPUTS, _write)
    except (OSError, AttributeError, RuntimeError) as error:
        _LOGGER.info("Crops are cut by TensorFlow's own ops, more slowly: %s", error)
        return False
    return True


def _cut(pixels, corners, widths, codes, gains, patch, border):
    operands = [
        pixels,
        tf.stack([corners, widths, codes]),
        gains,
        tf.constant([patch, border], tf.int64),
    ]
    graph = tf.compat.v1.get_default_graph()
    inputs, targets = graph.create_op(_NAME, operands, [tf.float32, tf.float32]).outputs
    inner = patch - 2 * border
    inputs.set_shape([corners.shape[0], patch, patch, 1])
    targets.set_shape([corners.shape[0], inner, inner, 1])
    return inputs, targets


def _write(kernel: Kernel):
    code = kernel.code
    plane = _plane(code.function.module)
    pixels, crops, gains, sides = (kernel.data(number) for number in range(len(_INPUTS)))
    total, batch = kernel.length(0), kernel.length(1, 1)
    patch, border = code.load_integer(sides, 0), code.load_integer(sides, 1)
    inner = code.subtract(patch, code.multiply(border, 2))
    inputs = kernel.allocate(0, [batch, patch, patch, 1])
    targets = kernel.allocate(1, [batch, inner, inner, 1])
    last = code.subtract(patch, 1)

    def crop(number):
        corner, width, turn = (
            code.load_integer(crops, code.add(code.multiply(batch, row), number))
            for row in range(3)
        )
        end = code.add(code.add(corner, code.multiply(last, width)), patch)
        kernel.require(code.is_monotonic(0, corner, end, total), "A crop is not within the pixels.")
        # As `augment.dihedral_offsets` has it, in floats: two a pixel.
        pitch = code.multiply(width, 2)
        upside, mirrored, swapped = (code.has_bit(turn, bit) for bit in (1, 2, 4))
        begin = code.multiply(corner, 2)
        begin = code.add(begin, code.select(upside, code.multiply(last, pitch), 0))
        begin = code.add(begin, code.select(mirrored, code.multiply(last, 2), 0))
        down = code.select(upside, code.subtract(0, pitch), pitch)
        right = code.select(mirrored, -2, 2)
        line, across = code.select(swapped, right, down), code.select(swapped, down, right)

        gain = code.offset(gains, code.multiply(number, 2))
        source = code.offset(pixels, begin)
        target = code.offset(inputs, code.multiply(number, code.multiply(patch, patch)))
        code.call(plane, source, target, gain, line, across, patch)
        # The original is beside the bicubic pixel.
        begin = code.add(code.multiply(border, code.add(line, across)), 1)
        target = code.offset(targets, code.multiply(number, code.multiply(inner, inner)))
        code.call(plane, code.offset(source, begin), target, gain, line, across, inner)

    code.loop(0, batch, 1, crop)


def _plane(module: ir.Module):
    """Copies a square; arguments: source, target, gain, floats to the next line and pixel, side."""
    code = new_function(module, "plane", "pppiii")
    source, target, gain, line, across, side = code.function.args
    factor, subtrahend = code.load_scalar(gain, 0), code.load_scalar(gain, 1)

    def copy_line(y):
        pixels = code.offset(source, code.multiply(y, line))
        here = code.offset(target, code.multiply(y, side))

        def copy_pixel(x):
            value = code.load_scalar(pixels, code.multiply(x, across))
            # Rounded in between, as TensorFlow's own ops do.
            value = code.builder.fsub(code.builder.fmul(value, factor), subtrahend)
            code.store(value, here, x)

        code.loop(0, side, 1, copy_pixel)

    code.loop(0, side, 1, copy_line)
    code.end()
    return code.function
