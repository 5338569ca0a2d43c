"""A network over one whole plane on a CPU, by the kernels of `kernels` on all cores."""

from collections.abc import Callable, Mapping

import numpy as np

from srcnn_tf.engines.cpu.buffers import aligned, thread_scratch
from srcnn_tf.engines.cpu.function_builder import LANES
from srcnn_tf.engines.cpu.kernels import compile_kernels
from srcnn_tf.engines.cpu.process_state import once, share
from srcnn_tf.engines.cpu.shape import TILE_MULTIPLE, KernelShape
from srcnn_tf.engines.cpu.winograd import transformed_kernel
from srcnn_tf.imaging.threads import usable_cores
from srcnn_tf.networks.architecture import BICUBIC_GRID, Architecture

# A strip's buffers should stay in a core's second-level cache.
_TILES = 24
# Few enough rows that all cores find work, many enough that neighbors recompute little.
_ROWS = 128


def supports(architecture: Architecture) -> bool:
    """Whether `fused_runner` can run such a network."""
    sizes, filters = architecture.kernel_sizes, architecture.filters
    return (
        architecture.grid == BICUBIC_GRID
        and architecture.global_skip == "none"
        and len(sizes) == 3
        and [layer.activation for layer in architecture.layers] == ["relu", "relu", "none"]
        and not any(layer.skip for layer in architecture.layers)
        and sizes[1] in (1, 3, 5)
        and filters[2] == 1
        and all(count % LANES == 0 for count in filters[:2])
    )


def fused_runner(
    architecture: Architecture, arrays: Mapping[str, np.ndarray], threads: int | None = None
) -> Callable[[np.ndarray], np.ndarray]:
    """Returns a function that sharpens a float32 (H, W) plane, 1.0 = 255, and keeps its size.

    The result is that of the layers computed one after the other, each on its input extended by
    its edge pixels, but for rounding (2e-7 on pictures).

    Args:
      architecture: one that `supports` takes.
      arrays: float32 weights by name, as `Srcnn.get_arrays` gives them.
      threads: how many to use; by default as many as this process may run on cores.
    """
    shape = KernelShape(tuple(architecture.kernel_sizes), tuple(architecture.filters[:2]))
    compiled = _compiled(shape)
    weights = _packed(architecture, arrays)
    threads = threads or usable_cores()

    def run(plane: np.ndarray) -> np.ndarray:
        plane = np.ascontiguousarray(plane, np.float32)
        height, width = plane.shape
        result = np.empty((height, width), np.float32)
        if not result.size:
            return result
        strips, tiles = _strips(shape, width)
        bands = _bands(height, max(1, -(-threads // len(strips))))
        margin = sum(size // 2 for size in shape.kernel_sizes)
        rows = shape.kernel_sizes[0] // 2
        beyond = strips[-1][0] + shape.outputs * tiles + shape.halo_columns + margin - width
        extended = np.pad(plane, ((rows, rows), (margin, max(beyond, 0) + LANES)), mode="edge")
        corner = extended[rows:, margin:].ctypes.data
        pitch = extended.shape[1]

        def work(item):
            (x0, x1), (y0, y1) = item
            compiled.call(
                "strip",
                corner,
                result,
                *weights,
                thread_scratch(shape.scratch(tiles)),
                pitch,
                width,
                height,
                width,
                x0,
                x1,
                y0,
                y1,
                tiles,
            )

        share(work, [(strip, band) for band in bands for strip in strips], threads)
        return result

    return run


@once
def _compiled(shape):
    return compile_kernels(shape)


def _packed(architecture, arrays):
    kernels_and_biases = [arrays[name] for name in architecture.array_shapes]
    kernel1, bias1, kernel2, bias2, kernel3, bias3 = kernels_and_biases
    third = np.concatenate([kernel3.ravel(), bias3.ravel()])
    return [aligned(a) for a in (kernel1, bias1, transformed_kernel(kernel2), bias2, third)]


def _strips(shape, width):
    """Returns the columns (begin, end) of each strip, and the tiles in a row of every strip."""
    halo = 2 * (shape.kernel_sizes[2] // 2)
    most = shape.outputs * _TILES - halo
    count = -(-width // most)
    each = -(-width // count)
    tiles = -(-(each + halo) // (shape.outputs * TILE_MULTIPLE)) * TILE_MULTIPLE
    return [(x, min(x + each, width)) for x in range(0, width, each)], tiles


def _bands(height, least):
    count = max(least, -(-height // _ROWS))
    each = max(1, -(-height // count))
    return [(y, min(y + each, height)) for y in range(0, height, each)]
