"""Which of the CPU engine's kernels run a network, and which train it.

Two sets: those of `chain` run any chain of convolutions; `inference` and `gradients` have SRCNN's
three layers fused still further.
"""

from collections.abc import Callable, Mapping

import numpy as np

from srcnn_tf.engines.cpu.availability import is_available
from srcnn_tf.networks.architecture import Architecture


def runs(architecture: Architecture) -> bool:
    """Whether there are kernels that run an architecture."""
    return is_available() and (_is_fused(architecture) or _is_chain(architecture))


def trains(architecture: Architecture, loss: str, padding: str) -> bool:
    """Whether there are kernels for the gradients of an architecture, a loss and a padding."""
    if not is_available():
        return False
    from srcnn_tf.engines.cpu.chain.loss_pixels import LOSSES

    return _has_fused_gradients(architecture, loss, padding) or (
        loss in LOSSES and _is_chain(architecture)
    )


def why_no_bfloat16(architecture: Architecture) -> str:
    """Says why no kernels run an architecture with products in bfloat16; "" if there are some."""
    if not is_available():
        return "the CPU engine is not available"
    from srcnn_tf.engines.cpu.chain.plan import plan
    from srcnn_tf.engines.cpu.function_builder import has_bfloat16

    if not has_bfloat16():
        return "this processor has no products of bfloat16 (AVX512-BF16)"
    layers = plan(architecture, bfloat16=True).layers if _is_chain(architecture) else ()
    if any(layer.bfloat16 for layer in layers):
        return ""
    return f"no layer of {architecture.name} has kernels for it"


def cpu_runner(
    architecture: Architecture, arrays: Mapping[str, np.ndarray], bfloat16: bool = False
) -> Callable[[np.ndarray], np.ndarray]:
    """Returns what takes a float32 (H, W) plane through the network, on all cores.

    Args:
      architecture: one that `runs` takes.
      arrays: float32 weights by name.
      bfloat16: whether products are of bfloat16, where `why_no_bfloat16` has no objection.
    """
    if _is_fused(architecture) and not bfloat16:
        from srcnn_tf.engines.cpu.inference import fused_runner

        return fused_runner(architecture, arrays)
    from srcnn_tf.engines.cpu.chain.inference import chain_runner

    return chain_runner(architecture, arrays, bfloat16=bfloat16)


def gradients(architecture: Architecture, patch: int, loss: str, padding: str) -> Callable:
    """Returns `differentiate(weights, inputs, targets)`; see `chain.gradients.chain_gradients`.

    Args:
      architecture: one that `trains` takes, with this loss and padding.
      patch: side of the crops.
      loss: its name.
      padding: `valid` or `replicate`.
    """
    if _has_fused_gradients(architecture, loss, padding):
        from srcnn_tf.engines.cpu.gradients import cpu_gradients

        return cpu_gradients(architecture, patch, loss)
    from srcnn_tf.engines.cpu.chain.gradients import chain_gradients

    return chain_gradients(architecture, patch, loss, padding)


def explain(architecture: Architecture, bfloat16: bool = False) -> str:
    """Says, for people, which kernels run an architecture, what lies in memory and what it costs.

    Args:
      architecture: of a network.
      bfloat16: whether to say it of products in bfloat16, whatever this processor has.

    Raises:
      ValueError: none do.
    """
    if _is_fused(architecture) and not bfloat16:
        plain = architecture.multiply_adds
        side = architecture.kernel_sizes[1]
        done = plain - side**2 * architecture.filters[0] * architecture.filters[1]
        done += 64 / (9 - side) ** 2 * architecture.filters[0] * architecture.filters[1]
        return (
            f"{architecture.name}: SRCNN's three layers fused in one kernel, `kernels.strip`; the "
            f"second by Winograd's convolution F({9 - side} x {9 - side}, {side} x {side}). "
            f"{plain:,.0f} multiply-adds a pixel by definition, {done:,.0f} done."
        )
    if not _is_chain(architecture):
        raise ValueError(f"The CPU engine cannot run a {architecture.name}.")
    from srcnn_tf.engines.cpu.chain.explaining import explain as explain_chain

    return explain_chain(architecture, bfloat16)


def _has_fused_gradients(architecture, loss, padding):
    from srcnn_tf.engines.cpu.gradients import LOSSES

    return padding == "valid" and loss in LOSSES and _is_fused(architecture)


def _is_fused(architecture):
    from srcnn_tf.engines.cpu.inference import supports

    return supports(architecture)


def _is_chain(architecture):
    from srcnn_tf.engines.cpu.chain.plan import supports

    return supports(architecture)
