"""Keras's own loop, PyTorch and JAX on TensorFlow's device: training steps and whole planes."""

import keras

from srcnn_tf.engines.keras_models import keras_model
from srcnn_tf.networks.network import Network
from srcnn_tf.throughput import jax_chain, peers
from srcnn_tf.throughput.torch_chain import torch_chain
from srcnn_tf.training.crop_device import has_gpu

KERAS, _TORCH, _JAX = "Keras fit", "PyTorch channels_last", "JAX"


def missing() -> dict[str, str]:
    """Says, by label, which peers are not installed, or see no GPU where TensorFlow has one."""
    reasons = {_TORCH: peers.missing("torch"), _JAX: peers.missing("jax")}
    if has_gpu() and not reasons[_TORCH] and not _torch().cuda.is_available():
        reasons[_TORCH] = "is a build for processors"
    if has_gpu() and not reasons[_JAX] and jax_chain.import_jax().default_backend() != "gpu":
        reasons[_JAX] = "is a build for processors"
    return {label: reason for label, reason in reasons.items() if reason}


def _torch():
    from srcnn_tf.imaging.threads import usable_cores

    return peers.torch(usable_cores())


def _keras_steps(network: Network, precision, padded, loss, rate, batch):
    """Returns `run(steps) -> losses` by `fit`, as a Keras program has it, all on one batch."""
    model = keras_model(network, precision) if padded else _sequential(network, precision)
    model.compile(keras.optimizers.Adam(rate), {"mse": "mse", "l1": "mae"}[loss])
    inputs, targets = batch

    class Losses(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.found = []

        def on_train_batch_end(self, _, logs=None):
            # `fit` reports the mean since the epoch began.
            total = logs["loss"] * (len(self.found) + 1)
            self.found.append(total - sum(self.found))

    def run(steps):
        import tensorflow as tf

        kept = Losses()
        data = tf.data.Dataset.from_tensors((inputs, targets)).cache().repeat()
        watched = [kept] if steps < 10 else []
        model.fit(data, steps_per_epoch=steps, epochs=1, verbose=0, callbacks=watched)
        return kept.found

    return run


def _sequential(network: Network, precision):
    """The chain without padding, whose last layer is float32 as ours is."""
    layers = network.architecture.layers
    made = [
        keras.layers.Conv2D(
            layer.filters,
            layer.side,
            activation="relu" if layer.activation == "relu" else None,
            dtype=precision if number < len(layers) else "float32",
        )
        for number, layer in enumerate(layers, start=1)
    ]
    model = keras.Sequential([keras.Input((None, None, 1)), *made])
    model.set_weights(list(network.arrays.values()))
    return model


def _torch_steps(network: Network, precision, padded, loss, rate, batch):
    torch = _torch()
    device = "cuda" if has_gpu() else "cpu"
    module = torch_chain(network, torch.get_num_threads(), True, padded).to(device)
    inputs, targets = (
        torch.from_numpy(part.transpose(0, 3, 1, 2).copy())
        .to(device)
        .to(memory_format=torch.channels_last)
        for part in batch
    )
    error = {"mse": torch.nn.functional.mse_loss, "l1": torch.nn.functional.l1_loss}[loss]
    optimizer = torch.optim.Adam(module.parameters(), lr=rate, eps=1e-7)
    half = {"mixed_bfloat16": torch.bfloat16, "mixed_float16": torch.float16}.get(precision)
    scaler = torch.amp.GradScaler(device, enabled=half is torch.float16)

    def run(steps):
        losses = []
        for _ in range(steps):
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast(device, half or torch.bfloat16, enabled=half is not None):
                outputs = module(inputs)
            value = error(outputs.float(), targets)
            scaler.scale(value).backward()
            scaler.step(optimizer)
            scaler.update()
            losses.append(value.detach())
        return [float(value) for value in losses]

    return run


def _torch_plane(network: Network, _):
    torch = _torch()
    device = "cuda" if has_gpu() else "cpu"
    module = torch_chain(network, torch.get_num_threads(), True).eval().to(device)

    def run(plane):
        with torch.inference_mode():
            planes = torch.from_numpy(plane)[None, None].to(device)
            planes = planes.contiguous(memory_format=torch.channels_last)
            return module(planes)[0, 0].cpu().numpy()

    return run


# By label: what makes `run(steps) -> losses`, of network, precision, whether it is padded, loss,
# rate, and a batch; and what makes `run(plane) -> plane`, of network and precision.
STEPS = {KERAS: _keras_steps, _TORCH: _torch_steps, _JAX: jax_chain.jax_steps}
PLANES = {_TORCH: _torch_plane, _JAX: jax_chain.jax_plane}
