"""TensorFlow ops whose kernels are machine code made here: no Python in the graph, no C compiler.

Ops and kernels are registered through TensorFlow's C interface (`tensorflow/c/ops.h`, `kernels.h`),
as a plug-in compiled against it would. Kernels run on the CPU, in TensorFlow's own threads.
"""

import ctypes
import pathlib
from collections.abc import Callable, Sequence

import tensorflow as tf
from llvmlite import binding, ir

from srcnn_tf.engines.cpu.function_builder import (
    INTEGER,
    POINTER,
    CompiledModule,
    FunctionBuilder,
    integer,
    new_function,
)

_INT, _NOTHING = ir.IntType(32), ir.VoidType()
# What kernels call, as C declares it.
_FOR_KERNELS = {
    "TF_NewStatus": (POINTER, []),
    "TF_GetCode": (_INT, [POINTER]),
    "TF_SetStatus": (_NOTHING, [POINTER, _INT, POINTER]),
    "TF_DeleteStatus": (_NOTHING, [POINTER]),
    "TF_GetInput": (_NOTHING, [POINTER, _INT, POINTER, POINTER]),
    "TF_AllocateOutput": (POINTER, [POINTER, _INT, _INT, POINTER, _INT, INTEGER, POINTER]),
    "TF_OpKernelContext_Failure": (_NOTHING, [POINTER, POINTER]),
    "TF_TensorData": (POINTER, [POINTER]),
    "TF_Dim": (INTEGER, [POINTER, _INT]),
    "TF_DeleteTensor": (_NOTHING, [POINTER]),
}
_POINTER, _STRING = ctypes.c_void_p, ctypes.c_char_p

# What registers them: result and arguments.
_FOR_REGISTERING = {
    "TF_NewStatus": (_POINTER,),
    "TF_GetCode": (ctypes.c_int, _POINTER),
    "TF_Message": (_STRING, _POINTER),
    "TF_NewOpDefinitionBuilder": (_POINTER, _STRING),
    "TF_OpDefinitionBuilderAddInput": (None, _POINTER, _STRING),
    "TF_OpDefinitionBuilderAddOutput": (None, _POINTER, _STRING),
    "TF_OpDefinitionBuilderSetShapeInferenceFunction": (None, _POINTER, _POINTER),
    "TF_RegisterOpDefinition": (None, _POINTER, _POINTER),
    "TF_NewKernelBuilder": (_POINTER, _STRING, _STRING, _POINTER, _POINTER, _POINTER),
    "TF_RegisterKernelBuilder": (None, _STRING, _POINTER, _POINTER),
}
_INVALID_ARGUMENT = 3
_FLOAT, _FLOAT_BYTES = 1, 4


class Kernel:
    """A kernel while its code is written: the calls by which it talks to TensorFlow.

    Attributes:
      code: to be added to. Functions that it calls go into `code.function.module`.
    """

    def __init__(self, code: FunctionBuilder, inputs: int, outputs: int):
        """Begins the kernel in an empty function, whose last argument is TensorFlow's context."""
        self.code = code
        self._context = code.function.args[-1]
        builder, module = code.builder, code.function.module
        self._functions = {
            name: ir.Function(module, ir.FunctionType(result, arguments), name)
            for name, (result, arguments) in _FOR_KERNELS.items()
        }
        self._last = code.function.append_basic_block()
        self._status = self._call("TF_NewStatus")
        self._sides = builder.bitcast(builder.alloca(INTEGER, 8), POINTER)
        self._inputs, self._outputs = (
            [builder.bitcast(builder.alloca(POINTER), POINTER) for _ in range(count)]
            for count in (inputs, outputs)
        )
        for place in self._outputs:
            builder.store(ir.Constant(POINTER, None), place)
        for number, place in enumerate(self._inputs):
            self._call("TF_GetInput", self._context, _int(number), place, self._status)

    def data(self, number: int):
        """The address of an input's values."""
        return self._call("TF_TensorData", self._input(number))

    def length(self, number: int, axis: int = 0):
        """The length of one axis of an input."""
        return self._call("TF_Dim", self._input(number), _int(axis))

    def allocate(self, number: int, sides: Sequence):
        """The address of an output's values: float32, of this shape, which has 8 axes at most."""
        builder, size = self.code.builder, integer(_FLOAT_BYTES)
        for axis, side in enumerate(sides):
            side = integer(side) if isinstance(side, int) else side
            place = builder.gep(self._sides, [integer(axis)], source_etype=INTEGER)
            builder.store(side, place, align=8)
            size = builder.mul(size, side)
        shape = (_int(_FLOAT), self._sides, _int(len(sides)), size)
        tensor = self._call("TF_AllocateOutput", self._context, _int(number), *shape, self._status)
        builder.store(tensor, self._outputs[number])
        self._unless(builder.icmp_unsigned("!=", tensor, ir.Constant(POINTER, None)), self._last)
        return self._call("TF_TensorData", tensor)

    def require(self, condition, sentence: str) -> None:
        """Ends the op with an `InvalidArgumentError` unless the condition, one bit, holds."""
        builder, module = self.code.builder, self.code.function.module
        failed = self.code.function.append_basic_block()
        self._unless(condition, failed)
        letters = bytearray(sentence.encode() + b"\0")
        text = ir.GlobalVariable(
            module,
            ir.ArrayType(ir.IntType(8), len(letters)),
            module.get_unique_name("sentence"),
        )
        text.initializer, text.global_constant = ir.Constant(text.value_type, letters), True
        with builder.goto_block(failed):
            said = builder.bitcast(text, POINTER)
            self._call("TF_SetStatus", self._status, _int(_INVALID_ARGUMENT), said)
            builder.branch(self._last)

    def end(self) -> None:
        """Reports a failure to TensorFlow, releases what was borrowed, and returns."""
        builder = self.code.builder
        builder.branch(self._last)
        builder.position_at_end(self._last)
        failed = builder.icmp_signed("!=", self._call("TF_GetCode", self._status), _int(0))
        with builder.if_then(failed, likely=False):
            self._call("TF_OpKernelContext_Failure", self._context, self._status)
        for place in self._inputs + self._outputs:
            self._call("TF_DeleteTensor", builder.load(place, typ=POINTER))
        self._call("TF_DeleteStatus", self._status)
        self.code.end()

    def _input(self, number):
        return self.code.builder.load(self._inputs[number], typ=POINTER)

    def _call(self, name, *arguments):
        return self.code.builder.call(self._functions[name], arguments)

    def _unless(self, condition, otherwise):
        """Jumps away unless the condition holds."""
        after = self.code.function.append_basic_block()
        self.code.builder.cbranch(condition, after, otherwise)
        self.code.builder.position_at_end(after)


def register_op(
    name: str, inputs: Sequence[str], outputs: Sequence[str], write: Callable[[Kernel], None]
) -> None:
    """Registers an op for CPUs, for as long as the process lives.

    Args:
      name: in CamelCase, and new.
      inputs: such as `corners: int64`.
      outputs: such as `crops: float`; all have that type.
      write: writes the kernel's code.

    Raises:
      OSError, AttributeError: TensorFlow's library, or a function of its C interface, is missing.
      RuntimeError: TensorFlow refuses the op, and says why.
    """
    if _is_registered(name):
        # TensorFlow would end the process.
        raise RuntimeError(f"TensorFlow has an op {name} already.")
    library = _library()
    c = {called: _typed(library, called) for called in _FOR_REGISTERING}
    status = c["TF_NewStatus"]()
    compiled = _compiled(name, len(inputs), len(outputs), write, library)
    # TensorFlow calls it until the process has ended, when Python has cleared everything away.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(compiled))

    def check():
        if c["TF_GetCode"](status):
            raise RuntimeError(c["TF_Message"](status).decode())

    definition = c["TF_NewOpDefinitionBuilder"](name.encode())
    for each in inputs:
        c["TF_OpDefinitionBuilderAddInput"](definition, each.encode())
    for each in outputs:
        c["TF_OpDefinitionBuilderAddOutput"](definition, each.encode())
    unknown = _address(library, "TF_ShapeInferenceContextSetUnknownShape")
    c["TF_OpDefinitionBuilderSetShapeInferenceFunction"](definition, unknown)
    c["TF_RegisterOpDefinition"](definition, status)
    check()
    address = compiled.address("compute")
    builder = c["TF_NewKernelBuilder"](name.encode(), b"CPU", None, address, None)
    c["TF_RegisterKernelBuilder"](name.encode(), builder, status)
    check()


def _library():
    folder = pathlib.Path(tf.sysconfig.get_lib())
    paths = sorted(folder.glob("libtensorflow_framework.*"))
    if not paths:
        raise OSError(f"there is no libtensorflow_framework in {folder}")
    # TensorFlow has opened it already; this is the same one.
    return ctypes.CDLL(str(paths[-1]))


def _is_registered(name):
    graph = tf.compat.v1.GraphDef()
    graph.node.add(name="node", op=name)
    try:
        with tf.Graph().as_default():
            tf.graph_util.import_graph_def(graph)
    except (ValueError, tf.errors.NotFoundError) as error:
        # It is asked for without its inputs, so that other ops fail, too.
        return "not registered" not in str(error)
    return True


def _compiled(name, inputs, outputs, write, library):
    for called in _FOR_KERNELS:
        binding.add_symbol(called, _address(library, called))
    module = ir.Module(name)
    kernel = Kernel(new_function(module, "compute", "pp", internal=False), inputs, outputs)
    write(kernel)
    kernel.end()
    return CompiledModule(module, {"compute": "pp"})


def _typed(library, name):
    function = getattr(library, name)
    function.restype, *function.argtypes = _FOR_REGISTERING[name]
    return function


def _address(library, name):
    return ctypes.cast(getattr(library, name), ctypes.c_void_p).value


def _int(value):
    return ir.Constant(_INT, value)
