"""`auto_tile`: how large tiles are by themselves; on a GPU, what its free memory holds."""

import math
import sys

from srcnn_tf.engines.gpu_memory import free_gpu_memory
from srcnn_tf.engines.runners import Runner
from srcnn_tf.networks.architecture import Architecture

# With TensorFlow on a CPU a tile of this side takes some 0.4 GB; larger ones are not faster there.
AUTO_TILE = 512
# Larger ones would leave the host nothing to do beside the device, and gain little: of 2048 x 2048
# pixels a halo of 12 is two percent.
LARGEST_TILE = 2048
# Share of the free memory that is reckoned with: convolutions take more for themselves.
_SHARE = 0.25
_STEP = 64


def auto_tile(runner: Runner) -> int:
    """Returns the side of tiles, in pixels of the result, for a network at work.

    Where that turns out to be too much, tiles are halved (`imaging.tiling`).

    Args:
      runner: from `engines.runner`.
    """
    if runner.engine != "tensorflow" or not on_gpu():
        return AUTO_TILE
    return tile_side(runner.architecture, free_gpu_memory())


def tile_side(architecture: Architecture, free: int | None) -> int:
    """Returns the side that fits into a GPU's free memory: a multiple of 64, from 512 to 2048.

    Args:
      architecture: of the network.
      free: bytes; None if nobody knows.
    """
    if free is None:
        return AUTO_TILE
    side = math.isqrt(int(_SHARE * free / bytes_per_pixel(architecture)))
    return min(max(side // _STEP * _STEP, AUTO_TILE), LARGEST_TILE)


def bytes_per_pixel(architecture: Architecture) -> float:
    """Estimates what TensorFlow's graph holds at once, in bytes for each pixel of the result.

    A layer's input, that again with its edges repeated, what comes out, and what that is after its
    bias and its activation; all in float32.
    """
    inputs = (architecture.channels, *architecture.filters[:-1])
    pairs = zip(inputs, architecture.filters, strict=True)
    return 4 * max(2 * taken + 3 * given for taken, given in pairs) / architecture.upscale**2


def on_gpu() -> bool:
    """Whether TensorFlow, if it is loaded, has a GPU."""
    tensorflow = sys.modules.get("tensorflow")
    return bool(tensorflow and tensorflow.config.list_physical_devices("GPU"))
