"""`DeviceCrops`: pictures that live on a device, and batches that are cut there.

What to cut is chosen on the host by the ops that the host's own path uses, for many steps at a
time, and is a few numbers a crop. The pixels stay where the step runs: they are gathered there by
whole numbers, multiplied and subtracted in two roundings, so that a batch is that of
`pipeline.training_batches` bit for bit, on whatever device.
"""

import functools

import numpy as np
import tensorflow as tf

from srcnn_tf.data.crop_choices import PictureSides, choose_crops
from srcnn_tf.data.pipeline import PackedPictures, cut_by_tensorflow, stretch_crops


class DeviceCrops:
    """Packed pictures on a device.

    Attributes:
      choices: an endless dataset, on the host, of what the steps cut: places int64 (3, batch),
        which are corners, widths and codes, and gains float32 (batch, 2).
      device: where pixels are.
      batch_size: crops in a batch.
    """

    def __init__(
        self,
        packed: PackedPictures,
        device: str,
        *,
        batch_size: int,
        patch: int,
        border: int,
        seed: int,
        first_step: int = 0,
        dihedral: bool = True,
        full_range: float = 0.0,
        jit_compile: bool = False,
    ):
        """Copies the pictures to a device; what is not named here is as of `training_batches`.

        Args:
          packed: the pictures.
          device: a TensorFlow device, such as `/GPU:0`.
          batch_size: crops in a batch.
          patch: side of the network's input.
          border: how many pixels of the input the target is smaller by on every side.
          seed: of all random choices.
          first_step: the step that the first element of `choices` is for.
          dihedral: whether crops are flipped and rotated at random.
          full_range: share of the crops that are stretched.
          jit_compile: whether XLA compiles the gathering, which changes no bit of it.
        """
        self.device, self.batch_size = device, batch_size
        with tf.device(device):
            self._pixels = tf.constant(packed.pixels)
        with tf.device("/CPU:0"):
            sides = PictureSides(*(tf.constant(array) for array in packed[1:4]))
        # TensorFlow computes with numbers of 32 bits on the host, wherever they are: it takes them
        # for shapes. Those of 64 bits stay on the device.
        cut = functools.partial(
            cut_by_tensorflow(packed), patch=patch, border=border, index=tf.int64
        )

        @tf.function(jit_compile=jit_compile, autograph=False)
        def gather(corners, widths, codes):
            return cut(self._pixels, corners, widths, codes, None)

        self._gather = gather

        def choose(step):
            chosen = choose_crops(
                step,
                sides,
                seed=seed,
                batch_size=batch_size,
                patch=patch,
                dihedral=dihedral,
                full_range=full_range,
            )
            return tf.stack([chosen.corners, chosen.widths, chosen.codes]), chosen.gains

        options = tf.data.Options()
        options.experimental_optimization.apply_default_optimizations = False
        self.choices = (
            tf.data.Dataset.range(first_step, np.iinfo(np.int64).max)
            .map(choose, num_parallel_calls=tf.data.AUTOTUNE)
            .prefetch(tf.data.AUTOTUNE)
            .with_options(options)
        )

    def cut(self, places: tf.Tensor, gains: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Cuts a batch on the device; for graphs, within the step's own.

        Args:
          places: int64 (3, batch), an element of `choices`.
          gains: float32 (batch, 2), likewise.

        Returns:
          Inputs and targets as of `pipeline.training_batches`.
        """
        crops = self._gather(*tf.unstack(places))
        # Outside of what XLA compiles: it may multiply and subtract in one rounding.
        return stretch_crops(crops, gains)
