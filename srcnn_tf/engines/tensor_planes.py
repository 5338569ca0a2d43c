"""What layers do to planes beside convolving them, as TensorFlow ops: pad, crop, enlarge."""

import tensorflow as tf

from srcnn_tf.imaging.phases import REACH, bicubic_phases


def replicate_pad(planes: tf.Tensor, border: int) -> tf.Tensor:
    """Extends (N, H, W, C) by `border` copies of the edge pixels; `tf.pad` has no such mode."""
    if border == 0:
        return planes
    for axis in (1, 2):
        edges = tf.gather(planes, [0, tf.shape(planes)[axis] - 1], axis=axis)
        first, last = tf.split(edges, 2, axis)
        repeats = [border if dimension == axis else 1 for dimension in range(4)]
        planes = tf.concat([tf.tile(first, repeats), planes, tf.tile(last, repeats)], axis)
    return planes


def crop(planes: tf.Tensor, border: int) -> tf.Tensor:
    """Takes `border` pixels off each side of (N, H, W, C)."""
    return planes[:, border:-border, border:-border] if border else planes


def enlarge_bicubic(planes: tf.Tensor, scale: int) -> tf.Tensor:
    """Enlarges float32 (N, H, W, C) as MATLAB's imresize does, edges mirrored."""
    weights = tf.constant(bicubic_phases(scale))
    for axis in (1, 2):
        count = tf.shape(planes)[axis]
        places = tf.range(count)[:, None] + tf.range(-REACH, REACH + 1)
        # Mirrored at the edges, as often as a plane smaller than the kernel needs.
        places = tf.math.floormod(places, 2 * count)
        places = tf.minimum(places, 2 * count - 1 - places)
        neighbors = tf.gather(planes, places, axis=axis)
        shape = tf.shape(planes)
        if axis == 1:
            planes = tf.einsum("nhkwc,sk->nhswc", neighbors, weights)
            planes = tf.reshape(planes, [shape[0], shape[1] * scale, shape[2], planes.shape[-1]])
        else:
            planes = tf.einsum("nhwkc,sk->nhwsc", neighbors, weights)
            planes = tf.reshape(planes, [shape[0], shape[1], shape[2] * scale, planes.shape[-1]])
    return planes
