"""`FunctionBuilder`: machine code for the processor at hand, through LLVM.

A thin layer over llvmlite. Loops are written once for vectors of 16 floats; LLVM lays these over
whatever registers the processor has (AVX-512, AVX2, NEON, ...).
"""

import ctypes
import functools
import itertools
import threading
from collections.abc import Callable, Sequence

import numpy as np
from llvmlite import binding, ir

LANES = 16
FLOAT = ir.FloatType()
INTEGER = ir.IntType(64)
POINTER = ir.PointerType()
VECTOR = ir.VectorType(FLOAT, LANES)


class _Bfloat16(ir.Type):
    """LLVM's `bfloat`, which llvmlite has no type for."""

    def _to_string(self):
        return "bfloat"

    def __eq__(self, other):
        return isinstance(other, _Bfloat16)

    def __hash__(self):
        return hash(_Bfloat16)


_HALVES = ir.VectorType(_Bfloat16(), LANES)
_PAIRS = ir.VectorType(_Bfloat16(), 2 * LANES)

_START_LOCK = threading.Lock()


def integer(value: int) -> ir.Constant:
    """Returns a 64-bit constant."""
    return ir.Constant(INTEGER, int(value))


class FunctionBuilder:
    """Instructions of one function, appended one after the other.

    Integers are 64-bit; where a method takes one, a Python int will do. Offsets count floats.
    """

    def __init__(self, function: ir.Function):
        """Begins the function; its arguments are `function.args`."""
        self.function = function
        self.builder = ir.IRBuilder(function.append_basic_block())
        module = function.module
        self._multiply_add = module.globals.get("llvm.fmuladd.v16f32") or ir.Function(
            module, ir.FunctionType(VECTOR, [VECTOR] * 3), "llvm.fmuladd.v16f32"
        )
        self._sum = module.globals.get("llvm.vector.reduce.fadd.v16f32") or ir.Function(
            module, ir.FunctionType(FLOAT, [FLOAT, VECTOR]), "llvm.vector.reduce.fadd.v16f32"
        )

    # Integers.

    def add(self, a, b):
        """Returns a + b."""
        return self.builder.add(_value(a), _value(b))

    def subtract(self, a, b):
        """Returns a - b."""
        return self.builder.sub(_value(a), _value(b))

    def multiply(self, a, b):
        """Returns a b."""
        return self.builder.mul(_value(a), _value(b))

    def modulo(self, a, power_of_two: int):
        """Returns a modulo a power of two; a must not be negative."""
        return self.builder.and_(a, integer(power_of_two - 1))

    def remainder(self, a, b: int):
        """Returns a modulo b; a must not be negative."""
        return self.builder.urem(_value(a), integer(b))

    def quotient(self, a, b: int):
        """Returns a / b, rounded down; a must not be negative."""
        return self.builder.udiv(_value(a), integer(b))

    def minimum(self, a, b):
        """The smaller one, of signed integers."""
        a, b = _value(a), _value(b)
        return self.builder.select(self.builder.icmp_signed("<", a, b), a, b)

    def maximum(self, a, b):
        """The larger one, of signed integers."""
        a, b = _value(a), _value(b)
        return self.builder.select(self.builder.icmp_signed(">", a, b), a, b)

    def compare(self, a, relation: str, b):
        """Whether `a relation b` holds of signed integers: one bit."""
        return self.builder.icmp_signed(relation, _value(a), _value(b))

    def select(self, condition, if_so, if_not):
        """`if_so` where the bit `condition` is set, else `if_not`."""
        return self.builder.select(condition, _value(if_so), _value(if_not))

    def has_bit(self, a, bit: int):
        """Whether an integer has this bit, a power of two: one bit."""
        return self.builder.icmp_signed("!=", self.builder.and_(a, integer(bit)), integer(0))

    def is_monotonic(self, *integers):
        """Whether no signed integer is smaller than the one before it: one bit."""
        steps = [
            self.builder.icmp_signed("<=", _value(a), _value(b))
            for a, b in itertools.pairwise(integers)
        ]
        return functools.reduce(self.builder.and_, steps)

    # Memory.

    def offset(self, pointer, floats):
        """The address this many floats further."""
        return self.builder.gep(pointer, [_value(floats)], source_etype=FLOAT)

    def load(self, pointer, floats=0):
        """A vector from memory."""
        return self.builder.load(self.offset(pointer, floats), typ=VECTOR, align=4)

    def load_scalar(self, pointer, floats=0):
        """A float from memory."""
        return self.builder.load(self.offset(pointer, floats), typ=FLOAT, align=4)

    def load_integer(self, pointer, place=0):
        """The integer that is this many integers further."""
        there = self.builder.gep(pointer, [_value(place)], source_etype=INTEGER)
        return self.builder.load(there, typ=INTEGER, align=8)

    def store(self, value, pointer, floats=0):
        """A vector, or a float, to memory."""
        self.builder.store(value, self.offset(pointer, floats), align=4)

    # Vectors.

    def zeros(self):
        """A vector of zeros."""
        return ir.Constant(VECTOR, [0.0] * LANES)

    def splat(self, scalar):
        """A vector that repeats a float (a value or a Python number)."""
        if isinstance(scalar, float | int):
            return ir.Constant(VECTOR, [float(scalar)] * LANES)
        undefined = ir.Constant(VECTOR, ir.Undefined)
        single = self.builder.insert_element(undefined, scalar, ir.Constant(ir.IntType(32), 0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return self.builder.shuffle_vector(single, undefined, mask)

    def multiply_add(self, a, b, c):
        """Returns a b + c, lane by lane."""
        return self.builder.call(self._multiply_add, [a, b, c])

    def fma_block(self, sums: list, pointer, places: Sequence, factors: Sequence) -> list:
        """Adds each of some floats in memory, times each vector, to a sum of its own.

        Args:
          sums: one for each float and vector, the vectors of a float beside each other; changed.
          pointer: the floats' memory.
          places: where they are.
          factors: the vectors.

        Returns:
          `sums`.
        """
        for i, place in enumerate(places):
            value = self.splat(self.load_scalar(pointer, place))
            for v, factor in enumerate(factors):
                k = i * len(factors) + v
                sums[k] = self.multiply_add(value, factor, sums[k])
        return sums

    def dot_block(self, sums: list, pointer, places: Sequence, factors: Sequence) -> list:
        """As `fma_block`, of pairs of bfloat16 in the place of floats: both products are added.

        Only where `has_bfloat16`.
        """
        name = "llvm.x86.avx512bf16.dpbf16ps.512"
        module = self.function.module
        dot = module.globals.get(name) or ir.Function(
            module, ir.FunctionType(VECTOR, [VECTOR, _PAIRS, _PAIRS]), name
        )
        factors = [self.builder.bitcast(factor, _PAIRS) for factor in factors]
        for i, place in enumerate(places):
            value = self.builder.bitcast(self.splat(self.load_scalar(pointer, place)), _PAIRS)
            for v, factor in enumerate(factors):
                k = i * len(factors) + v
                sums[k] = self.builder.call(dot, [sums[k], value, factor])
        return sums

    def store_bfloat16(self, vector, pointer, floats=0):
        """A vector to memory, rounded to bfloat16: half as many bytes."""
        halves = self.builder.fptrunc(vector, _HALVES)
        self.builder.store(halves, self.offset(pointer, floats), align=4)

    def relu(self, vector):
        """The larger of each lane and zero; what is not a number stays so."""
        negative = self.builder.fcmp_ordered("<", vector, self.zeros())
        return self.builder.select(negative, self.zeros(), vector)

    def where_positive(self, condition, vector):
        """The vector's lanes where `condition` has positive ones, zero elsewhere."""
        positive = self.builder.fcmp_ordered(">", condition, self.zeros())
        return self.builder.select(positive, vector, self.zeros())

    def clamp(self, vector, least, most):
        """Each lane, but not less than `least` nor more than `most`."""
        low = self.builder.fcmp_ordered("<", vector, least)
        vector = self.builder.select(low, least, vector)
        high = self.builder.fcmp_ordered(">", vector, most)
        return self.builder.select(high, most, vector)

    def round(self, vector):
        """The nearest whole number of each lane, which must be below 2 ** 22."""
        # Adding 1.5 * 2 ** 23 leaves no bits for a fraction.
        magic = self.splat(1.5 * 2.0**23)
        return self.builder.fsub(self.builder.fadd(vector, magic), magic)

    def power_of_two(self, vector):
        """2 to the power of each lane, a whole number within +-126."""
        integers = ir.VectorType(ir.IntType(32), LANES)
        exponent = self.builder.fptosi(vector, integers)
        exponent = self.builder.add(exponent, ir.Constant(integers, [127] * LANES))
        bits = self.builder.shl(exponent, ir.Constant(integers, [23] * LANES))
        return self.builder.bitcast(bits, VECTOR)

    def where_negative(self, condition, if_so, if_not):
        """`if_so` in the lanes where `condition` is negative, `if_not` in all others."""
        negative = self.builder.fcmp_ordered("<", condition, self.zeros())
        return self.builder.select(negative, if_so, if_not)

    def sum(self, vector):
        """The sum of all lanes, a float."""
        zero = ir.Constant(FLOAT, -0.0)
        return self.builder.call(self._sum, [zero, vector], fastmath=("reassoc",))

    def linear_combination(self, coefficients: Sequence[float], vectors: Sequence):
        """The sum of coefficient times vector, without the products by 0 and 1; None if empty."""
        total = None
        for coefficient, vector in zip(coefficients, vectors, strict=True):
            if coefficient == 0:
                continue
            if total is None:
                one = coefficient == 1
                total = vector if one else self.builder.fmul(vector, self.splat(coefficient))
            elif coefficient == 1:
                total = self.builder.fadd(total, vector)
            elif coefficient == -1:
                total = self.builder.fsub(total, vector)
            else:
                total = self.multiply_add(vector, self.splat(coefficient), total)
        return total

    # Control.

    def loop(self, start, stop, step, body: Callable, carried: Sequence = ()) -> list:
        """`for index in range(start, stop, step)`, all of them values or ints.

        Args:
          start: the first index.
          stop: where to end.
          step: positive.
          body: takes the index, and the carried values if there are any; returns the new ones.
          carried: values that go from one pass to the next.

        Returns:
          The carried values after the last pass.
        """
        builder = self.builder
        before = builder.block
        head = self.function.append_basic_block()
        inside = self.function.append_basic_block()
        after = self.function.append_basic_block()
        builder.branch(head)
        builder.position_at_end(head)
        index = builder.phi(INTEGER)
        index.add_incoming(_value(start), before)
        values = [builder.phi(value.type) for value in carried]
        for phi, value in zip(values, carried, strict=True):
            phi.add_incoming(value, before)
        builder.cbranch(builder.icmp_signed("<", index, _value(stop)), inside, after)
        builder.position_at_end(inside)
        results = body(index, list(values)) if carried else body(index)
        index.add_incoming(builder.add(index, _value(step)), builder.block)
        for phi, value in zip(values, results or (), strict=True):
            phi.add_incoming(value, builder.block)
        builder.branch(head)
        builder.position_at_end(after)
        return values

    def when(self, condition, body: Callable[[], None]) -> None:
        """Does `body` only if the bit `condition` is set."""
        with self.builder.if_then(condition):
            body()

    def call(self, function: ir.Function, *arguments) -> None:
        """Calls another function of the module."""
        self.builder.call(function, [_value(argument) for argument in arguments])

    def end(self) -> None:
        """Returns from the function."""
        self.builder.ret_void()


def new_function(
    module: ir.Module, name: str, arguments: str, internal: bool = True
) -> FunctionBuilder:
    """Begins a function; `arguments` has a `p` for each pointer and an `i` for each integer.

    Args:
      module: gets the function.
      name: for calls.
      arguments: their kinds.
      internal: whether it is called from this module only. Pointers never overlap.
    """
    kinds = [{"p": POINTER, "i": INTEGER}[kind] for kind in arguments]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), kinds), name)
    function.linkage = "internal" if internal else "external"
    for argument in function.args:
        if argument.type == POINTER:
            argument.add_attribute("noalias")
    return FunctionBuilder(function)


class CompiledModule:
    """Functions compiled for this processor; calling one lets other Python threads run."""

    def __init__(self, module: ir.Module, arguments: dict[str, str]):
        """Compiles `module`; `arguments` names the functions to offer, as in `new_function`."""
        with _START_LOCK:
            binding.initialize_native_target()
            binding.initialize_native_asmprinter()
        machine = binding.Target.from_default_triple().create_target_machine(
            cpu=binding.get_host_cpu_name(),
            features=_features(),
            opt=3,
        )
        parsed = binding.parse_assembly(str(module))
        parsed.verify()
        self._assembly = lambda: machine.emit_assembly(parsed)
        self._engine = binding.create_mcjit_compiler(parsed, machine)
        self._engine.finalize_object()
        self._functions = {}
        for name, kinds in arguments.items():
            types = [{"p": ctypes.c_void_p, "i": ctypes.c_int64}[kind] for kind in kinds]
            self._functions[name] = ctypes.CFUNCTYPE(None, *types)(self.address(name))

    def assembly(self) -> str:
        """Returns the machine code in words."""
        return self._assembly()

    def address(self, name: str) -> int:
        """Returns where a function is; it stays there while this object lives."""
        return self._engine.get_function_address(name)

    def call(self, name: str, *arguments) -> None:
        """Calls a function with ints and C-contiguous float32 arrays."""
        self._functions[name](
            *(
                argument.ctypes.data if isinstance(argument, np.ndarray) else argument
                for argument in arguments
            )
        )


def register_lanes() -> int:
    """Returns how many floats one of this processor's vector registers holds: 4, 8 or 16."""
    features = binding.get_host_cpu_features()
    return 16 if features.get("avx512f") else 8 if features.get("avx2") else 4


def has_bfloat16() -> bool:
    """Returns whether this processor multiplies pairs of bfloat16 in vectors of 16 sums."""
    return bool(binding.get_host_cpu_features().get("avx512bf16"))


def _features() -> str:
    # By default LLVM splits 512-bit vectors in two on many processors that have AVX-512, since
    # they clock lower with it; for long sums of products it pays.
    wide = ",-prefer-256-bit" if register_lanes() == 16 else ""
    return binding.get_host_cpu_features().flatten() + wide


def _value(value):
    return integer(value) if isinstance(value, int | np.integer) else value
