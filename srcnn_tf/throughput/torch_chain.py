"""Any architecture in PyTorch, as its users would write it: a peer."""

from srcnn_tf.networks.network import Network
from srcnn_tf.throughput import peers


def torch_chain(network: Network, threads: int, channels_last: bool, padded: bool = True):
    """Returns a `torch.nn.Module` from (N, 1, H, W) planes to (N, 1, uH, uW).

    Layers are padded with zeros, which PyTorch has built in, where ours repeat the edge: as many
    multiply-adds, and other values near the edge. A bicubic skip is left out.

    Args:
      network: whose weights it has.
      threads: for all of PyTorch.
      channels_last: how activations and kernels lie in memory.
      padded: whether the size stays; else, of networks without skips, it shrinks by the halo.
    """
    torch = peers.torch(threads)
    architecture = network.architecture
    activations = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "none": torch.nn.Identity}

    class Chain(torch.nn.Module):
        def __init__(self):
            super().__init__()
            convolutions, activated = [], []
            for number, (layer, shape) in enumerate(
                zip(architecture.layers, architecture.kernel_shapes, strict=True), start=1
            ):
                padding = shape[0] // 2 if padded else 0
                made = torch.nn.Conv2d(shape[2], shape[3], shape[0], padding=padding)
                kernel = network.arrays[f"conv{number}/kernel"].transpose(3, 2, 0, 1)
                made.weight.data = torch.from_numpy(kernel.copy())
                made.bias.data = torch.from_numpy(network.arrays[f"conv{number}/bias"].copy())
                convolutions.append(made)
                if layer.activation == "prelu":
                    activated.append(torch.nn.PReLU(shape[3]))
                    slope = network.arrays[f"conv{number}/slope"]
                    activated[-1].weight.data = torch.from_numpy(slope.copy())
                else:
                    activated.append(activations[layer.activation]())
            self.convolutions = torch.nn.ModuleList(convolutions)
            self.activations = torch.nn.ModuleList(activated)

        def forward(self, planes):
            results = [planes]
            for number, layer in enumerate(architecture.layers, start=1):
                outputs = self.convolutions[number - 1](results[-1])
                if layer.skip:
                    outputs = outputs + results[number - layer.skip]
                results.append(self.activations[number - 1](outputs))
            outputs = results[-1]
            if architecture.global_skip == "nearest":
                outputs = outputs + planes
            return torch.nn.functional.pixel_shuffle(outputs, architecture.upscale)

    layout = torch.channels_last if channels_last else torch.contiguous_format
    return Chain().to(memory_format=layout)
