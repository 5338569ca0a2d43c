"""Reading arrays of numbers from MATLAB 5 files, whoever wrote them.

SciPy's reader crashes the process on some damaged files (`tests/robustness/faults_fuzz.py` finds
them by the dozen), and builds objects that weights don't need. This module reads only real numeric
arrays, and allocates no more than the file can hold.
"""

import itertools
import os
import pathlib
import struct
import zlib
from collections.abc import Collection, Iterator

import numpy as np

# Numbers of the format's description.
_MATRIX, _COMPRESSED = 14, 15
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8"}
_NUMBERS |= {12: "i8", 13: "u8"}
_NUMERIC_CLASSES = range(6, 16)  # double, single and the integers
_COMPLEX = 0x0800
_HEADER = 128


class MatlabFileError(Exception):
    """A file is damaged, or not of this kind; the message says how, without the file's name."""


def read_arrays(
    path: str | os.PathLike, names: Collection[str], largest: int = 1 << 26
) -> dict[str, np.ndarray]:
    """Reads those of a file's real numeric arrays that have one of `names`.

    Args:
      path: a file as MATLAB's `save` writes by default since version 5 and until 7.
      names: of the variables; others are passed over, and so are cells, structures and objects.
      largest: bytes that all compressed variables together may unpack to.

    Returns:
      Arrays in the type that they are stored in, of MATLAB's shape: two dimensions or more.

    Raises:
      MatlabFileError: it is not a MATLAB 5 file, or damaged.
      OSError: it cannot be read.
    """
    content = pathlib.Path(path).read_bytes()
    mark = content[126:128]
    if len(content) < _HEADER or mark not in (b"IM", b"MI"):
        raise MatlabFileError("it is no MATLAB 5 file")
    order = "<" if mark == b"IM" else ">"
    arrays = {}
    for kind, data in _elements(content[_HEADER:], order):
        if kind == _COMPRESSED:
            unpacked = _unpacked(data, largest)
            largest -= len(unpacked)
            kind, data = next(_elements(unpacked, order), (None, b""))
        if kind != _MATRIX:
            raise MatlabFileError(f"it holds something that is no variable, of type {kind}")
        name, array = _matrix(data, order, names)
        if array is not None:
            arrays[name] = array
    return arrays


def _elements(content: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """Yields each data element's type and bytes; small ones lie in their own tag."""
    begin = 0
    while begin + 8 <= len(content):
        kind, size = struct.unpack_from(f"{order}II", content, begin)
        if kind >> 16:
            kind, size, data_begin, end = kind & 0xFFFF, kind >> 16, begin + 4, begin + 8
            if size > 4:
                raise MatlabFileError("a small element is too large")
        else:
            data_begin = begin + 8
            end = data_begin + size
            # All elements but compressed ones are padded to eight bytes.
            end += 0 if kind == _COMPRESSED else -size % 8
        if data_begin + size > len(content):
            raise MatlabFileError("it is cut short")
        yield kind, content[data_begin : data_begin + size]
        begin = end


def _unpacked(data: bytes, largest: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(data, max(largest, 1))  # 0 would be without a limit.
    except zlib.error as error:
        raise MatlabFileError(f"a variable cannot be unpacked: {error}") from None
    if not unpacker.eof:
        raise MatlabFileError("a variable is cut short, or unpacks to too much")
    return content


def _matrix(data: bytes, order: str, names) -> tuple[str, np.ndarray | None]:
    """Returns a variable's name, and its array if it is wanted and one of real numbers."""
    parts = list(itertools.islice(_elements(data, order), 4))
    if len(parts) < 3 or len(parts[0][1]) < 4 or len(parts[1][1]) % 4:
        raise MatlabFileError("a variable has no description")
    (flags,) = struct.unpack_from(f"{order}I", parts[0][1])
    name = parts[2][1].decode("latin-1")
    if name not in names:
        return name, None
    if flags & 0xFF not in _NUMERIC_CLASSES or flags & _COMPLEX or len(parts) < 4:
        raise MatlabFileError(f"{name} is no array of real numbers")
    kind, raw = parts[3]
    if kind not in _NUMBERS:
        raise MatlabFileError(f"the numbers of {name} are of an unknown type {kind}")
    stored = np.dtype(_NUMBERS[kind]).newbyteorder(order)
    shape = struct.unpack(f"{order}{len(parts[1][1]) // 4}i", parts[1][1])
    count = 1
    for side in shape:
        count *= side
    if (
        min(shape, default=-1) < 0
        or not 2 <= len(shape) <= 8
        or count * stored.itemsize != len(raw)
    ):
        raise MatlabFileError(f"{name} is not of the size {shape} that it claims")
    return name, np.frombuffer(raw, stored).reshape(shape, order="F")
