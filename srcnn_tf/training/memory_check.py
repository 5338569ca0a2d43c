"""Whether a dataset's pictures, a network and its batches fit into memory, before any is made."""

from srcnn_tf.engines.cpu.choosing import trains
from srcnn_tf.imaging.threads import usable_cores
from srcnn_tf.memory import MemoryCheck, available_memory
from srcnn_tf.training.config import TrainConfig

# A network is kept this often while it is trained: itself, its average, its gradients, and what the
# optimizer remembers.
_COPIES = 4


def memory_check(record_bytes: int, config: TrainConfig) -> MemoryCheck:
    """Compares what `pipeline` takes for a dataset's pictures with what this machine has.

    Args:
      record_bytes: size of the split's records of whole pictures.
      config: the recipe, whose `rescale_factors` and `grid_offsets` multiply the pictures.
    """
    # A pixel of a record: planes, and some 2.2 bytes of PNG in photographs. Scale 1 reads x2's.
    pixels = record_bytes / (5 + 4 / max(config.scale, 2) ** 2 + 2.2)
    offsets = min(config.grid_offsets, config.scale**2)
    copies = sum(factor**2 for factor in config.rescale_factors) * offsets
    # Packed, a pixel takes 4 bytes and its share of the input's, in color for each plane; while a
    # run starts, there are five copies of that.
    channels = config.architecture.channels
    packed = channels * (4 + 4 / config.architecture.upscale**2)
    planes = 5 + 4 / config.scale**2 + (3 if channels > 1 else 0)
    return MemoryCheck(round(pixels * (planes + 5 * packed * copies)), available_memory())


def step_check(config: TrainConfig) -> MemoryCheck:
    """Compares what a training step takes, at the least, with what this machine has.

    TensorFlow takes up to twice as much by what it puts aside: 2.7 GB for 60 crops of 64 x 64 by
    `slim-10x64`, where this says 1.4.

    Args:
      config: the recipe: its `network`, `batch_size` and `patch_size`.
    """
    network, batch, patch = config.architecture, config.batch_size, config.patch_size
    # Input and target, of a batch that is cut, one that is ready and one that is learned from.
    batches = 3 * 4 * batch * patch**2 * (1 + network.upscale**2) * network.channels
    bytes_each = 2 if config.precision.startswith("mixed") else 4
    # TensorFlow keeps what all layers gave for the whole batch, the CPU engine for a crop a thread.
    whole = (
        config.engine == "tensorflow"
        or bytes_each == 2
        or not trains(network, config.loss, config.padding)
    )
    crops = batch if whole else min(batch, usable_cores())
    needed = 4 * _COPIES * network.parameters + batches + bytes_each * crops * _given(config)
    subject = f"training {network.name} on {batch:,} crops of {patch:,} x {patch:,} needs at least"
    return MemoryCheck(needed, available_memory(), subject)


def _given(config) -> int:
    """Returns how many values of all layers are kept for the gradient of one crop."""
    side, values = config.patch_size, 0
    for layer in config.architecture.layers:
        side -= layer.side - 1 if config.padding == "valid" else 0
        # What goes into PReLU, too: it cannot be had from what comes out.
        values += (2 if layer.activation == "prelu" else 1) * layer.filters * side**2
    return values
