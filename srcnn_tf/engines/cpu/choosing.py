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


def cpu_runner(
    architecture: Architecture, arrays: Mapping[str, np.ndarray]
) -> Callable[[np.ndarray], np.ndarray]:
    """Returns what takes a float32 (H, W) plane through the network, on all cores.

    Args:
      architecture: one that `runs` takes.
      arrays: float32 weights by name.
    """
    if _is_fused(architecture):
        from srcnn_tf.engines.cpu.inference import fused_runner

        return fused_runner(architecture, arrays)
    from srcnn_tf.engines.cpu.chain.inference import chain_runner

    return chain_runner(architecture, arrays)


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


def explain(architecture: Architecture) -> str:
    """Says, for people, which kernels run an architecture, what lies in memory and what it costs.

    Raises:
      ValueError: none do.
    """
    if _is_fused(architecture):
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

    return explain_chain(architecture)


def _has_fused_gradients(architecture, loss, padding):
    from srcnn_tf.engines.cpu.gradients import LOSSES

    return padding == "valid" and loss in LOSSES and _is_fused(architecture)


def _is_fused(architecture):
    from srcnn_tf.engines.cpu.inference import supports

    return supports(architecture)


def _is_chain(architecture):
    from srcnn_tf.engines.cpu.chain.plan import supports

    return supports(architecture)
