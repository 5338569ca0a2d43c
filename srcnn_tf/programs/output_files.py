"""`check_outputs`: what a program writes replaces none of its inputs, and no weight file."""

import os
import pathlib
from collections.abc import Iterable

from srcnn_tf.files.picture_kinds import is_picture
from srcnn_tf.networks.weight_files import SUFFIX

_WEIGHTS = (SUFFIX, ".mat")
# What a run's folder holds for programs.
_RECORDS = ("config.json", "metrics.jsonl", "train.log")


def check_outputs(
    outputs: Iterable[str | os.PathLike | None], inputs: Iterable[str | os.PathLike] = ()
) -> None:
    """Checks the files that are to be written, before anything is computed.

    Args:
      outputs: their names; None is passed over.
      inputs: files that are read, and folders, of which the pictures, the weight files and a run's
        records are meant.

    Raises:
      ValueError: one is an input or an existing weight file, by whatever name, or two are one file.
    """
    sources = [pathlib.Path(each) for each in inputs]
    seen: dict[pathlib.Path, pathlib.Path] = {}
    for output in (pathlib.Path(each) for each in outputs if each is not None):
        place = output.resolve()
        if place in seen:
            raise ValueError(
                f"{output} would be written twice; give each output a name of its own."
            )
        seen[place] = output
        if not place.is_file():
            continue
        if place.suffix.lower() in _WEIGHTS:
            raise ValueError(f"{output} is a weight file and would be replaced; name another file.")
        if any(_reads(each, place) for each in sources):
            raise ValueError(
                f"{output} is read, and would be replaced; name another file to write."
            )


def _reads(source: pathlib.Path, place: pathlib.Path) -> bool:
    if source.is_file():
        return source.samefile(place)
    known = place.name in _RECORDS or is_picture(place)
    return known and source.is_dir() and source.resolve() in place.parents
