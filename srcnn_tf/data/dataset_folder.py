"""What a dataset is: a folder that `tfds build` takes, described by its `dataset.toml`."""

import dataclasses
import os
import pathlib
import re
import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

Source = Literal["urls", "tfds", "folder", "package", "user"]
Role = Literal["training", "benchmark"]
DESCRIPTION = "dataset.toml"


class DatasetFolderError(ValueError):
    """A folder does not describe a dataset; one sentence that names the file and a hint."""


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """A dataset, as its folder describes it. Nothing here needs TensorFlow or TFDS.

    Attributes:
      name: what flags and TFDS call it: the name of its folder.
      folder: where it is described, absolute.
      title: how tables write it.
      description: a few words for a list of datasets.
      source: where its pictures come from. `urls`: the files of `checksums.tsv`, pictures or
        archives, from the user's folder or downloaded. `tfds`: likewise, but it is a dataset of
        TFDS that lists them. `folder`: its own `pictures/`. `package`: an installed package.
        `user`: whatever folder the user names.
      splits: how many pictures each split has; none of them if that depends on the user.
      roles: what it is for, and the split that serves: a `training` set, a `benchmark`.
      homepage: where it was published, or None.
      mirror: a second URL that holds the files of `checksums.tsv` under the same names, or None.
      members: where the files are archives: a pattern of the pictures' paths in them, such as
        `BSD100/*.png`; None for all pictures.
    """

    name: str
    folder: pathlib.Path
    title: str
    description: str
    source: Source
    splits: Mapping[str, int]
    roles: Mapping[Role, str]
    homepage: str | None = None
    mirror: str | None = None
    members: str | None = None

    @property
    def downloaded(self) -> bool:
        """Whether its files are published, so that they are downloaded where they are missing."""
        return self.source in ("urls", "tfds")

    def pictures(self, role: Role) -> int | None:
        """Returns how many pictures it has for a role; None if that is not known."""
        return self.splits.get(self.roles[role])


def read_dataset(folder: str | os.PathLike) -> Dataset:
    """Reads a dataset's description.

    Raises:
      DatasetFolderError: there is none, or it is not as `Dataset` says.
    """
    folder = pathlib.Path(folder).expanduser().absolute()
    path = folder / DESCRIPTION
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DatasetFolderError(
            f"{folder} is not a dataset's folder: it has no {DESCRIPTION}; see CONTRIBUTING."
        ) from None
    except (OSError, ValueError) as error:
        raise DatasetFolderError(f"{path} cannot be read ({error}); correct it.") from error
    problem = _problem_with_fields(fields)
    if not _is_plain(folder.name):
        problem = f"the folder's name {folder.name!r} must be lower-case letters, digits and _"
    if problem is not None:
        raise DatasetFolderError(f"{path}: {problem}.")
    for key in ("splits", "roles"):
        fields[key] = MappingProxyType(fields[key])
    return Dataset(name=folder.name, folder=folder, **fields)


def _is_plain(name) -> bool:
    """Whether a name can be part of module names, of flags and of TFDS's files."""
    return re.fullmatch(r"[a-z][a-z0-9_]*", name) is not None


def _problem_with_fields(fields) -> str | None:
    """Returns what is wrong with a description, in words, or None if nothing is."""
    required = {
        field.name: field.default is dataclasses.MISSING
        for field in dataclasses.fields(Dataset)
        if field.name not in ("name", "folder")
    }
    for key in fields:
        if key not in required:
            return f"{key!r} is not known; there is: {', '.join(required)}"
    for key in required:
        if required[key] and key not in fields:
            return f"{key!r} is missing"
        wanted = dict if key in ("splits", "roles") else str
        if key in fields and not isinstance(fields[key], wanted):
            return f"{key!r} must be a {'table' if wanted is dict else 'text'}"
    if fields["source"] not in get_args(Source):
        return f"source must be one of {', '.join(get_args(Source))}"
    return _problem_with_splits(**fields)


def _problem_with_splits(source, splits, roles, **_) -> str | None:
    if not all(map(_is_plain, splits)) or "all" in splits:
        return "a split's name must be lower-case letters, digits and _, and not 'all'"
    if any(type(count) is not int or count < 1 for count in splits.values()):
        return "splits must say how many pictures each has"
    if source in ("urls", "folder") and len(splits) != 1:
        return f"with source = {source!r} there is exactly one split"
    if not roles or not set(roles) <= set(get_args(Role)):
        return f"roles must be some of {', '.join(get_args(Role))}, each with its split"
    if not all(isinstance(split, str) for split in roles.values()):
        return "roles must name a split each"
    if splits and not set(roles.values()) <= set(splits):
        return f"roles must name one of the splits: {', '.join(splits)}"
    return None
