"""Keras's `fit` on our batches, with callbacks and mixed precision; the result enlarges pictures.

python -m srcnn_tf.examples.keras_fit [STEPS [FOLDER]]
"""

import pathlib
import sys

import keras
import tensorflow_datasets as tfds

import srcnn_tf
import tfds_builders  # noqa: F401, registers the datasets

SCALE, PATCH = 2, 33


def main(steps: int = 1000, folder: str = "runs/keras_fit") -> None:
    """Trains, saves as `.keras`, and makes a weight file of that."""
    made = pathlib.Path(folder)
    made.mkdir(parents=True, exist_ok=True)
    builder = tfds.builder(f"sample_photos/x{SCALE}")
    builder.download_and_prepare()
    pictures = srcnn_tf.read_pictures(builder, "train")

    # Layers but the last compute in bfloat16; weights and outputs are float32.
    model = srcnn_tf.create_network("slim-4x16", "mixed_bfloat16", scale=SCALE)
    grid = model.architecture.grid
    packed = srcnn_tf.pack(pictures, SCALE, rescale_factors=(1.0,), patch=PATCH, grid=grid)
    # Inputs (16, 33, 33, 1) and targets (16, 66, 66, 1), both 1.0 = 255. No border is cut off,
    # since the model pads what it sees.
    batches = srcnn_tf.training_batches(packed, batch_size=16, patch=PATCH, border=0, seed=1)

    model.compile(keras.optimizers.Adam(1e-3), "mean_absolute_error")
    callbacks = [
        keras.callbacks.ModelCheckpoint(made / "last.keras"),
        keras.callbacks.CSVLogger(made / "log.csv"),
        keras.callbacks.TerminateOnNaN(),
    ]
    each = max(1, steps // 4)
    model.fit(batches, steps_per_epoch=each, epochs=4, callbacks=callbacks, verbose=2)

    network = keras.saving.load_model(made / "last.keras").to_network()
    about = srcnn_tf.WeightsInfo(network.name, SCALE, "sample_photos by keras_fit", 4 * each)
    srcnn_tf.write_network(made / "last.safetensors", network.replace(info=about))
    again = srcnn_tf.load_weights(made / "last.safetensors")
    scores = srcnn_tf.evaluate(
        srcnn_tf.read_pictures(builder, "test"), SCALE, srcnn_tf.runner(again)
    )
    bicubic = srcnn_tf.mean_quality(score.bicubic for score in scores)
    ours = srcnn_tf.mean_quality(score.network for score in scores)
    print(f"bicubic {bicubic.psnr:.2f} dB, network {ours.psnr:.2f} dB: {made / 'last.safetensors'}")


if __name__ == "__main__":
    main(*(kind(value) for kind, value in zip((int, str), sys.argv[1:], strict=False)))
