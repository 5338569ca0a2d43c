"""`is_available`: whether this process can compile and run machine code of its own."""

import ctypes
import functools
import importlib.util
import logging
import mmap
import sys

_LOGGER = logging.getLogger(__name__)


@functools.cache
def is_available() -> bool:
    """Whether the CPU engine can be used; if not, says once why, and what to do."""
    if sys.modules.get("llvmlite", "") is None or importlib.util.find_spec("llvmlite") is None:
        reason = "llvmlite is not installed: pip install llvmlite"
    elif not _may_execute_what_it_writes():
        reason = "this system forbids memory that was written to be executed"
    else:
        return True
    _LOGGER.warning(
        "The CPU engine is not used (%s); TensorFlow, or NumPy without it, runs networks instead, "
        "several times slower.",
        reason,
    )
    return False


def _may_execute_what_it_writes() -> bool:
    """LLVM writes code, then makes its memory executable, or ends the process if it cannot."""
    if not hasattr(mmap, "PROT_EXEC"):
        return True  # Windows, which this is not tested on.
    memory = mmap.mmap(-1, mmap.PAGESIZE)
    try:
        byte = ctypes.c_char.from_buffer(memory)
        protect = ctypes.CDLL(None).mprotect
        protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        flags = mmap.PROT_READ | mmap.PROT_EXEC
        forbidden = protect(ctypes.addressof(byte), mmap.PAGESIZE, flags) != 0
        del byte
    finally:
        memory.close()
    return not forbidden
