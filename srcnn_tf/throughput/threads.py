"""The same threads for all contenders: one limit for every library that computes."""

import os

_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


def pin_threads(threads: int) -> None:
    """Limits this process and its children to this many cores and threads.

    To be called before NumPy, TensorFlow or a peer is imported: most read their limit only then.
    Where the system allows it the process itself is kept to this many cores, which no library that
    starts threads of its own can get around.
    """
    for variable in _VARIABLES:
        os.environ[variable] = str(threads)
    # NumPy's OpenBLAS otherwise keeps its threads awake for 2^26 cycles, in the next one's turn.
    os.environ["OPENBLAS_THREAD_TIMEOUT"] = "16"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
