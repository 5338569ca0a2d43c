"""Any chain of convolutions over one whole plane on a CPU, on all cores."""

from collections.abc import Callable, Mapping

import numpy as np

from srcnn_tf.engines.cpu.buffers import aligned_floats, thread_scratch
from srcnn_tf.engines.cpu.chain.explaining import dump
from srcnn_tf.engines.cpu.chain.plan import ChainPlan, plan
from srcnn_tf.engines.cpu.chain.strip import compile_strip
from srcnn_tf.engines.cpu.function_builder import LANES
from srcnn_tf.engines.cpu.process_state import once, share
from srcnn_tf.engines.cpu.winograd import transformed_kernel
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.imaging.threads import usable_cores
from srcnn_tf.networks.architecture import Architecture

# Few enough rows that all cores find work.
_ROWS = 256


def chain_runner(
    architecture: Architecture,
    arrays: Mapping[str, np.ndarray],
    threads: int | None = None,
    bfloat16: bool = False,
) -> Callable[[np.ndarray], np.ndarray]:
    """Returns a function from a float32 (H, W) plane, 1.0 = 255, to the float32 result.

    In color both have three planes, (H, W, 3).

    The result is that of the layers computed one after the other, each on its input extended by
    its edge pixels, but for rounding.

    Args:
      architecture: one that `plan.supports` takes.
      arrays: float32 weights by the names of `Architecture.array_shapes`.
      threads: how many to use; by default as many as this process may run on cores.
      bfloat16: as of `plan`; only where `has_bfloat16`.
    """
    planned = plan(architecture, bfloat16)
    compiled = _compiled((architecture, bfloat16))
    weights = packed_weights(planned, arrays)
    threads = threads or usable_cores()
    radius, upscale = planned.layers[0].radius, planned.upscale

    def run(plane: np.ndarray) -> np.ndarray:
        # Row after row: `np.pad` keeps the order of a plane that was turned.
        plane = np.ascontiguousarray(plane, np.float32)
        height, width, *axes = plane.shape
        result = np.empty((height * upscale, width * upscale, *axes), np.float32)
        if not result.size:
            return result
        around = ((0, 0), (radius, radius + LANES), *((0, 0) for _ in axes))
        extended = np.pad(plane, around, mode="edge")
        corner = extended[:, radius:].ctypes.data
        items = _rectangles(planned, height, width, threads)
        ring_width = max(x1 - x0 for x0, x1, _, _ in items)
        scratch = planned.scratch_floats(ring_width)

        def work(item):
            x0, x1, y0, y1 = item
            rings = thread_scratch(scratch)[:scratch]
            # Tiles reach rows and columns that nobody computes. These do not count, but Winograd's
            # sums go through them, and what another picture left there could be of any size.
            rings.fill(0)
            compiled.call(
                "strip",
                corner,
                result,
                weights,
                rings,
                extended.shape[1] * planned.planes,
                result.shape[1] * planned.planes,
                height,
                width,
                x0,
                x1,
                y0,
                y1,
                ring_width,
            )

        share(work, items, threads)
        if planned.adds_bicubic:
            result += imresize(plane, upscale)
        return result

    return run


@once
def _compiled(key: tuple[Architecture, bool]):
    architecture, bfloat16 = key
    compiled = compile_strip(plan(architecture, bfloat16))
    dump(architecture, compiled, bfloat16)
    return compiled


def packed_weights(planned: ChainPlan, arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """Returns all weights as `strip` takes them, at the places of `ChainPlan.offsets`."""
    packed = aligned_floats(planned.weight_floats)
    for number, (layer, places) in enumerate(
        zip(planned.layers, planned.offsets(), strict=True), start=1
    ):
        kernel_at, bias_at, slope_at = places
        kernel = arrays[f"conv{number}/kernel"]
        if layer.method == "winograd":
            spectrum = transformed_kernel(kernel, layer.samples, layer.bfloat16)
            padded = _padded(spectrum, layer.inputs, layer.filters)
            if layer.bfloat16:
                padded = bfloat16_pairs(padded)
        else:
            padded = _padded(kernel, layer.channels, layer.filters)
        packed[kernel_at : kernel_at + layer.kernel_floats] = padded.ravel()
        packed[bias_at : bias_at + layer.outputs] = arrays[f"conv{number}/bias"]
        if layer.activation == "prelu":
            packed[slope_at : slope_at + layer.outputs] = arrays[f"conv{number}/slope"]
    return packed


def bfloat16_pairs(kernel: np.ndarray) -> np.ndarray:
    """Rounds (..., inputs, filters) to bfloat16, to the nearest, ties to even.

    Returns:
      Float32 (..., inputs / 2 rounded up, filters): each has the bits of two inputs beside each
      other, the first in the lower half; zero where there is no second.
    """
    *_, inputs, _ = kernel.shape
    kernel = np.pad(kernel, [(0, 0)] * (kernel.ndim - 2) + [(0, inputs % 2), (0, 0)])
    bits = kernel.astype(np.float32).view(np.uint32)
    rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
    pairs = rounded[..., ::2, :] | rounded[..., 1::2, :] << 16
    return pairs.view(np.float32)


def _padded(kernel, channels, filters):
    missing = channels - kernel.shape[2], filters - kernel.shape[3]
    return np.pad(kernel, ((0, 0), (0, 0), (0, missing[0]), (0, missing[1])))


def _rectangles(planned, height, width, threads):
    """Returns strips of the picture, as (x0, x1, y0, y1)."""
    strips = -(-width // planned.widest_strip)
    bands = max(-(-height // _ROWS), -(-threads // strips) if height >= 2 * threads else 1)
    across, down = -(-width // strips), -(-height // bands)
    return [
        (x, min(x + across, width), y, min(y + down, height))
        for y in range(0, height, down)
        for x in range(0, width, across)
    ]
