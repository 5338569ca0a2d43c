"""`crop_device`: whether a run's crops are cut on the host, or where its steps run."""

import tensorflow as tf

from srcnn_tf.engines.gpu_memory import free_gpu_memory
from srcnn_tf.training import replicas
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.training_input import PictureInput, SubimageInput

# `host` cuts on the processor, `device` where the steps run; both cut the same, bit for bit.
CROPS_ON = ("auto", "host", "device")
# Share of a GPU's free memory that pictures may take, and what they may where that is not known.
_SHARE = 0.25
_UNKNOWN = 1 << 30


def step_device() -> str:
    """Returns the device that TensorFlow's steps run on: the first GPU, or the CPU."""
    gpus = tf.config.list_logical_devices("GPU")
    return gpus[0].name if gpus else tf.config.list_logical_devices("CPU")[0].name


def has_gpu() -> bool:
    """Whether TensorFlow's steps run on a GPU."""
    return bool(tf.config.list_logical_devices("GPU"))


def cuts_on_device(
    choice: str,
    config: TrainConfig,
    strategy: tf.distribute.Strategy,
    source: PictureInput | SubimageInput,
) -> bool:
    """Resolves `CROPS_ON` for a run.

    `auto` is the device where that is a GPU, there is one replica, and the pictures take at most a
    quarter of its free memory.

    Args:
      choice: one of `CROPS_ON`.
      config: the recipe.
      strategy: of the run.
      source: what is trained on.

    Raises:
      ValueError: there is no such choice, or crops of this run cannot be cut on the device.
    """
    if choice not in CROPS_ON:
        raise ValueError(f"Crops are cut on {', '.join(CROPS_ON)}, not on {choice!r}.")
    obstacle = None
    if isinstance(source, SubimageInput):
        obstacle = "sub-images are streamed from disk"
    elif config.photo:
        obstacle = "photographs' compression runs on the processor"
    elif replicas.is_distributed(strategy):
        obstacle = "there are several replicas"
    if choice == "device" and obstacle:
        raise ValueError(f"Crops cannot be cut on the device, since {obstacle}; cut on the host.")
    if choice != "auto" or obstacle:
        return choice == "device"
    return has_gpu() and source.packed().pixels.nbytes <= _room(free_gpu_memory())


def _room(free: int | None) -> float:
    return _UNKNOWN if free is None else _SHARE * free
