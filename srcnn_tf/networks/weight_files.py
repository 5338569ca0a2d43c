"""Weight files that describe themselves: writing and reading a `Network`.

A file is in the safetensors format: plain arrays and text, which cannot run code. Its metadata
holds one JSON document, `WeightsInfo` and the architecture, so that loading needs the path and
nothing else: a network of a family that is not registered runs, too.
"""

import dataclasses
import json
import os
import pathlib

import numpy as np
import safetensors
import safetensors.numpy

from srcnn_tf.files import atomic_files, urls
from srcnn_tf.networks.architecture import Architecture
from srcnn_tf.networks.authors_filters import read_authors_filters
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.network import Network
from srcnn_tf.networks.weights_info import (
    FORMAT_VERSION,
    WeightsError,
    WeightsInfo,
    check_description,
    checked_network,
)

SUFFIX = ".safetensors"
_METADATA_KEY = "srcnn_tf"


def write_network(path: str | os.PathLike, network: Network) -> None:
    """Writes a network, whole or not at all.

    Args:
      path: of the file; its ending should be `.safetensors`.
      network: with `info`; its version is set to that of the format.

    Raises:
      ValueError: the network has no `info`, or is called otherwise there.
      OSError: it cannot be written; the file of that name, if there was one, is as it was.
    """
    if network.info is None:
        raise ValueError(f"{path} cannot say what it is: the network has no info.")
    if network.info.network != network.name:
        raise ValueError(f"The network is a {network.name}, and its info says another name.")
    description = {
        **dataclasses.asdict(network.info),
        "version": FORMAT_VERSION,
        "architecture": network.architecture.to_json(),
    }
    metadata = {_METADATA_KEY: json.dumps(description)}
    # Not by `save_file`, which reports a full disk by an error of its own.
    atomic_files.write_bytes(path, safetensors.numpy.save(dict(network.arrays), metadata))


def save_weights(path: str | os.PathLike, arrays: dict[str, np.ndarray], info: WeightsInfo) -> None:
    """Writes arrays of a network of a registered family; see `write_network`.

    Raises:
      ValueError: there is no network of the name that `info` gives, or the arrays are another's.
      OSError: as `write_network` does.
    """
    built = find_architecture(info.network, info.scale)
    write_network(path, Network(built, arrays, info))


def read_network(path: str | os.PathLike, scale: int | None = None) -> Network:
    """Reads a weight file, ours or a `.mat` file of the SRCNN authors.

    Args:
      path: a `.safetensors` file of `write_network`, or a MATLAB 5 file as the authors published.
      scale: only for a `.mat` file, which does not say; if None it is taken from a name such as
        `x3.mat`.

    Returns:
      The network, with `info`.

    Raises:
      WeightsError: the file is missing, damaged, of a newer format or not a network of ours.
    """
    path = pathlib.Path(path)
    if path.suffix == ".mat" and path.is_file():
        return read_authors_filters(path, scale)
    text, arrays = _read(path, with_arrays=True)
    built, info = _parse_description(path, text)
    return checked_network(path, built, arrays, info)


def read_description(path: str | os.PathLike) -> tuple[Architecture, WeightsInfo]:
    """Returns what a `.safetensors` file says of itself, without reading its arrays.

    Raises:
      WeightsError: as `read_network` does, but for the arrays, which are not looked at.
    """
    path = pathlib.Path(path)
    return _parse_description(path, _read(path, with_arrays=False)[0])


def _read(path, with_arrays) -> tuple[str | None, dict[str, np.ndarray]]:
    if not path.is_file():
        raise WeightsError(urls.problem(path) or f"There is no weight file {path}; check the name.")
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            text = (file.metadata() or {}).get(_METADATA_KEY)
            names = file.keys() if with_arrays else ()
            return text, {name: file.get_tensor(name) for name in names}
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


def read_weights(
    path: str | os.PathLike, scale: int | None = None
) -> tuple[dict[str, np.ndarray], WeightsInfo]:
    """Returns the arrays and the description of a weight file; see `read_network`."""
    network = read_network(path, scale)
    assert network.info is not None  # Every file has one.
    return dict(network.arrays), network.info


def _parse_description(path, text) -> tuple[Architecture, WeightsInfo]:
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
        check_description(info)
        if version == 1:
            return _architecture_of_version_1(path, info), info
        built = Architecture.from_json(fields["architecture"])
        if built.name != info.network:
            raise ValueError(f"a {built.name} called {info.network}")
        if built.upscale not in (1, info.scale):
            raise ValueError(f"a network that enlarges by {built.upscale}, for x{info.scale}")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise WeightsError(
            f"The description in {path} is damaged ({error}); copy or train it again."
        ) from error
    return built, info


def _architecture_of_version_1(path, info):
    try:
        return find_architecture(info.network, info.scale)
    except ValueError:
        raise WeightsError(
            f"{path} holds a network {info.network!r}, which this srcnn_tf does not have; "
            "install a newer srcnn_tf."
        ) from None
