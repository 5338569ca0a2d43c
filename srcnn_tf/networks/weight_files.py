"""Weight files that describe themselves: writing, reading, and importing the authors' filters.

A file is in the safetensors format: plain arrays and text, which cannot run code. Its metadata
holds one JSON document, `WeightsInfo`, so that loading needs the path and nothing else. Nothing
here needs TensorFlow but `load_weights`, which builds the network.
"""

import dataclasses
import json
import os
import pathlib
import re

import numpy as np
import safetensors
import safetensors.numpy

from srcnn_tf.files import atomic_files, matlab_files, urls
from srcnn_tf.networks.architecture import ARCHITECTURES, weight_names

FORMAT_VERSION = 1
SUFFIX = ".safetensors"
_METADATA_KEY = "srcnn_tf"


class WeightsError(Exception):
    """A weight file cannot be used; the message names the file and the cure."""


@dataclasses.dataclass(frozen=True)
class WeightsInfo:
    """What a weight file says of itself.

    Attributes:
      network: a name of `srcnn_tf.networks.architecture.ARCHITECTURES`.
      scale: the enlargement that it was trained for.
      training_data: the dataset, and what was held out of it.
      steps: training steps behind the weights.
      channel: what it works on: `Y`, BT.601's luminance.
      scores: mean scores by dataset, such as `{"validation": {"psnr": 33.1}}`, in dB.
      provenance: how it was made: command, configuration, device, precision, versions, date.
      version: of the file format.
    """

    network: str
    scale: int
    training_data: str
    steps: int
    channel: str = "Y"
    scores: dict = dataclasses.field(default_factory=dict)
    provenance: dict = dataclasses.field(default_factory=dict)
    version: int = FORMAT_VERSION


def save_weights(path: str | os.PathLike, arrays: dict[str, np.ndarray], info: WeightsInfo) -> None:
    """Writes `Srcnn.get_arrays()` and their description, whole or not at all.

    Raises:
      OSError: it cannot be written; the file of that name, if there was one, is as it was.
    """
    metadata = {_METADATA_KEY: json.dumps(dataclasses.asdict(info))}
    arrays = {name: np.ascontiguousarray(array, np.float32) for name, array in arrays.items()}
    # Not by `save_file`, which reports a full disk by an error of its own.
    atomic_files.write_bytes(path, safetensors.numpy.save(arrays, metadata))


def read_weights(
    path: str | os.PathLike, scale: int | None = None
) -> tuple[dict[str, np.ndarray], WeightsInfo]:
    """Reads a weight file, ours or a `.mat` file of the authors.

    Args:
      path: a `.safetensors` file of `save_weights`, or a MATLAB 5 file as the authors published.
      scale: only for a `.mat` file, which does not say; if None it is taken from a name such as
        `x3.mat`.

    Returns:
      The float32 arrays, named and shaped as the network wants them, and their description.

    Raises:
      WeightsError: the file is missing, damaged, of a newer format or not a network of ours.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise WeightsError(urls.problem(path) or f"There is no weight file {path}; check the name.")
    if path.suffix == ".mat":
        return _read_authors_filters(path, scale)
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            text = (file.metadata() or {}).get(_METADATA_KEY)
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (
        safetensors.SafetensorError,
        OSError,
        AttributeError,
        TypeError,
        ValueError,
    ) as error:  # AttributeError: a number format that NumPy does not have.
        raise WeightsError(
            f"{path} is not a readable weight file ({error}); copy or train it again."
        ) from error
    info = _parse_info(path, text)
    _check_arrays(path, arrays, info.network)
    return arrays, info


def load_weights(path: str | os.PathLike, scale: int | None = None, precision: str = "float32"):
    """Reads a weight file and returns its network, ready to call, with `.info` filled.

    Args and errors are those of `read_weights`; `precision` is that of `create_network`.
    """
    arrays, info = read_weights(path, scale)
    from srcnn_tf.engines import keras_model  # TensorFlow is loaded here and not before.

    network = keras_model.create_network(info.network, precision)
    network.set_arrays(arrays)
    network.info = info
    return network


def _parse_info(path, text):
    if text is None:
        raise WeightsError(
            f"{path} holds arrays but no description of a network; only files that srcnn_tf wrote "
            "describe themselves."
        )
    try:
        fields = json.loads(text)
        version = fields["version"]
        if not isinstance(version, int) or version < 1:
            raise ValueError(f"version {version!r}")
        if version > FORMAT_VERSION:
            raise WeightsError(
                f"{path} is of format {version} and this srcnn_tf reads up to {FORMAT_VERSION}; "
                "install a newer srcnn_tf."
            )
        known = {field.name for field in dataclasses.fields(WeightsInfo)}
        info = WeightsInfo(**{key: value for key, value in fields.items() if key in known})
        if not (isinstance(info.scale, int) and info.scale >= 1):
            raise ValueError(f"scale {info.scale!r}")
        if not isinstance(info.network, str):
            raise ValueError(f"network {info.network!r}")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise WeightsError(
            f"The description in {path} is damaged ({error}); copy or train it again."
        ) from error
    if info.network not in ARCHITECTURES:
        raise WeightsError(
            f"{path} holds a network {info.network!r}, which this srcnn_tf does not have; "
            "install a newer srcnn_tf."
        )
    return info


def _check_arrays(path, arrays, network):
    shapes = ARCHITECTURES[network].kernel_shapes
    expected = {}
    for layer, shape in enumerate(shapes, start=1):
        expected[f"conv{layer}/kernel"], expected[f"conv{layer}/bias"] = shape, shape[3:]
    found = {name: array.shape for name, array in arrays.items()}
    if found != expected or any(array.dtype != np.float32 for array in arrays.values()):
        raise WeightsError(
            f"The arrays in {path} are not those of {network}; copy or train it again."
        )
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise WeightsError(f"The weights in {path} are not all finite numbers; train them again.")


def _read_authors_filters(path, scale):
    """Reads the authors' `weights_conv*` and `biases_conv*`; filters are stored column-major."""
    if scale is None:
        match = re.fullmatch(r"x(\d)", path.stem)
        if not match:
            raise WeightsError(
                f"{path} does not say for which scale it is; name it like x3.mat or give the scale."
            )
        scale = int(match[1])
    names = [f"{kind}_conv{layer}" for layer in (1, 2, 3) for kind in ("weights", "biases")]
    try:
        content = matlab_files.read_arrays(path, names)
        filters = [np.asarray(content[f"weights_conv{layer}"], np.float32) for layer in (1, 2, 3)]
        biases = [np.asarray(content[f"biases_conv{layer}"], np.float32) for layer in (1, 2, 3)]
        first, middle, last = filters
        stacked = (first[None], middle, last[..., None])  # (inputs, rows * columns, filters) each
        arrays = {}
        for layer, (kernels, bias) in enumerate(zip(stacked, biases, strict=True), start=1):
            inputs, area, count = kernels.shape
            side = round(area**0.5)
            kernels = kernels.reshape(inputs, side, side, count)
            arrays[f"conv{layer}/kernel"] = np.ascontiguousarray(kernels.transpose(2, 1, 0, 3))
            arrays[f"conv{layer}/bias"] = bias.reshape(count)
    except (matlab_files.MatlabFileError, OSError, KeyError, ValueError) as error:
        raise WeightsError(
            f"{path} is not a filter file of the SRCNN authors ({error}); copy it again."
        ) from error
    sides = "-".join(str(arrays[name].shape[0]) for name in weight_names(3)[::2])
    if f"srcnn-{sides}" not in ARCHITECTURES:
        raise WeightsError(f"{path} holds a {sides} network, which srcnn_tf does not have.")
    info = WeightsInfo(
        network=f"srcnn-{sides}",
        scale=scale,
        training_data=f"the authors' ({path.parent.name})",
        steps=0,
        provenance={"source": "filters published by the authors of arXiv:1501.00092"},
    )
    _check_arrays(path, arrays, info.network)
    return arrays, info
