"""`layer_step`: a group of rows of one layer of a strip, from the ring before it to its own.

Layers that are alike share the function, so that a deeper network takes little longer to compile.
"""

from typing import NamedTuple

from srcnn_tf.engines.cpu.chain.plan import GROUP
from srcnn_tf.engines.cpu.function_builder import new_function

# Source, target and what is added, each with its floats per row; kernel, biases, slopes, two
# buffers of scratch; the group's number, the layer's first column and the one after its last, the
# column where rings begin, the picture's height and width.
ARGUMENTS = "pipipi" + "ppppp" + "iiiiii"


class RingShape(NamedTuple):
    """Of the rows that are kept of a layer: groups of four, and the floats of a pixel."""

    groups: int
    filters: int

    def row(self, code, ring, pitch, origin, row, column):
        """Returns where a pixel is."""
        group = code.remainder(code.quotient(row, GROUP), self.groups)
        line = code.add(code.multiply(group, GROUP), code.modulo(row, GROUP))
        place = code.multiply(code.subtract(column, origin), self.filters)
        return code.offset(ring, code.add(code.multiply(line, pitch), place))


class StepShape(NamedTuple):
    """What layers have in common that share a function.

    Attributes:
      samples: rows of inputs that a group of rows takes.
      radius: how far the kernel looks to each side.
      source: the ring of the layer before; None for the picture, of `planes` floats a pixel.
      target: the layer's own ring.
      added: the ring of the layer whose results are added; None without a skip.
      padding: how far the next layer looks to each side.
      planes: of the picture.
    """

    samples: int
    radius: int
    source: RingShape | None
    target: RingShape
    added: RingShape | None
    padding: int
    planes: int


def layer_step(module, name, shape: StepShape, group_rows, copy_pixel):
    """Computes a group of rows, and pads it where it reaches the picture's sides; see `ARGUMENTS`.

    Args:
      module: gets the function.
      name: of the function.
      shape: of the layer.
      group_rows: computes the rows; of `LayerKernels.group`.
      copy_pixel: pads them; of `LayerKernels.copy_pixel`.
    """
    code = new_function(module, name, ARGUMENTS)
    source, source_pitch, target, target_pitch, added, added_pitch = code.function.args[:6]
    kernel, biases, slopes, spectra, products = code.function.args[6:11]
    group, left, right, origin, height, width = code.function.args[11:]
    first = code.multiply(group, GROUP)

    def input_row(row, column):
        if shape.source:
            return shape.source.row(code, source, source_pitch, origin, row, column)
        place = code.multiply(column, shape.planes)
        return code.offset(source, code.add(code.multiply(row, source_pitch), place))

    def result_row(row, column):
        return shape.target.row(code, target, target_pitch, origin, row, column)

    inputs = []
    for i in range(shape.samples):
        row = code.add(first, i - shape.radius)
        row = code.minimum(code.maximum(row, 0), code.subtract(height, 1))
        inputs.append(input_row(row, code.subtract(left, shape.radius)))
    rows = [code.add(first, i) for i in range(GROUP)]
    results = extra = [result_row(row, left) for row in rows]
    if shape.added:
        extra = [shape.added.row(code, added, added_pitch, origin, row, left) for row in rows]
    columns = code.subtract(right, left)
    code.call(
        group_rows, *inputs, *results, *extra, kernel, biases, slopes, spectra, products, columns
    )
    filters = shape.target.filters

    def pad(column, floats):
        """Repeats the pixel of a column, to where it lies this many floats further."""

        def at_row(i):
            pixel = result_row(code.add(first, i), column)
            code.call(copy_pixel, pixel, code.offset(pixel, floats), shape.padding)

        code.loop(0, GROUP, 1, at_row)

    if shape.padding:
        last = code.subtract(right, 1)
        code.when(code.compare(left, "==", 0), lambda: pad(0, -shape.padding * filters))
        code.when(code.compare(right, "==", width), lambda: pad(last, filters))
    code.end()
    return code.function
