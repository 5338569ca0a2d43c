"""`strip`: a rectangle of the picture, all layers at once.

It goes down four rows at a time, each layer one group of rows behind the layer before it, and
keeps of every layer only the rows that are still needed, in rings: a layer that passed through
memory as a whole would cost more time there than in arithmetic. Replicate padding is a clamped row
number, and a few copied pixels at the picture's left and right edge.
"""

from llvmlite import ir

from srcnn_tf.engines.cpu.chain.layer_kernels import LayerKernels
from srcnn_tf.engines.cpu.chain.layer_step import RingShape, StepShape, layer_step
from srcnn_tf.engines.cpu.chain.plan import GROUP, ChainPlan, LayerCode
from srcnn_tf.engines.cpu.function_builder import CompiledModule, new_function

# plane, result, packed weights, scratch; floats per row of plane and result, the picture's height
# and width, x0, x1, y0, y1, the width that the rings are for.
ARGUMENTS = "pppp" + "iiiiiiiii"


def compile_strip(plan: ChainPlan) -> CompiledModule:
    """Compiles `strip` for a plan; see `ARGUMENTS`.

    The plane must go on for `radius` columns of the first layer at the picture's sides, and be
    readable for 16 pixels more. Rows y0..y1 and columns x0..x1, in pixels of the plane, are made.
    In color a pixel of plane and result is three floats.
    """
    return CompiledModule(strip_module(plan), {"strip": ARGUMENTS})


def strip_module(plan: ChainPlan) -> ir.Module:
    """Returns LLVM's intermediate code of `strip`."""
    module = ir.Module("chain")
    _Strip(module, plan).emit()
    return module


class _Strip:
    def __init__(self, module, plan):
        self.plan, self.layers = plan, plan.layers
        self.kernels = LayerKernels(module)
        self.pixels_row = pixels_row(module, plan)
        self.shapes = [RingShape(layer.groups, layer.filters) for layer in self.layers]
        self.steps = [self._step(number) for number in range(len(self.layers))]
        self.code = new_function(module, "strip", ARGUMENTS, internal=False)

    def _step(self, number):
        layer, later = self.layers[number], self.layers[number + 1 : number + 2]
        shape = StepShape(
            samples=layer.samples,
            radius=layer.radius,
            source=self.shapes[number - 1] if number else None,
            target=self.shapes[number],
            added=self.shapes[number - layer.skip] if layer.skip else None,
            padding=later[0].radius if later else 0,
            planes=self.plan.planes,
        )
        group = self.kernels.group(layer, LayerCode(layer.activation, bool(layer.skip)))
        return self.kernels.get(layer_step, shape, group, self.kernels.copy_pixel(layer.filters))

    def emit(self):
        code, plan = self.code, self.plan
        self.plane, self.result, self.weights, scratch = code.function.args[:4]
        (
            self.plane_pitch,
            self.result_pitch,
            self.height,
            self.width,
            self.x0,
            x1,
            self.y0,
            self.y1,
            ring_width,
        ) = code.function.args[4:]
        columns = code.add(ring_width, plan.ring_columns(0))
        self.origin = code.subtract(self.x0, plan.margin)
        self.spectra = scratch
        first, second = plan.spectra_floats
        self.products = code.offset(scratch, first)
        end = code.offset(scratch, first + second)
        self.rings, self.pitches = [], []
        for layer in self.layers:
            pitch = code.multiply(columns, layer.filters)
            self.rings.append(end)
            self.pitches.append(pitch)
            end = code.offset(end, code.multiply(pitch, layer.groups * GROUP))
        self.begins, self.ends, self.lefts, self.rights = [], [], [], []
        for layer in self.layers:
            top = code.maximum(code.subtract(self.y0, layer.halo), 0)
            bottom = code.minimum(code.add(self.y1, layer.halo), self.height)
            self.begins.append(code.quotient(top, GROUP))
            self.ends.append(code.quotient(code.add(bottom, GROUP - 1), GROUP))
            self.lefts.append(code.maximum(code.subtract(self.x0, layer.halo), 0))
            self.rights.append(code.minimum(code.add(x1, layer.halo), self.width))
        # The first layer begins, and the last one, which lags behind it most, ends.
        code.loop(self.begins[0], code.add(self.ends[-1], len(self.layers) - 1), 1, self._at_time)
        code.end()

    def _at_time(self, time):
        code = self.code
        for number in range(len(self.layers)):
            group = code.subtract(time, number)
            begun = code.compare(group, ">=", self.begins[number])
            open_ = code.compare(group, "<", self.ends[number])

            def compute(number=number, group=group):
                self._layer(number, group)
                if number + 1 == len(self.layers):
                    self._pixels(group)

            code.when(code.builder.and_(begun, open_), compute)

    def _layer(self, number, group):
        code, layer = self.code, self.layers[number]
        rings = list(zip(self.rings, self.pitches, strict=True))
        weights = [code.offset(self.weights, place) for place in self.plan.offsets()[number]]
        code.call(
            self.steps[number],
            *(rings[number - 1] if number else (self.plane, self.plane_pitch)),
            *rings[number],
            *rings[number - layer.skip],
            *weights,
            self.spectra,
            self.products,
            group,
            self.lefts[number],
            self.rights[number],
            self.origin,
            self.height,
            self.width,
        )

    def _pixels(self, group):
        code, upscale = self.code, self.plan.upscale
        first = code.multiply(group, GROUP)
        left = self.lefts[-1]
        columns = code.subtract(self.rights[-1], left)
        for i in range(GROUP):
            row = code.add(first, i)

            def write(row=row):
                place = code.multiply(code.multiply(row, upscale), self.result_pitch)
                place = code.add(place, code.multiply(left, upscale * self.plan.planes))
                column = code.multiply(left, self.plan.planes)
                code.call(
                    self.pixels_row,
                    self.shapes[-1].row(
                        code, self.rings[-1], self.pitches[-1], self.origin, row, left
                    ),
                    code.offset(self.plane, code.add(code.multiply(row, self.plane_pitch), column)),
                    code.offset(self.result, place),
                    self.result_pitch,
                    columns,
                )

            inside = code.builder.and_(
                code.compare(row, ">=", self.y0), code.compare(row, "<", self.y1)
            )
            code.when(inside, write)


def pixels_row(module, plan):
    """`depth_to_space` of one row of the last layer, the input's pixels added.

    Arguments: the row, that of the plane, the result's first row, its floats per row, columns.
    """
    code = new_function(module, "pixels_row", "pppii")
    row, plane, result, pitch, columns = code.function.args
    upscale, filters, planes = plan.upscale, plan.layers[-1].filters, plan.planes

    def at_column(column):
        source = code.offset(row, code.multiply(column, filters))
        pixel = code.multiply(column, planes)
        added = []
        if plan.repeats_input:
            added = [code.load_scalar(plane, code.add(pixel, each)) for each in range(planes)]
        for y in range(upscale):
            line = code.add(code.multiply(pitch, y), code.multiply(column, upscale * planes))
            # The pixels of a line are beside each other, each its planes, here and there.
            for place in range(upscale * planes):
                value = code.load_scalar(source, y * upscale * planes + place)
                if added:
                    value = code.builder.fadd(value, added[place % planes])
                code.store(value, result, code.add(line, place))

    code.loop(0, columns, 1, at_column)
    code.end()
    return code.function
