"""What a processor cannot go below: a network's multiply-adds at its peak, and its pixels' bytes.

The larger of the two is the roofline (Williams, Waterman, Patterson, CACM 2009) of the network as
the CPU engine runs it. Neither counts what Winograd's convolution adds beside its products.
"""

import functools

import numpy as np
from llvmlite import ir

from srcnn_tf.engines.cpu.chain.plan import plan
from srcnn_tf.engines.cpu.function_builder import LANES, CompiledModule, new_function
from srcnn_tf.engines.cpu.process_state import pool
from srcnn_tf.networks.architecture import Architecture
from srcnn_tf.throughput.timing import Contender

# As many as keep both units of a processor busy, and fit its registers.
_SUMS = 12


def limits(architecture: Architecture, height: int, width: int, threads: int) -> list[Contender]:
    """Returns two contenders that do nothing but what the network's time is bounded by.

    Args:
      architecture: one that the CPU engine's `chain` runs.
      height: of the plane.
      width: of the plane.
      threads: how many share the multiply-adds.
    """
    done = sum(layer.multiply_adds for layer in plan(architecture).layers)
    passes = int(done * height * width / (_SUMS * LANES * threads))
    values = np.full(2 * LANES, 0.5, np.float32)
    results = [np.empty(LANES, np.float32) for _ in range(threads)]
    loop = _compiled()

    def multiply():
        work = [
            pool(threads).submit(loop.call, "multiply_add", values, result, passes)
            for result in results
        ]
        for each in work:
            each.result()

    scale = architecture.upscale
    source = np.zeros((height, width), np.float32)
    target = np.zeros((height * scale, width * scale), np.float32)

    def move():
        target[:height, :width] = source
        target.fill(1)

    return [
        Contender("limit: its multiply-adds at the processor's peak", multiply, kind="limit"),
        Contender("limit: reading the plane and writing the result", move, kind="limit"),
    ]


@functools.cache
def _compiled() -> CompiledModule:
    """`multiply_add(two vectors, result, passes)`: 12 sums, each multiplied and added to."""
    module = ir.Module("peak")
    code = new_function(module, "multiply_add", "ppi", internal=False)
    values, result, passes = code.function.args
    factor, added = code.load(values), code.load(values, LANES)

    def once(_, sums):
        return [code.multiply_add(value, factor, added) for value in sums]

    sums = code.loop(0, passes, 1, once, [added] * _SUMS)
    total = functools.reduce(code.builder.fadd, sums)
    code.store(total, result)
    code.end()
    return CompiledModule(module, {"multiply_add": "ppi"})
