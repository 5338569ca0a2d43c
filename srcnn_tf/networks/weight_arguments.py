"""Which weight files a user means by a file, a run's folder or a folder of several scales."""

import dataclasses
import pathlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from srcnn_tf.networks.network import Network
from srcnn_tf.networks.pretrained_list import PretrainedNetwork, list_pretrained
from srcnn_tf.networks.weight_files import SUFFIX, WeightsError, read_network

ALL = "all"
# A run writes both; the best by its validation pictures is what it is judged by.
_RUN_FILES = (f"best{SUFFIX}", f"last{SUFFIX}")


class LoadedFile(NamedTuple):
    """One weight file, read."""

    path: pathlib.Path
    network: Network


@dataclasses.dataclass(frozen=True)
class Contender:
    """One column of a benchmark: a network and its weights for each scale that it has."""

    label: str
    files: Mapping[int, LoadedFile]


def pretrained_contenders(names: Sequence[str] = (ALL,)) -> list[Contender]:
    """Reads networks that come with the package, without TensorFlow.

    Args:
      names: such as `slim-10x16`; or `all`, the cheapest first.

    Returns:
      One for each name, with all scales that it has.

    Raises:
      WeightsError: the package has no network of such a name; the message lists what it has.
    """
    listed: dict[str, list[PretrainedNetwork]] = {}
    for each in list_pretrained():
        listed.setdefault(each.name, []).append(each)
    cost = {name: min(each.multiply_adds for each in listed[name]) for name in listed}
    known = sorted(listed, key=lambda name: (cost[name], name))
    unknown = [name for name in names if name not in {*known, ALL}]
    if unknown or not names:
        raise WeightsError(
            f"No network {', '.join(unknown) or 'without a name'} comes with srcnn_tf; there is: "
            f"{', '.join(known) or 'none'}, or {ALL}."
        )
    return [
        Contender(
            name,
            {each.scale: LoadedFile(each.path, read_network(each.path)) for each in listed[name]},
        )
        for name in (known if ALL in names else dict.fromkeys(names))
    ]


def read_contenders(arguments: Sequence[str], before: Sequence[Contender] = ()) -> list[Contender]:
    """Reads the weights that a user names, without TensorFlow.

    Args:
      arguments: each a `.safetensors` file, an authors' file such as `x3.mat`, or a folder, which
        may be a training run (it holds `best.safetensors` or `last.safetensors`; the first is
        taken), hold several weight files, or hold folders `x2`, `x3`, `x4` of these two kinds.
        `NAME=PATH` gives the column a name; otherwise it is the folder's (a file named `best`,
        `last` or by its scale alone takes its folder's name, other files their own).
      before: contenders that these follow.

    Returns:
      A contender for each argument and network in it, in order. Those of one name, one network and
      different scales are joined, so that three files or runs make one column of three scales.

    Raises:
      WeightsError: a path holds no weights, two files are for the same scale, or one is unusable.
    """
    contenders = {contender.label: contender for contender in before}
    for argument in arguments:
        try:
            label, path = _split_label(argument)
            found = _files(path)
        except OSError as error:  # Such as a name that is too long.
            raise WeightsError(f"{argument} cannot be read ({error.strerror}).") from error
        groups: dict[str, list[LoadedFile]] = {}
        for file in found:
            loaded = LoadedFile(file, read_network(file))
            groups.setdefault(loaded.network.name, []).append(loaded)
        for network, files in groups.items():
            name = (label or _default_label(path)) + (f" {network}" if len(groups) > 1 else "")
            _add(contenders, name, argument, _by_scale(files))
    return list(contenders.values())


def _split_label(argument: str) -> tuple[str | None, pathlib.Path]:
    if not argument:
        raise WeightsError("An empty name is no weight file and no folder; name one.")
    label, equals, path = argument.partition("=")
    if equals and not pathlib.Path(argument).expanduser().exists():
        if not label or not path:
            raise WeightsError(f"{argument!r} names no weights; write NAME=PATH or a path.")
        return label, pathlib.Path(path).expanduser()
    return None, pathlib.Path(argument).expanduser()


def _files(path: pathlib.Path) -> list[pathlib.Path]:
    if not path.is_dir():
        return [path]  # Reading it says what is wrong with it.
    files = _files_of_folder(path)
    if not files:
        for folder in sorted(path.glob("x[0-9]")):
            files += _files_of_folder(folder)
    if not files:
        raise WeightsError(
            f"The folder {path} holds no weights: no *{SUFFIX}, no x3.mat, and none in folders "
            "x2, x3, x4; name a folder that bin/train wrote, or a weight file."
        )
    return files


def _files_of_folder(folder: pathlib.Path) -> list[pathlib.Path]:
    for name in _RUN_FILES:
        if (folder / name).is_file():
            return [folder / name]
    return sorted([*folder.glob(f"[!.]*{SUFFIX}"), *folder.glob("x[0-9].mat")])


def _default_label(path: pathlib.Path) -> str:
    path = path.resolve()
    if not path.is_dir():
        if path.name not in _RUN_FILES and not re.fullmatch(r"x\d", path.stem):
            return path.stem
        path = path.parent
    return path.parent.name if re.fullmatch(r"x\d", path.name) else path.name


def _by_scale(files: Iterable[LoadedFile]) -> dict[int, LoadedFile]:
    by_scale: dict[int, LoadedFile] = {}
    for file in files:
        scale = file.network.scale
        assert scale is not None  # Every file says it.
        other = by_scale.setdefault(scale, file)
        if other is not file:
            raise WeightsError(
                f"{other.path} and {file.path} are both {file.network.name} for scale "
                f"{scale}; name one of them."
            )
    return dict(sorted(by_scale.items()))


def _add(contenders, name, argument, files) -> None:
    """Joins files to the contender of that name, or makes one under a name of its own."""
    known = contenders.get(name)
    if known is not None:
        networks = {file.network.name for file in (*known.files.values(), *files.values())}
        if len(networks) == 1 and not set(known.files) & set(files):
            joined = dict(sorted({**known.files, **files}.items()))
            contenders[name] = Contender(name, joined)
            return
        name = f"{name} ({argument})"
        if name in contenders:
            raise WeightsError(f"The weights {argument} are given twice; give them once.")
    contenders[name] = Contender(name, files)
