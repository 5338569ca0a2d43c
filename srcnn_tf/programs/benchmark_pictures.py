"""What bin/benchmark scores: datasets by name, folders of pictures, results of other programs."""

import dataclasses
import pathlib
import re

from absl import flags

from srcnn_tf.data import catalog

RESULTS = flags.DEFINE_multi_string(
    "results",
    [],
    "A folder of pictures that another program restored, or NAME=FOLDER, to score beside ours; "
    "repeat it for several. Files are matched by name, such as baby_x3.png for baby.bmp.",
)
LR_DIR = flags.DEFINE_string(
    "lr_dir",
    None,
    "A folder of small pictures of your own, matched by name, which networks start from instead of "
    "MATLAB's; with one dataset.",
)
CSV = flags.DEFINE_string("csv", None, "Also write the scores of every picture to this CSV file.")
NAMES = ("results", "lr_dir", "csv")


@dataclasses.dataclass(frozen=True)
class Source:
    """Pictures to score: a dataset of the catalog, or a folder.

    Attributes:
      name: what tables call it.
      folder: where its pictures are; None for a dataset.
    """

    name: str
    folder: pathlib.Path | None = None


def sources(arguments: list[str]) -> list[Source]:
    """Returns what `--datasets` names: datasets of the catalog, `FOLDER` or `NAME=FOLDER`.

    Raises:
      ValueError: there is no such dataset or folder, or one name stands twice.
    """
    found = [_source(argument) for argument in arguments]
    datasets = [each.name for each in found if each.folder is None]
    if datasets or not found:
        catalog.chosen(datasets, "benchmark")
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"Two of --datasets are called {name}; name one as NAME=FOLDER.")
    if LR_DIR.value is not None:
        if len(found) > 1:
            raise ValueError("--lr_dir holds the small pictures of one dataset; name one only.")
        _folder(LR_DIR.value, "lr_dir")
    return found


def results() -> list[tuple[str, pathlib.Path]]:
    """Returns label and folder of each `--results`.

    Raises:
      ValueError: a folder does not exist, or a label stands twice.
    """
    found = []
    for argument in RESULTS.value:
        name, path = _split(argument)
        found.append((name, _folder(path, "results")))
    labels = [label for label, _ in found]
    for label in labels:
        if labels.count(label) > 1:
            raise ValueError(f"Two of --results are called {label}; name one as NAME=FOLDER.")
    return found


def _source(argument: str) -> Source:
    if argument in catalog.DATASETS:
        return Source(argument)
    name, path = _split(argument)
    if not pathlib.Path(path).expanduser().is_dir():
        raise ValueError(
            f"{catalog.DATASETS.describe_unknown(argument)} Nor is it a folder of pictures."
        )
    # A folder is not taken for the published dataset of its name.
    label = f"{name} (folder)" if name in catalog.DATASETS else name
    return Source(label, pathlib.Path(path).expanduser())


def _split(argument: str) -> tuple[str, str]:
    name, equals, path = argument.partition("=")
    if equals and name and path and not pathlib.Path(argument).is_dir():
        return re.sub(r"\s+", " ", name), path
    return pathlib.Path(argument).expanduser().resolve().name, argument


def _folder(path: str, flag: str) -> pathlib.Path:
    folder = pathlib.Path(path).expanduser()
    if not folder.is_dir():
        raise ValueError(f"--{flag}={path} is no folder; name one that holds pictures.")
    return folder


def small_pictures() -> pathlib.Path:
    """Returns the folder that `--lr_dir` names."""
    return _folder(LR_DIR.value, "lr_dir")
