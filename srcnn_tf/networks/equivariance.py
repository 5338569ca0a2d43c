"""Networks that treat all eight flips and rotations of a picture alike.

If every filter is there in all eight positions, and the layers above weigh these copies likewise,
then transforming the input transforms the output (group convolutions; T. Cohen and M. Welling,
arXiv:1602.07576). Such a network is an ordinary chain of convolutions whose weights come in groups
of eight equal ones, up to position: filter 8 k + g of a layer is the filter 8 k, transformed by
member g of the group. It has an eighth of the freedom, and self-ensemble cannot improve it.

A network stays so if it begins so and each gradient is replaced by its symmetric part.
"""

from collections.abc import Mapping

import numpy as np

from srcnn_tf.imaging import dihedral
from srcnn_tf.networks.architecture import Architecture

# Which transform each member of a group of filters is, as codes of `dihedral`: the four rotations,
# then those of the mirrored filter. Weight files depend on this order.
MEMBERS = tuple(
    dihedral.code_of(lambda square, q=quarters, m=mirrored: np.rot90(square[:, ::m], q))
    for mirrored in (1, -1)
    for quarters in range(4)
)


def supports(architecture: Architecture) -> bool:
    """Whether each layer's filters, but the last one's, come in groups of eight.

    PReLU, `depth_to_space` and color are not supported.
    """
    return (
        all(filters % dihedral.COUNT == 0 for filters in architecture.filters[:-1])
        and architecture.filters[-1] == 1
        and all(layer.activation != "prelu" for layer in architecture.layers)
    )


def symmetric_start(
    architecture: Architecture, arrays: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Returns a symmetric network made of every eighth filter of another, and its turns.

    The last layer is divided by eight: each of eight copies passes on its part.

    Args:
      architecture: one that `supports` takes.
      arrays: float32 weights by name; biases of a group are those of its first filter.
    """
    result = {}
    last = len(architecture.filters)
    for name, table in _positions(architecture).items():
        values = arrays[name]
        # Of eight weights that are to be equal, the one in the first filter of its group; in the
        # last layer, which has one filter, the one at the first input of its group.
        channels = np.unravel_index(table, (1, *values.shape))[-1 if values.shape[-1] > 1 else -2]
        members = channels % dihedral.COUNT
        first = np.take_along_axis(table, members.argmin(axis=0)[None], axis=0)
        start = values.ravel()[first].reshape(values.shape)
        result[name] = start / np.float32(dihedral.COUNT) if name == f"conv{last}/kernel" else start
    return result


def symmetric_tables(architecture: Architecture) -> list[np.ndarray]:
    """Returns, for each array in the order of `array_shapes`, which weights are to be equal.

    Each is int32 (8, weights): every column lists the weights (flat positions) that the eight
    turns put where the first row has them.
    """
    return list(_positions(architecture).values())


def symmetric_part(values, table: np.ndarray):
    """Averages a TensorFlow tensor over a table of `symmetric_tables`; keeps its shape."""
    import tensorflow as tf

    flat = tf.gather(tf.reshape(values, [-1]), table)
    return tf.reshape(tf.reduce_mean(flat, axis=0), values.shape)


def is_equivariant(architecture: Architecture, arrays: Mapping[str, np.ndarray]) -> bool:
    """Whether a network treats all turns alike, but for what rounding did while it was trained."""
    if not supports(architecture):
        return False
    largest = max(float(np.abs(array).max()) for array in arrays.values())
    return asymmetry(architecture, arrays) <= 1e-3 * largest


def asymmetry(architecture: Architecture, arrays: Mapping[str, np.ndarray]) -> float:
    """Returns the largest difference between weights that a symmetric network has equal."""
    return max(
        float(np.ptp(arrays[name].ravel()[table], axis=0).max())
        for name, table in _positions(architecture).items()
    )


def _positions(architecture: Architecture) -> dict[str, np.ndarray]:
    """Flat positions of all weights after each of the eight turns, int32 (8, weights) by name."""
    tables = {}
    shapes = architecture.kernel_shapes
    names = iter(architecture.array_shapes)
    for rows, columns, inputs, filters in shapes:
        flat = np.arange(rows * columns * inputs * filters, dtype=np.int32)
        kernel = flat.reshape(rows, columns, inputs, filters)
        bias = np.arange(filters, dtype=np.int32)
        tables[next(names)] = np.stack(
            [_act(turn, kernel).ravel() for turn in range(dihedral.COUNT)]
        )
        tables[next(names)] = np.stack([_permute(turn, bias, 0) for turn in range(dihedral.COUNT)])
    return tables


def _act(turn: int, kernel: np.ndarray) -> np.ndarray:
    """What becomes of a kernel (rows, columns, inputs, filters) if everything is turned."""
    turned = dihedral.transform(MEMBERS[turn], kernel)
    return _permute(turn, _permute(turn, turned, 2), 3)


def _permute(turn: int, array: np.ndarray, axis: int) -> np.ndarray:
    """Puts member g of each group of channels where member `turn` after g belongs."""
    count = array.shape[axis]
    if count == 1:
        return array
    undo = dihedral.inverse(MEMBERS[turn])
    members = np.array([MEMBERS.index(dihedral.product(undo, member)) for member in MEMBERS])
    groups = np.arange(0, count, dihedral.COUNT)
    return np.take(array, (groups[:, None] + members).ravel(), axis)
