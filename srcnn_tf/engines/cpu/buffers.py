"""Memory for kernels: arrays that begin at a cache line, and what a thread keeps of them."""

import threading

import numpy as np

from srcnn_tf.engines.cpu.function_builder import LANES

_LOCAL = threading.local()


def aligned(array: np.ndarray) -> np.ndarray:
    """Returns a flat float32 copy that begins at a cache line."""
    copy = aligned_floats(array.size)
    copy[:] = array.ravel()
    return copy


def aligned_floats(count: int) -> np.ndarray:
    """Returns this many float32 zeros that begin at a cache line."""
    storage = np.zeros(count + LANES, np.float32)
    start = -storage.ctypes.data // 4 % LANES
    return storage[start : start + count]


def thread_scratch(floats: int) -> np.ndarray:
    """Returns at least this many floats of this thread: zeros at first, then what is left there."""
    if getattr(_LOCAL, "scratch", np.empty(0)).size < floats:
        _LOCAL.scratch = aligned_floats(floats)
    return _LOCAL.scratch
