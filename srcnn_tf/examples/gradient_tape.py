"""A training loop of one's own: TensorFlow's `GradientTape` on crops of whole pictures.

python -m srcnn_tf.examples.gradient_tape [STEPS [FOLDER]]
"""

import pathlib
import sys

import keras
import tensorflow as tf
import tensorflow_datasets as tfds

import srcnn_tf
import tfds_builders  # noqa: F401, registers the datasets

SCALE, PATCH = 3, 48


def crops(bicubic_y, hr_y):
    """Cuts the same square out of input and target."""
    both = tf.image.random_crop(tf.concat([bicubic_y, hr_y], axis=-1), [PATCH, PATCH, 2])
    return both[..., :1], both[..., 1:]


def main(steps: int = 1000, folder: str = "runs/gradient_tape") -> None:
    """Trains, and writes a weight file that `bin/upscale --model` takes."""
    examples = tfds.load(f"sample_photos/x{SCALE}", split="train")
    # Float planes with 1.0 = 255; as they are stored, one of them is in 0..255.
    pairs = examples.map(srcnn_tf.training_pair).cache()
    batches = pairs.shuffle(16).repeat().map(crops, tf.data.AUTOTUNE).batch(16)

    model = srcnn_tf.create_network("srcnn-9-1-5")
    halo = model.architecture.halo
    optimizer = keras.optimizers.Adam(1e-3)

    @tf.function
    def step(inputs, targets):
        with tf.GradientTape() as tape:
            # Only pixels with a full neighborhood come out.
            outputs = model(inputs, padding="valid")
            loss = tf.reduce_mean((outputs - targets[:, halo:-halo, halo:-halo]) ** 2)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return loss

    for number, (inputs, targets) in enumerate(batches.take(steps), start=1):
        loss = step(inputs, targets)
        if number % 100 == 0 or number == steps:
            print(f"step {number}: loss {float(loss):.2e}")
    about = srcnn_tf.WeightsInfo("srcnn-9-1-5", SCALE, "sample_photos by gradient_tape", steps)
    path = pathlib.Path(folder, "last.safetensors")
    srcnn_tf.write_network(path, model.to_network().replace(info=about))
    print(f"{path}: for bin/upscale --scale={SCALE} --model")


if __name__ == "__main__":
    main(*(kind(value) for kind, value in zip((int, str), sys.argv[1:], strict=False)))
