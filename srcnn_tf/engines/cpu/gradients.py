"""Loss and gradients of a training batch on a CPU: the kernels of `crop_kernels` on all cores."""

import itertools
import threading
from collections.abc import Callable, Sequence

import numpy as np

from srcnn_tf.engines.cpu.buffers import aligned, aligned_floats
from srcnn_tf.engines.cpu.crop_kernels import compile_crop_kernels
from srcnn_tf.engines.cpu.patch_layout import PatchLayout
from srcnn_tf.engines.cpu.process_state import once, share
from srcnn_tf.engines.cpu.shape import TILE, KernelShape
from srcnn_tf.imaging.threads import usable_cores
from srcnn_tf.networks.architecture import Architecture

# A batch is summed in this many parts, however many threads there are, so that their number changes
# no rounding.
_PARTS = 8


def batch_parts(crops: int) -> list[range]:
    """Returns which crops of a batch are summed together."""
    edges = [crops * part // _PARTS for part in range(_PARTS + 1)]
    return [range(a, b) for a, b in itertools.pairwise(edges) if b > a]


def cpu_gradients(
    architecture: Architecture, patch: int, loss: str, threads: int | None = None
) -> Callable:
    """Returns `differentiate(weights, inputs, targets) -> (loss, gradients)`, all float32 NumPy.

    Weights and gradients are six arrays, in the order of `architecture.weight_names`; inputs are
    (N, patch, patch, 1), targets smaller by the network's border on every side. The loss is the
    mean over all pixels. The second layer's products are those of minimal filtering, forward and
    back; what differs from TensorFlow's own gradients is rounding.

    Args:
      architecture: one that `inference.supports` takes.
      patch: side of the crops.
      loss: `mse` or `charbonnier`, as in `TrainConfig`.
      threads: how many to use; by default as many as this process may run on cores. Their number
        changes no bit of the result.
    """
    shape = KernelShape(tuple(architecture.kernel_sizes), tuple(architecture.filters[:2]))
    crop = PatchLayout(shape, patch)
    compiled = _compiled(crop)
    loss_and_gradients = LOSSES[loss]
    threads = threads or usable_cores()

    def differentiate(weights: Sequence[np.ndarray], inputs: np.ndarray, targets: np.ndarray):
        forward, backward = _packed(compiled, shape, weights)
        scale = 1 / targets.size
        parts = batch_parts(len(inputs))

        def work(part):
            buffers = _buffers(crop)
            gradients = _zero_sums(shape)
            arrays = list(gradients.values())[:5]
            total = 0.0
            plane = buffers["plane"].reshape(crop.patch, crop.plane_columns)
            result = buffers["result"].reshape(crop.third_side, crop.third_side)
            border, side = crop.gradient_border, crop.third_side
            inside = buffers["gradients"].reshape(crop.gradient_shape)
            inside = inside[border : border + side, border : border + side]
            layers = [buffers[name] for name in ("first", "spectra", "products", "second")]
            for number in part:
                plane[:, :patch] = inputs[number, ..., 0]
                compiled.call("forward", buffers["plane"], *layers, buffers["result"], *forward)
                value, gradient = loss_and_gradients(result - targets[number, ..., 0])
                total += value
                np.multiply(gradient, scale, out=inside)
                gradients["bias3"] += inside.sum(dtype=np.float64)
                compiled.call(
                    "backward",
                    buffers["plane"],
                    *layers,
                    buffers["gradients"],
                    buffers["first_gradients"],
                    *backward,
                    *arrays,
                )
            return total, gradients

        (total, sums), *others = share(work, parts, threads)
        for more, gradients in others:
            total += more
            for name, values in gradients.items():
                sums[name] += values
        return np.float32(total * scale), _unpacked(compiled, shape, sums)

    return differentiate


def _squared(errors):
    return float(np.square(errors).sum(dtype=np.float64)), 2 * errors


def _charbonnier(errors):
    smoothed = np.sqrt(errors * errors + np.float32(1e-6))
    return float(smoothed.sum(dtype=np.float64)), errors / smoothed


def _absolute(errors):
    return float(np.abs(errors).sum(dtype=np.float64)), np.sign(errors)


# Sum over the pixels, and gradient at each.
LOSSES = {"mse": _squared, "charbonnier": _charbonnier, "l1": _absolute}


@once
def _compiled(crop):
    return compile_crop_kernels(crop)


def _packed(compiled, shape, weights):
    """Returns the weights as `forward` and as `backward` takes them."""
    kernel1, bias1, kernel2, bias2, kernel3, bias3 = weights
    first, second = shape.filters
    # Not by matrix products: threads of a BLAS stay awake for a while, and take the cores' time.
    spectrum = aligned_floats(TILE * TILE * first * second).reshape(-1, first, second)
    compiled.call("spectrum", np.ascontiguousarray(kernel2), spectrum)
    third = np.concatenate([kernel3.ravel(), bias3.ravel()])
    forward = [aligned(kernel1), aligned(bias1), spectrum, aligned(bias2), aligned(third)]
    turned = aligned(kernel3[::-1, ::-1])
    return forward, [aligned_floats(second), turned, aligned(spectrum.transpose(0, 2, 1))]


def _zero_sums(shape):
    """Returns zeros to add the gradients of all weights to, the second kernel's as a spectrum."""
    (size1, _, size3), (first, second) = shape.kernel_sizes, shape.filters
    counts = {
        "kernel1": size1 * size1 * first,
        "bias1": first,
        "kernel2": TILE * TILE * first * second,
        "bias2": second,
        "kernel3": size3 * size3 * second,
        "bias3": 1,
    }
    return {name: aligned_floats(count) for name, count in counts.items()}


def _unpacked(compiled, shape, sums):
    (size1, size2, size3), (first, second) = shape.kernel_sizes, shape.filters
    kernel2 = np.empty((size2, size2, first, second), np.float32)
    compiled.call("kernel", sums["kernel2"], kernel2)
    return [
        sums["kernel1"].reshape(size1, size1, 1, first),
        sums["bias1"],
        kernel2,
        sums["bias2"],
        sums["kernel3"].reshape(size3, size3, second, 1),
        sums["bias3"],
    ]


_LOCAL = threading.local()


def _buffers(crop):
    """Returns this thread's buffers; zeros at first, where what is not written stays zero."""
    kept = _LOCAL.__dict__.setdefault("buffers", {})
    if crop not in kept:
        kept.clear()
        kept[crop] = {name: aligned_floats(count) for name, count in crop.buffers.items()}
    return kept[crop]
