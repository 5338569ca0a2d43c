"""Processes of a cluster reach each other before TensorFlow waits for them."""

import signal
import socket
import threading

import pytest

from srcnn_tf.training import joining, stop_signals


def _addresses(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    addresses = [f"127.0.0.1:{each.getsockname()[1]}" for each in sockets]
    for each in sockets:
        each.close()
    return addresses


def test_all_return_once_all_have_come():
    # A process that has reached all goes on at once, and TensorFlow's server takes its port.
    addresses = _addresses(3)
    servers = []

    def join(index):
        others = [address for address in addresses if address != addresses[index]]
        joining.wait_for_others(addresses[index], others, seconds=20)
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("", int(addresses[index].rpartition(":")[2])))
        server.listen()
        servers.append(server)

    threads = [threading.Timer(0.3 * index, join, (index,)) for index in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(servers) == 3
    for server in servers:
        server.close()


def test_whoever_does_not_come_is_named(monkeypatch, caplog):
    monkeypatch.setattr(joining, "_BETWEEN_LINES", 0.4)
    mine, missing = _addresses(2)
    with pytest.raises(TimeoutError, match=f"{missing} of the cluster did not come within 1 s"):
        joining.wait_for_others(mine, [missing], seconds=1)
    assert caplog.messages[0].startswith(f"waiting for {missing} of the cluster, for ")


def test_port_that_is_taken_is_an_error():
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            joining.wait_for_others(f"localhost:{taken.getsockname()[1]}", ["localhost:1"])


def test_signals_that_a_library_took_come_back():
    import ctypes

    library = ctypes.CDLL(None)
    library.signal.restype = ctypes.c_void_p
    library.signal.argtypes = [ctypes.c_int, ctypes.c_void_p]
    came = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: came.append(number))
    try:
        library.signal(signal.SIGTERM, 1)  # SIG_IGN, behind Python's back.
        signal.raise_signal(signal.SIGTERM)
        assert came == []
        stop_signals.take_signals_back()
        signal.raise_signal(signal.SIGTERM)
        assert came == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)
