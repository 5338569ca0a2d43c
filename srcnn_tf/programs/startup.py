"""What every program starts with: plain log lines, and TensorFlow, quietly, on a chosen device."""

import contextlib
import logging
import os
import sys
import tempfile

import absl.logging

from srcnn_tf.engines.devices import has_nvidia_device, may_have_gpu
from srcnn_tf.engines.why_no_gpu import why_no_gpu

_LOGGER = logging.getLogger(__name__)
# More than any function that AutoGraph rewrites into a temporary file here.
_TEMPORARY_BYTES = 16_384
DEVICES = ("auto", "cpu", "gpu")
# As `training.crop_device.CROPS_ON`, which would load TensorFlow; a test compares them.
CROP_PLACES = ("auto", "host", "device")
STRATEGIES = ("auto", "one_device", "mirrored", "multi_worker")


class DeviceError(Exception):
    """TensorFlow cannot be started, on the device asked for or at all; says what to do."""


def configure_logging() -> None:
    """Sends the log lines of library and datasets to standard error, without absl's prefix."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    for name in ("srcnn_tf", "tfds_builders"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False


def start_tensorflow(device: str = "auto") -> None:
    """Imports TensorFlow, and TFDS if it is installed, hiding what they print unless they fail.

    Args:
      device: `cpu` leaves GPUs alone, `gpu` wants one, `auto` takes one if there is one.

    Raises:
      DeviceError: `gpu` was asked for and TensorFlow finds none, which it explains, or temporary
        files, which it needs for what it compiles, cannot be written.
    """
    _check_temporary_folder()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    # Below Python's level: TensorFlow 2.21 writes these lines whatever TF_CPP_MIN_LOG_LEVEL says.
    with standard_error_held_back():
        import tensorflow as tf

        # Enlarging on a GPU needs none; what needs it imports it again, and fails there.
        with contextlib.suppress(ModuleNotFoundError):
            import tensorflow_datasets  # noqa: F401

        gpus = tf.config.list_physical_devices("GPU")
        _prepare_gpus(tf, gpus)
    # TFDS logs every file that it opens.
    absl.logging.set_verbosity(absl.logging.ERROR)
    if device == "gpu" and not gpus:
        raise DeviceError(f"{why_no_gpu()} --device=cpu does without.")
    if device == "auto" and not gpus and may_have_gpu() and has_nvidia_device():
        _LOGGER.warning("%s", why_no_gpu())


def _prepare_gpus(tf, gpus) -> None:
    """Lets memory grow with what is used, and float32 be float32."""
    if not gpus:
        return
    for gpu in gpus:
        # Else all memory is taken at once: nobody could be asked how much is left, and no other
        # library of this process would get any.
        with contextlib.suppress(RuntimeError):  # Something has been computed there already.
            tf.config.experimental.set_memory_growth(gpu, True)
    # TF32 would round the factors on newer cards, and results should not depend on the device;
    # whoever wants speed has the mixed precisions.
    tf.config.experimental.enable_tensor_float_32_execution(False)


def _check_temporary_folder() -> None:
    """Without temporary files TensorFlow would fail later, with words about something else."""
    try:
        with tempfile.TemporaryFile() as file:
            file.write(bytes(_TEMPORARY_BYTES))
            file.flush()
    except OSError as error:
        raise DeviceError(
            f"No temporary files can be written ({error.strerror or error}), which TensorFlow "
            "needs; make room, or let the environment variable TMPDIR name another folder."
        ) from error


@contextlib.contextmanager
def standard_error_held_back():
    """Holds back what is written to file descriptor 2, and writes it only if the block raises."""
    sys.stderr.flush()
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as said, contextlib.ExitStack() as restored:
        restored.callback(os.close, terminal)
        restored.callback(os.dup2, terminal, 2)
        os.dup2(said.fileno(), 2)
        try:
            yield
        except Exception:
            said.seek(0)
            os.write(terminal, said.read())
            raise
