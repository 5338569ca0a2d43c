"""Which file of a folder belongs to which picture of a dataset, by the names that programs give."""

import pathlib
import re
from collections.abc import Iterable, Mapping, Sequence

from srcnn_tf.files.image_files import find_images

# What datasets append to originals, and results lack.
_OF_ORIGINALS = re.compile(r"[_-](gt|hr|original)$", re.IGNORECASE)
# What programs put in front of a name, and what they append: any words, set off by a sign.
_IN_FRONT = re.compile(r"^((x\d|\d+x|sr|out|output|result|bicubic)[_-])+", re.IGNORECASE)
_APPENDED = re.compile(r"(x\d)?([_-].*)?", re.IGNORECASE)
_SCALE = re.compile(r"x(\d)|(\d)x")


class MatchingError(Exception):
    """A folder does not hold one file for each picture; the message names the first that fail."""


def match_files(
    filenames: Sequence[str], folder: pathlib.Path, dataset: str, scale: int
) -> dict[str, pathlib.Path]:
    """Finds the file of every picture.

    A file belongs to a picture if its name, without extension, is the picture's, with a scale in
    front or words behind: `baby.png`, `x3_baby.png`, `baby_x3.png`, `baby_x3_SRCNN.png` for
    `baby.bmp` or `baby_GT.bmp`. Files of another scale are passed over, and a name that begins with
    two pictures' belongs to the longer.

    Args:
      filenames: of the pictures.
      folder: where the files are: in it, or in one named for the dataset, the scale (`x3`), or one
        in the other.
      dataset: its name in lower case.
      scale: the enlargement.

    Returns:
      Paths by the pictures' filenames; empty if the folder has a file for none of them.

    Raises:
      MatchingError: some pictures have no file, or one has several.
      ImageFileError: the folder is none.
    """
    place = _place(folder, dataset, scale)
    found: dict[str, list[pathlib.Path]] = {filename: [] for filename in filenames}
    stems = {filename: _stem(filename) for filename in filenames}
    for name in find_images(place):
        owner = _owner(pathlib.PurePath(name).stem, stems, scale)
        if owner is not None:
            found[owner].append(place / name)
    if not any(found.values()):
        return {}
    missing = [filename for filename, paths in found.items() if not paths]
    if missing:
        raise MatchingError(
            f"{place} has no picture for {_listed(missing)} of {dataset} x{scale}; add "
            f"{'it' if len(missing) == 1 else 'them'}, or name another folder."
        )
    chosen = {filename: _plainest(paths, stems[filename]) for filename, paths in found.items()}
    for filename, path in chosen.items():
        if path is None:
            several = _listed([each.name for each in found[filename]])
            raise MatchingError(
                f"{place} has several pictures for {filename}: {several}; leave one of them there."
            )
    return {filename: path for filename, path in chosen.items() if path is not None}


def _place(folder, dataset, scale):
    """The innermost folder that is named for dataset and scale."""
    for names in ((dataset, f"x{scale}"), (f"x{scale}", dataset), (dataset,), (f"x{scale}",)):
        place = folder
        for name in names:
            children = place.iterdir() if place is not None and place.is_dir() else ()
            place = next(
                (each for each in children if each.is_dir() and each.name.lower() == name), None
            )
        if place is not None:
            return place
    return folder


def _stem(filename):
    return _OF_ORIGINALS.sub("", pathlib.PurePath(filename).stem).lower()


def _owner(stem: str, stems: Mapping[str, str], scale: int) -> str | None:
    stem = stem.lower()
    rest = _IN_FRONT.sub("", stem)
    owners = [
        filename
        for filename, known in stems.items()
        if any(
            name.startswith(known) and _APPENDED.fullmatch(name[len(known) :])
            for name in {stem, rest}
        )
    ]
    if not owners:
        return None
    owner = max(owners, key=lambda filename: len(stems[filename]))
    around = stem.replace(stems[owner], "_", 1)
    words = filter(None, map(_SCALE.fullmatch, re.split(r"[^a-z0-9]+", around)))
    scales = {int(word[1] or word[2]) for word in words}
    return owner if scales <= {scale} else None


def _plainest(paths: list[pathlib.Path], stem: str) -> pathlib.Path | None:
    exact = [path for path in paths if _stem(path.name) == stem]
    for candidates in (paths, exact):
        if len(candidates) == 1:
            return candidates[0]
    return None


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
