"""Loss and gradients of a training batch, for any chain of convolutions, on all cores of a CPU."""

import itertools
import threading
from collections.abc import Callable, Sequence

import numpy as np

from srcnn_tf.engines.cpu.buffers import aligned_floats
from srcnn_tf.engines.cpu.chain.crop import compile_crop
from srcnn_tf.engines.cpu.chain.crop_layout import Buffer, CropLayout
from srcnn_tf.engines.cpu.chain.plan import plan
from srcnn_tf.engines.cpu.function_builder import LANES
from srcnn_tf.engines.cpu.gradients import batch_parts
from srcnn_tf.engines.cpu.process_state import once, share
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.imaging.threads import usable_cores
from srcnn_tf.networks.architecture import Architecture


def chain_gradients(
    architecture: Architecture,
    patch: int,
    loss: str,
    padding: str = "valid",
    threads: int | None = None,
) -> Callable:
    """Returns `differentiate(weights, inputs, targets) -> (loss, gradients)`, all float32 NumPy.

    Weights and gradients are in the order of `architecture.array_shapes`; inputs are
    (N, patch, patch, C), targets (N, upscale * rows, upscale * columns, C), with `valid` padding
    smaller by the network's border on every side, C being its channels. The loss is the mean over
    all values.

    Args:
      architecture: one that `plan.supports` takes.
      patch: side of the crops.
      loss: a name in `loss_pixels.LOSSES`.
      padding: `valid` or `replicate`, as in `TrainConfig`.
      threads: how many to use; by default as many as this process may run on cores. Their number
        changes no bit of the result.
    """
    border = architecture.halo if padding == "valid" else 0
    layout = CropLayout(plan(architecture), patch, padding, border)
    return _Gradients(architecture, layout, loss, threads or usable_cores())


class _Gradients:
    def __init__(self, architecture, layout, loss, threads):
        self._names = list(architecture.array_shapes)
        self._layout, self._plan, self._threads = layout, layout.plan, threads
        self._compiled = _compiled((layout, loss))
        self._offsets, self._backward_offsets = layout.plan.offsets(), layout.backward_offsets()
        self._plane, self._padding = layout.layers()[0].inputs, layout.layers()[0].padding

    def __call__(self, weights: Sequence[np.ndarray], inputs: np.ndarray, targets: np.ndarray):
        arrays = dict(zip(self._names, weights, strict=True))
        forward, backward = self._packed(arrays)
        scale = 1 / targets.size
        around = (self._padding, self._padding)
        planes = np.pad(inputs, ((0, 0), around, around, (0, 0)), "edge")
        targets = self._compared(inputs, targets)

        def work(part):
            memory = _memory(self._layout)
            sums = aligned_floats(self._plan.weight_floats)
            numbers = np.array([scale, 0.0])
            side = planes.shape[1]
            plane = _view(memory, self._plane)[:side, :side]
            for n in part:
                plane[:] = planes[n]
                self._compiled.call(
                    "differentiate", memory, forward, backward, sums, targets[n], numbers
                )
            return numbers[1], sums

        (total, sums), *others = share(work, batch_parts(len(inputs)), self._threads)
        for more, gradients in others:
            total += more
            sums += gradients
        return np.float32(total * scale), self._unpacked(sums, arrays)

    def _compared(self, inputs, targets):
        """Returns what the layers' results are compared with."""
        targets = np.ascontiguousarray(targets, np.float32)
        if not self._plan.adds_bicubic:
            return targets
        upscale, border = self._plan.upscale, self._layout.border
        seen = slice(border * upscale, (self._layout.patch - border) * upscale)
        enlarged = [imresize(crop, upscale)[seen, seen] for crop in inputs]
        return targets - np.stack(enlarged)

    def _packed(self, arrays):
        """Returns the weights as `forward` and as `backward` takes them."""
        forward = aligned_floats(self._plan.weight_floats)
        places = self._backward_offsets
        backward = aligned_floats(places[-1] + max(n.channels for n in self._plan.layers) + LANES)
        offsets = zip(self._plan.layers, self._offsets, itertools.pairwise(places), strict=True)
        for number, (layer, (kernel_at, bias_at, slope_at), (start, end)) in enumerate(offsets, 1):
            kernel = np.asarray(arrays[f"conv{number}/kernel"], np.float32)
            here = forward[kernel_at : kernel_at + layer.kernel_floats]
            back = backward[start:end]
            missing = layer.filters - layer.outputs
            if layer.method == "winograd":
                padded = np.ascontiguousarray(np.pad(kernel, [(0, 0)] * 3 + [(0, missing)]))
                self._compiled.call(
                    f"spectrum_{layer.side}", padded, here, layer.inputs * layer.filters
                )
                spectrum = here.reshape(-1, layer.inputs, layer.filters)[..., : layer.outputs]
                back = back.reshape(-1, layer.outputs, layer.channels)
                back[..., : layer.inputs] = spectrum.transpose(0, 2, 1)
            else:
                shape = (layer.side, layer.side, layer.channels, layer.filters)
                here.reshape(shape)[..., : layer.inputs, : layer.outputs] = kernel
                turned = kernel[::-1, ::-1].transpose(0, 1, 3, 2)
                shape = (layer.side, layer.side, layer.filters, -1)
                back.reshape(shape)[..., : layer.outputs, : layer.inputs] = turned
            forward[bias_at : bias_at + layer.outputs] = arrays[f"conv{number}/bias"]
            if layer.activation == "prelu":
                forward[slope_at : slope_at + layer.outputs] = arrays[f"conv{number}/slope"]
        return forward, backward

    def _unpacked(self, sums, arrays):
        """Returns gradients in the weights' order and shapes."""
        gradients = {}
        for number, (layer, (kernel_at, bias_at, slope_at)) in enumerate(
            zip(self._plan.layers, self._offsets, strict=True), start=1
        ):
            here = sums[kernel_at : kernel_at + layer.kernel_floats]
            if layer.method == "winograd":
                kernel = np.empty((layer.side, layer.side, layer.inputs, layer.filters), np.float32)
                self._compiled.call(
                    f"gradient_{layer.side}", here, kernel, layer.inputs * layer.filters
                )
            else:
                kernel = here.reshape(layer.side, layer.side, layer.channels, layer.filters)
            kernel = kernel[..., : layer.inputs, : layer.outputs]
            gradients[f"conv{number}/kernel"] = np.ascontiguousarray(kernel)
            gradients[f"conv{number}/bias"] = sums[bias_at : bias_at + layer.outputs].copy()
            gradients[f"conv{number}/slope"] = sums[slope_at : slope_at + layer.outputs].copy()
        return [gradients[name].reshape(arrays[name].shape) for name in self._names]


@once
def _compiled(layout_and_loss: tuple[CropLayout, str]):
    return compile_crop(*layout_and_loss)


def _view(memory, buffer: Buffer):
    shape = (buffer.rows, buffer.columns, buffer.floats)
    return memory[buffer.place : buffer.end].reshape(shape)


_LOCAL = threading.local()


def _memory(layout):
    """Returns this thread's memory; zeros at first, where what is not written stays zero."""
    kept = _LOCAL.__dict__.setdefault("memory", {})
    if layout not in kept:
        kept.clear()
        kept[layout] = aligned_floats(layout.memory_floats)
    return kept[layout]
