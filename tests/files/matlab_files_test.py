"""Arrays of MATLAB files are read as SciPy's writer wrote them; damaged files are refused."""

import struct
import zlib

import numpy as np
import pytest
import scipy.io

from srcnn_tf.files.matlab_files import MatlabFileError, read_arrays

_ARRAYS = {
    "doubles": np.linspace(-1, 1, 24).reshape(2, 3, 4),
    "whole": np.arange(20.0).reshape(4, 5),  # MATLAB stores these in a byte each.
    "singles": np.linspace(0, 1, 7, dtype=np.float32)[:, None],
    "integers": np.array([[-3, 70000]], np.int32),
    "one": np.array([[2.5]]),
    "none": np.zeros((0, 3)),
}


@pytest.mark.parametrize("compressed", [False, True])
def test_arrays_written_by_scipy_are_read(tmp_path, compressed):
    path = tmp_path / "a.mat"
    others = {"text": "abc", "cell": np.array([[1, "x"]], object), "struct": {"a": 1}}
    scipy.io.savemat(path, _ARRAYS | others, do_compression=compressed)
    arrays = read_arrays(path, _ARRAYS.keys())
    assert arrays.keys() == _ARRAYS.keys()
    for name, array in _ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array)
    assert read_arrays(path, ["one"]).keys() == {"one"}
    for name in others:
        with pytest.raises(MatlabFileError, match=name):
            read_arrays(path, [name])


def test_other_byte_order_is_read(tmp_path):
    # SciPy writes only the machine's byte order; this follows the format's description.
    name, values = b"x", struct.pack(">3d", 1, 2, 3)
    parts = [(6, struct.pack(">II", 6, 0)), (5, struct.pack(">ii", 1, 3)), (1, name), (9, values)]
    body = b"".join(
        struct.pack(">II", kind, len(data)) + data + bytes(-len(data) % 8) for kind, data in parts
    )
    content = b"MATLAB".ljust(124) + b"\1\0MI" + struct.pack(">II", 14, len(body)) + body
    (tmp_path / "a.mat").write_bytes(content)
    np.testing.assert_array_equal(read_arrays(tmp_path / "a.mat", ["x"])["x"], [[1, 2, 3]])


def test_decompression_bombs_are_refused(tmp_path):
    path = tmp_path / "a.mat"
    scipy.io.savemat(path, {"x": np.zeros((1, 1))})
    bomb = zlib.compress(bytes(1 << 20))
    path.write_bytes(path.read_bytes()[:128] + struct.pack("<II", 15, len(bomb)) + bomb)
    with pytest.raises(MatlabFileError, match="unpacks to too much"):
        read_arrays(path, ["x"], largest=1 << 19)
