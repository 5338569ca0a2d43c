"""`Network`: an architecture and its arrays, as one value."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from srcnn_tf.networks.architecture import Architecture
from srcnn_tf.networks.families import family as families

if TYPE_CHECKING:
    from srcnn_tf.networks.weights_info import WeightsInfo


class _Arrays(Mapping):
    """float32 arrays by name that cannot be changed; unlike `MappingProxyType`, it pickles."""

    __slots__ = ("_arrays",)

    def __init__(self, arrays: Mapping[str, np.ndarray]):
        self._arrays = {}
        for name, array in arrays.items():
            # Copied unless it is contiguous and owned by nobody who could write to it.
            array = np.asarray(array, np.float32)
            if array.flags.writeable or not array.flags.c_contiguous:
                array = np.array(array, np.float32, order="C")
                array.flags.writeable = False
            self._arrays[name] = array

    def __getitem__(self, name: str) -> np.ndarray:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __reduce__(self):
        return _Arrays, (self._arrays,)


@dataclasses.dataclass(frozen=True, eq=False)
class Network:
    """A network: what it is made of, its weights, and what is known of it. Immutable; pickles.

    It needs NumPy only. `engines.runner(network)` runs it, `engines.keras_model(network)` makes a
    Keras model of it, and `weight_files.write_network` writes it to a file that equals it.

    Attributes:
      architecture: what it is made of.
      arrays: read-only float32 arrays by the names of `Architecture.array_shapes`.
      info: what its weight file says of it; None if it has none.

    Raises:
      ValueError: the arrays are not those of the architecture; the message names the first that
        is missing, not needed, or of another shape.
    """

    architecture: Architecture
    arrays: Mapping[str, np.ndarray]
    info: "WeightsInfo | None" = None

    def __post_init__(self):
        shapes = self.architecture.array_shapes
        for name in sorted({*shapes, *self.arrays}):
            expected = shapes.get(name)
            found = np.shape(self.arrays[name]) if name in self.arrays else None
            if found != expected:
                raise ValueError(
                    f"The array {name} of {self.architecture.name} must be "
                    f"{_in_words(expected)}, and is {_in_words(found)}."
                )
        ordered = {name: self.arrays[name] for name in shapes}
        object.__setattr__(self, "arrays", _Arrays(ordered))

    @property
    def name(self) -> str:
        """What it is called."""
        return self.architecture.name

    @property
    def scale(self) -> int | None:
        """The enlargement it was trained for; None if that is not known."""
        if self.info is not None:
            return self.info.scale
        return self.architecture.upscale if self.architecture.upscale > 1 else None

    def replace(self, **changes) -> "Network":
        """Returns it with other `arrays` or `info`."""
        return dataclasses.replace(self, **changes)

    def __eq__(self, other):
        if not isinstance(other, Network):
            return NotImplemented
        return (
            self.architecture == other.architecture
            and self.info == other.info
            and all(np.array_equal(self.arrays[n], other.arrays[n]) for n in self.arrays)
        )

    # Equal networks would have to hash equal, and hashing all weights would be slow.
    __hash__ = None  # type: ignore[assignment]

    def __repr__(self):
        return f"Network({self.architecture.name}, scale={self.scale})"


def initial_network(
    name: str, scale: int | None = None, initialization: str = "identity", seed: int = 0
) -> Network:
    """Makes an untrained network.

    Args:
      name: such as `srcnn-9-5-5`.
      scale: the enlargement; networks on the low grid depend on it.
      initialization: `identity`, `he` or `paper`; see `initialization.draw_arrays`.
      seed: of the weights.

    Raises:
      ValueError: one of the names is unknown, or the network depends on the scale and it is None.
    """
    built = families.find_architecture(name, scale)
    return Network(built, families.initial_arrays(built, initialization, seed))


def _in_words(shape):
    return "absent" if shape is None else str(shape)
