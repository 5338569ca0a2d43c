"""The CPU engine in forked children, in several threads, and in other processes."""

import multiprocessing
import threading
import time

import numpy as np
import pytest

import srcnn_tf
from srcnn_tf.engines.cpu import process_state
from srcnn_tf.engines.cpu.chain import inference
from srcnn_tf.engines.cpu.process_state import once
from srcnn_tf.networks.network import initial_network

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


_CHAIN = initial_network("slim-2x16", 2, "he", 1)


def _enlarge_by_chain(_):
    return srcnn_tf.upscale(_PICTURE, 2, _CHAIN)


def test_a_child_enlarges_that_was_forked_while_another_thread_compiled():
    expected = _enlarge_by_chain(None)
    with process_state._LOCK:  # As a thread holds it that compiles.
        children = multiprocessing.get_context("fork").Pool(2)
    with children:
        results = children.map_async(_enlarge_by_chain, range(4)).get(timeout=100)
    for result in results:
        np.testing.assert_array_equal(result, expected)


def test_eight_threads_enlarge_at_once_and_compile_once(monkeypatch):
    compiled, compile_strip = [], inference.compile_strip

    def counted(plan):
        compiled.append(plan)
        return compile_strip(plan)

    monkeypatch.setattr(inference, "compile_strip", counted)
    # Of an architecture that nothing else here has compiled.
    network = initial_network("slim-3x17", 2, "he", 1)
    start, results = threading.Barrier(8), {}

    def enlarge(number):
        start.wait()
        picture = np.roll(_PICTURE, number, axis=0)
        results[number] = [srcnn_tf.upscale(picture, 2, network) for _ in range(3)]

    threads = [threading.Thread(target=enlarge, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(compiled) == 1
    for number in range(8):
        alone = srcnn_tf.upscale(np.roll(_PICTURE, number, axis=0), 2, network)
        for result in results[number]:
            np.testing.assert_array_equal(result, alone)


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
