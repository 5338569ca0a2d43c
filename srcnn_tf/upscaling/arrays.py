"""Arrays, batches of them, and TensorFlow's tensors, enlarged and given back as what they were."""

import sys
from collections.abc import Callable

import numpy as np

from srcnn_tf.upscaling.enlargers import Enlargers
from srcnn_tf.upscaling.enlarging import Enlarging
from srcnn_tf.upscaling.value_ranges import from_pixels, to_pixels


def enlarge(
    array: np.ndarray, method_for: Callable[[int, int], Enlarging], value_range: str | None
) -> np.ndarray:
    """Enlarges an array (H, W), (H, W, C) or (N, H, W, C), C = 1 to 4.

    Args:
      array: of a dtype and range that `value_ranges.to_pixels` takes.
      method_for: gives what enlarges, for rows and columns.
      value_range: its name, or None.

    Returns:
      The result, of the array's dtype, range and number of dimensions.

    Raises:
      TypeError, ValueError: dtype, shape or values are not usable.
    """
    if array.ndim not in (2, 3, 4) or 0 in array.shape[array.ndim == 4 :]:
        raise ValueError(
            "Pictures must be (H, W), (H, W, 1 to 4) or batches (N, H, W, 1 to 4), and have pixels;"
            f" this array is {array.shape}."
        )
    pixels = to_pixels(array, value_range)
    height, width = array.shape[array.ndim == 4 :][:2]
    method = method_for(height, width)
    if array.ndim < 4:
        return from_pixels(method.enlarge(pixels), array.dtype, value_range)
    result = np.empty((len(array), *method.size_of(height, width), array.shape[3]), array.dtype)
    for number, picture in enumerate(pixels):
        result[number] = from_pixels(method.enlarge(picture), array.dtype, value_range)
    return result


def is_tensor(value: object) -> bool:
    """Whether a value is a tensor or variable of TensorFlow, which is not imported to find out."""
    tensorflow = sys.modules.get("tensorflow")
    return tensorflow is not None and tensorflow.is_tensor(value)


def on_tensor(tensor, work: Callable[[np.ndarray], np.ndarray], enlargers: Enlargers):
    """Applies a function of arrays to a tensor; also inside `tf.function` and `Dataset.map`.

    Args:
      tensor: of a dtype that `work` takes; inside a graph its shape is needed as far as it is to
        be known of the result.
      work: enlarges an array, and keeps its dtype.
      enlargers: tells the sizes of results.

    Returns:
      A tensor of the same dtype.
    """
    import tensorflow as tf

    if hasattr(tensor, "numpy") and tf.executing_eagerly():
        return tf.constant(work(tensor.numpy()), tensor.dtype)
    result = tf.numpy_function(work, [tensor], tensor.dtype)
    shape = tensor.shape.as_list() if tensor.shape.rank is not None else None
    if shape is not None:
        first = int(len(shape) == 4)
        height, width = shape[first : first + 2]
        known = None not in (height, width)
        sides = enlargers.sizing.of(width, height)[::-1] if known else (None, None)
        result.set_shape([*shape[:first], *sides, *shape[first + 2 :]])
    return result
