"""What a card can compute at most: by its datasheet, or by one product of large matrices."""

import re
import time
from typing import NamedTuple

import tensorflow as tf

# Dense; a multiply-add counts as two operations. As NVIDIA publishes them: half precision on tensor
# cores (bfloat16, or float16 where there is none) and float32 without them, 10^12 a second.
_DATASHEETS = (
    (r"H200", 989.4, 66.9),
    (r"H100 PCIe", 756.0, 51.2),
    (r"H100", 989.4, 66.9),
    (r"A100", 312.0, 19.5),
    (r"L4\b", 121.0, 30.3),
    (r"T4\b", 65.0, 8.1),
    (r"V100-SXM", 125.0, 15.7),
)
_SIDE, _PRODUCTS = 8192, 8


class Peak(NamedTuple):
    """Operations a second, and who says so."""

    rate: float
    source: str


def datasheet_peak(name: str, precision: str) -> Peak | None:
    """Returns a card's peak by its name; None of a card that is not listed.

    Args:
      name: as `tf.config.experimental.get_device_details` has it.
      precision: `float32`, which is without TF32, or a mixed one.
    """
    for pattern, half, single in _DATASHEETS:
        if re.search(pattern, name):
            rate = single if precision == "float32" else half
            return Peak(rate * 1e12, "its datasheet")
    return None


def measured_peak(precision: str, quick: bool = False) -> Peak:
    """Measures what TensorFlow's product of two square matrices reaches on its device.

    Args:
      precision: as of `datasheet_peak`.
      quick: take small ones.
    """
    side = 256 if quick else _SIDE if tf.config.list_physical_devices("GPU") else 1024
    dtype = precision.removeprefix("mixed_")
    factor = tf.cast(tf.random.stateless_uniform([side, side], [0, 0]) / side, dtype)

    @tf.function
    def multiply():
        product = factor
        for _ in range(_PRODUCTS):
            product = tf.matmul(product, factor)
        return tf.reduce_sum(tf.cast(product, tf.float32))

    multiply().numpy()
    before = time.perf_counter()
    multiply().numpy()
    seconds = time.perf_counter() - before
    return Peak(_PRODUCTS * 2 * side**3 / seconds, f"products of {side} x {side} matrices")
