"""A Keras model of one's own through our `train`: recipe, resuming, scores, weight file.

python -m srcnn_tf.examples.own_keras_model [STEPS [FOLDER]]
"""

import pathlib
import sys

import keras
import tensorflow_datasets as tfds
from keras import layers

import srcnn_tf
import tfds_builders  # noqa: F401, registers the datasets
from srcnn_tf.networks import register

SCALE, NAME = 3, "my-net"


def main(steps: int = 1000, folder: str = "runs/own_keras_model") -> None:
    """Trains a model, and gives it what was learned."""
    made = pathlib.Path(folder)
    model = keras.Sequential(
        [
            keras.Input((None, None, 1)),  # The small picture's luminance, 1.0 = 255.
            layers.Conv2D(24, 5, padding="same"),
            layers.PReLU(shared_axes=[1, 2]),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.Conv2D(SCALE**2, 3, padding="same"),  # `depth_to_space` follows.
        ]
    )
    network = srcnn_tf.network_from_keras(model, NAME, SCALE)

    def build(name, scale=None):
        return network.architecture if name == NAME else None

    register(srcnn_tf.Family(NAME, (NAME,), build, grid="low"))
    # Training starts from the model's own weights.
    about = srcnn_tf.WeightsInfo(NAME, SCALE, "none", 0)
    made.mkdir(parents=True, exist_ok=True)
    srcnn_tf.write_network(made / "start.safetensors", network.replace(info=about))

    builder = tfds.builder(f"sample_photos/x{SCALE}")
    builder.download_and_prepare()
    pictures = srcnn_tf.read_pictures(builder, "train")
    start = str(made / "start.safetensors")
    recipe = srcnn_tf.preset("slim", scale=SCALE, network=NAME, steps=steps, initial_weights=start)
    result = srcnn_tf.train(recipe, pictures, made / "run", data="sample_photos")

    model.set_weights(srcnn_tf.keras_weights(model, result.network.to_network()))
    model.save(made / "model.keras")
    print(f"{made / 'model.keras'}, and {result.weights}: for bin/upscale --scale={SCALE} --model")


if __name__ == "__main__":
    main(*(kind(value) for kind, value in zip((int, str), sys.argv[1:], strict=False)))
