"""Small datasets and weights that the benchmark's tests make for themselves."""

import pathlib

import numpy as np
import tensorflow_datasets as tfds

import tfds_builders  # noqa: F401  (registers the datasets)
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.initialization import draw_arrays
from srcnn_tf.networks.weight_files import save_weights
from srcnn_tf.networks.weights_info import WeightsInfo
from tfds_builders.common import pairs


def prepare(name: str, scale: int, pictures: int, data_dir: pathlib.Path, shards: int = 1):
    """Prepares a dataset of that name from pictures of noise, and returns its builder."""
    builder = tfds.builder(f"{name}/x{scale}", data_dir=data_dir)
    random = np.random.default_rng(0)
    examples = [
        (key, pairs.example(random.integers(0, 256, (36, 48, 3), np.uint8), key, scale))
        for key in (f"noise{number}.png" for number in range(pictures))
    ]
    builder._split_generators = lambda dl_manager: {"test": examples}
    builder.download_and_prepare(download_config=tfds.download.DownloadConfig(num_shards=shards))
    return builder


def write_weights(path: pathlib.Path, scale: int, network: str = "srcnn-9-1-5") -> pathlib.Path:
    """Writes an untrained network's weight file."""
    arrays = draw_arrays(find_architecture(network), "identity", seed=0)
    save_weights(path, arrays, WeightsInfo(network, scale, training_data="none", steps=0))
    return path
