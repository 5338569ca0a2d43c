"""The CPU engine in forked children, in several threads, and in other processes."""

import multiprocessing
import threading
import time

import numpy as np
import pytest

import srcnn_tf
from srcnn_tf.engines.cpu.process_state import once

_PICTURE = np.random.default_rng(0).integers(0, 256, (150, 140), dtype=np.uint8)


def _enlarge(scale):
    return srcnn_tf.upscale(_PICTURE, scale, srcnn_tf.load_network("srcnn-9-1-5", scale))


@pytest.mark.parametrize(
    "method", ["fork", *(pytest.param(n, marks=pytest.mark.slow) for n in ("spawn", "forkserver"))]
)
def test_children_enlarge_after_their_parent_did(method):
    expected = _enlarge(2)
    with multiprocessing.get_context(method).Pool(2) as children:
        # A child that waits for its parent's threads would wait for ever.
        results = children.map_async(_enlarge, [2, 3, 2, 3]).get(timeout=100)
    np.testing.assert_array_equal(results[0], expected)
    np.testing.assert_array_equal(results[2], expected)
    np.testing.assert_array_equal(_enlarge(2), expected)


def test_threads_that_ask_together_compile_once():
    calls, start = [], threading.Barrier(8)

    @once
    def compiled(key):
        calls.append(key)
        time.sleep(0.05)
        return object()

    found = []

    def ask():
        start.wait()
        found.append(compiled("shape"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == ["shape"]
    assert len(set(map(id, found))) == 1
    assert compiled("other") is not found[0]
