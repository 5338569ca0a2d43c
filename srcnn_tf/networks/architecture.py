"""What each named network is made of, and the weights it starts from (NumPy only)."""

import dataclasses
import re

import numpy as np

INITIALIZATIONS = ("identity", "he", "paper")


@dataclasses.dataclass(frozen=True)
class Architecture:
    """A chain of convolutions with ReLU after each but the last, from one plane to one plane.

    Attributes:
      name: what users call it, such as `srcnn-9-5-5`.
      kernel_sizes: side of each layer's square filters, odd.
      filters: number of each layer's filters; the last is 1.
    """

    name: str
    kernel_sizes: tuple[int, ...]
    filters: tuple[int, ...]

    @property
    def radius(self) -> int:
        """How many pixels in each direction an output pixel depends on."""
        return sum(size // 2 for size in self.kernel_sizes)

    @property
    def kernel_shapes(self) -> tuple[tuple[int, int, int, int], ...]:
        """(rows, columns, inputs, filters) of each layer's kernel."""
        inputs = (1, *self.filters[:-1])
        return tuple(
            (size, size, channels, filters)
            for size, channels, filters in zip(self.kernel_sizes, inputs, self.filters, strict=True)
        )

    @property
    def parameters(self) -> int:
        """Number of trained values, biases included."""
        return self.multiply_adds + sum(self.filters)

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds per output pixel, which is also the number of weights without biases."""
        return sum(int(np.prod(shape)) for shape in self.kernel_shapes)


ARCHITECTURES = {
    name: Architecture(name, tuple(int(size) for size in re.findall(r"\d", name)), (64, 32, 1))
    for name in ("srcnn-9-1-5", "srcnn-9-3-5", "srcnn-9-5-5")
}


def architecture(name: str) -> Architecture:
    """Returns the architecture of that name; ValueError, listing the names, if there is none."""
    try:
        return ARCHITECTURES[name]
    except KeyError:
        raise ValueError(
            f"There is no network {name!r}; the networks are {', '.join(ARCHITECTURES)}."
        ) from None


def weight_names(layers: int) -> list[str]:
    """Names of a network's arrays in order: `conv1/kernel`, `conv1/bias`, `conv2/kernel`, ..."""
    return [f"conv{layer + 1}/{kind}" for layer in range(layers) for kind in ("kernel", "bias")]


def initial_weights(network: Architecture, initialization: str, seed: int) -> dict[str, np.ndarray]:
    """Draws the float32 arrays that training starts from, keyed as by `weight_names`.

    Args:
      network: the architecture.
      initialization: `paper` draws every weight from N(0, 0.001) (arXiv:1501.00092, section 4.1);
        `he` from N(0, 2 / fan-in) (arXiv:1502.01852); `identity` is `he` with a last layer near
        zero and one filter per layer that passes the picture through unchanged, so that the
        network begins at the quality of its bicubic input. Biases are zero.
      seed: the same seed gives the same arrays, whatever the versions of TensorFlow and Keras.

    Raises:
      ValueError: no such initialization.
    """
    if initialization not in INITIALIZATIONS:
        raise ValueError(
            f"There is no initialization {initialization!r}; use one of {INITIALIZATIONS}."
        )
    random = np.random.Generator(np.random.PCG64(seed))
    arrays = {}
    last = len(network.filters)
    for layer, shape in enumerate(network.kernel_shapes, start=1):
        rows, columns, inputs, filters = shape
        deviation = np.sqrt(2 / (rows * columns * inputs))
        if initialization == "paper":
            deviation = 0.001
        elif initialization == "identity" and layer == last:
            # Near zero, so that the filters that are not yet trained do not tint the picture.
            deviation = 0.0001
        kernel = random.normal(0, deviation, shape)
        if initialization == "identity":
            kernel[..., 0] = 0
            kernel[rows // 2, columns // 2, 0, 0] = 1
            if layer == last:
                # The last layer has one filter only: pass channel 0, and a little of the others.
                kernel[:, :, 1:, 0] = random.normal(0, deviation, (rows, columns, inputs - 1))
        arrays[f"conv{layer}/kernel"] = kernel.astype(np.float32)
        arrays[f"conv{layer}/bias"] = np.zeros(filters, np.float32)
    return arrays
