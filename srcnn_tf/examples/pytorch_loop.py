"""PyTorch on our ArrayRecords: python -m srcnn_tf.examples.pytorch_loop [STEPS [FOLDER]]."""

import pathlib
import sys

import numpy as np
import tensorflow_datasets as tfds
import torch
from torch import nn

import srcnn_tf
import tfds_builders  # noqa: F401, registers the datasets

SCALE, PATCH, HALO = 3, 48, 6


class Crops(torch.utils.data.Dataset):
    """Pairs of crops, float32 (1, 48, 48), 1.0 = 255."""

    def __init__(self, source, count):
        self.pairs, self.count = [srcnn_tf.training_pair(example) for example in source], count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        pair, random = self.pairs[index % len(self.pairs)], np.random.default_rng(index)
        top, left = (random.integers(side - PATCH + 1) for side in pair[0].shape[:2])
        cut = (plane[top : top + PATCH, left : left + PATCH, 0] for plane in pair)
        return tuple(torch.from_numpy(np.ascontiguousarray(plane))[None] for plane in cut)


def main(steps: int = 1000, folder: str = "runs/pytorch_loop") -> None:
    """Trains, and writes a weight file that `bin/upscale --model` takes."""
    made = pathlib.Path(folder)
    builder = tfds.builder(f"sample_photos/x{SCALE}", file_format="array_record", data_dir=made)
    builder.download_and_prepare()
    crops = Crops(builder.as_data_source("train"), 16 * steps)
    layers = [nn.Conv2d(1, 64, 9), nn.Conv2d(64, 32, 1), nn.Conv2d(32, 1, 5)]
    model = nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.ReLU(), layers[2])
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    for inputs, targets in torch.utils.data.DataLoader(crops, batch_size=16):
        loss = ((model(inputs) - targets[..., HALO:-HALO, HALO:-HALO]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    arrays = {}
    for number, layer in enumerate(layers, start=1):
        # PyTorch has (filters, channels, rows, columns).
        arrays[f"conv{number}/kernel"] = layer.weight.detach().numpy().transpose(2, 3, 1, 0)
        arrays[f"conv{number}/bias"] = layer.bias.detach().numpy()
    about = srcnn_tf.WeightsInfo("srcnn-9-1-5", SCALE, "sample_photos by pytorch_loop", steps)
    network = srcnn_tf.Network(srcnn_tf.find_architecture("srcnn-9-1-5"), arrays, about)
    srcnn_tf.write_network(made / "last.safetensors", network)
    print(f"loss {loss.item():.2e}; {made / 'last.safetensors'}: for bin/upscale --model")


if __name__ == "__main__":
    main(*(kind(value) for kind, value in zip((int, str), sys.argv[1:], strict=False)))
