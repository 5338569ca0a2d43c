"""The filters that the authors of SRCNN published, MATLAB files such as `x3.mat`, as networks."""

import pathlib
import re

import numpy as np

from srcnn_tf.files import matlab_files
from srcnn_tf.networks.families.srcnn import ARCHITECTURES
from srcnn_tf.networks.network import Network
from srcnn_tf.networks.weights_info import WeightsError, WeightsInfo, checked_network


def read_authors_filters(path: pathlib.Path, scale: int | None = None) -> Network:
    """Reads a file with `weights_conv1` to `weights_conv3`, stored column-major, and biases.

    Args:
      path: of the `.mat` file.
      scale: the enlargement; if None it is taken from a name such as `x3.mat`.

    Raises:
      WeightsError: it is not such a file, or does not say for which scale it is.
    """
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
    sides = "-".join(str(arrays[f"conv{layer}/kernel"].shape[0]) for layer in (1, 2, 3))
    name = f"srcnn-{sides}"
    if name not in ARCHITECTURES:
        raise WeightsError(f"{path} holds a {sides} network, which srcnn_tf does not have.")
    info = WeightsInfo(
        network=name,
        scale=scale,
        training_data=f"the authors' ({path.parent.name})",
        steps=0,
        provenance={"source": "filters published by the authors of arXiv:1501.00092"},
    )
    return checked_network(path, ARCHITECTURES[name], arrays, info)
