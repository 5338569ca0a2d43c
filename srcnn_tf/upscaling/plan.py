"""Which files `bin/upscale` reads, and what it writes for each."""

import collections
import dataclasses
import os
import pathlib
from collections.abc import Iterable

from srcnn_tf.files import picture_kinds
from srcnn_tf.files.image_files import (
    ImageFileError,
    check_length,
    find_pictures_and_others,
    missing,
)
from srcnn_tf.files.picture_source import Memory
from srcnn_tf.files.picture_writing import format_of
from srcnn_tf.upscaling.clips.clip import check_clip_name, ending

# The extension of pages that compare results; no picture's.
PAGE = "html"


@dataclasses.dataclass(frozen=True)
class Job:
    """One picture to read and one to write.

    Attributes:
      source: what is read.
      target: what is written.
      problem: why it cannot be done, in a sentence; empty if it can.
      to_stdout: whether the result goes to standard output; `target` then only names its format.
    """

    source: pathlib.Path | Memory
    target: pathlib.Path
    problem: str = ""
    to_stdout: bool = False


@dataclasses.dataclass(frozen=True)
class Plan:
    """The work on what was named, and what is left out of it, in words."""

    jobs: list[Job]
    left_out: str = ""


@dataclasses.dataclass
class LeftOut:
    """What is not enlarged of a folder, or of all that was named.

    Attributes:
      others: files that are no pictures.
      below: how many pictures are in folders below.
      results: how many are in the folder of the results.
      named_so: how many are told by their names to be results.
    """

    others: list[str] = dataclasses.field(default_factory=list)
    below: int = 0
    results: int = 0
    named_so: int = 0

    def __iadd__(self, other: "LeftOut") -> "LeftOut":
        self.others += other.others
        self.below += other.below
        self.results += other.results
        self.named_so += other.named_so
        return self

    def in_words(self, suffix: str) -> str:
        """Counts it by kind, and says what can be done about it; one line."""
        parts = [picture_kinds.in_words(self.others)] if self.others else []
        if self.below:
            parts.append(f"{self.below} in folders below (--recursive reads them)")
        if self.results:
            parts.append(f"{self.results} among the results")
        if self.named_so:
            parts.append(f"{self.named_so} whose names end in {suffix}, as results do")
        return ", ".join(parts)


@dataclasses.dataclass(frozen=True)
class Wanted:
    """A picture, the folder that its result goes to, and its name there but for suffix and kind."""

    source: pathlib.Path
    folder: pathlib.Path
    name: str


def plan(
    source: str | os.PathLike,
    output: str | os.PathLike | None = None,
    *,
    suffix: str = "_x2",
    extension: str = "auto",
    recursive: bool = False,
) -> Plan:
    """Lists the work on a file or a folder, in the order of names.

    Where several pictures of a folder would get one name, as `a.gif` and `a.dds` would, which both
    become PNG, the former extension stays in the name: `a_gif_x2.png`. The one whose extension
    stays as it is gets the plain name.

    Args:
      source: a picture or a folder.
      output: for a picture, the file to write or a folder for it (the picture's own by default);
        for a folder, the folder that its tree is rebuilt in, by default beside it with the suffix.
      suffix: stands between the name and the extension, unless `output` is the file itself.
      extension: `auto` keeps the input's where it can be written and else takes `png`; or the one
        that all results get, such as `webp`, or `PAGE`.
      recursive: whether folders below the folder are meant too.

    Raises:
      ImageFileError: there is nothing to do, what would be written is unclear, or pictures would be
        replaced by their own enlargements; one sentence.
    """
    source = pathlib.Path(source)
    output = pathlib.Path(output) if output is not None else None
    for path in filter(None, (source, output)):
        check_length(path)
    if not source.exists():
        raise ImageFileError(missing(source))
    if source.is_dir():
        wanted, left_out = in_folder(source, output, suffix, recursive)
        words = left_out.in_words(suffix)
        if not wanted:
            why = f" (not read: {words})" if words else ""
            raise ImageFileError(
                f"There is no picture in {source} to enlarge{why}; choose another folder."
            )
        return Plan(make_jobs(wanted, suffix, extension), words)
    if output is not None and not output.is_dir() and output.suffix:
        check_name(output, extension, source)
        target = output
    else:
        folder = output if output is not None else source.parent
        target = folder / result_name(source.name, suffix, extension, source)
    if _is_same(source, target):
        raise ImageFileError(
            f"{source} would be replaced by its own enlargement; choose another --suffix or output."
        )
    return Plan([Job(source, target)])


def in_folder(
    source: pathlib.Path, output: pathlib.Path | None, suffix: str, recursive: bool
) -> tuple[list[Wanted], LeftOut]:
    """Lists the pictures of a folder, and what is left out; arguments and errors as of `plan`."""
    if output is None:
        resolved = source.resolve()
        output = resolved.with_name(resolved.name + suffix)
    if output.exists() and not output.is_dir():
        raise ImageFileError(f"{output} is a file, and the results of a folder need a folder.")
    inside = output.resolve().is_relative_to(source.resolve())
    same = output.resolve() == source.resolve()
    if same and not suffix:
        raise ImageFileError(
            f"The pictures in {source} would be replaced by their own enlargements, and after a "
            "run that was stopped nothing would tell which of them are enlarged already; choose "
            "another --suffix or output."
        )
    pictures, others = find_pictures_and_others(source)
    if picture_kinds.reads_films_of(others):
        films = {name for name in others if picture_kinds.is_film(source / name)}
        pictures = sorted([*pictures, *films])
        others = [name for name in others if name not in films]
    wanted, left_out = [], LeftOut([name for name in others if recursive or "/" not in name])
    for name in pictures:
        path = source / name
        if not recursive and "/" in name:
            left_out.below += 1
        # What an earlier call wrote is not to be enlarged again.
        elif same and path.stem.endswith(suffix):
            left_out.named_so += 1
        elif inside and not same and path.resolve().is_relative_to(output.resolve()):
            left_out.results += 1
        else:
            wanted.append(Wanted(path, output, name))
    return wanted, left_out


def make_jobs(wanted: Iterable[Wanted], suffix: str, extension: str) -> list[Job]:
    """Gives every picture a name of its own; what cannot have one gets a problem."""
    wanted = list(wanted)
    targets = [
        each.folder / result_name(each.name, suffix, extension, each.source) for each in wanted
    ]
    claims = collections.Counter(targets)
    jobs: list[Job] = []
    owners: dict[pathlib.Path, pathlib.Path] = {}
    for each, result in zip(wanted, targets, strict=True):
        ending = pathlib.PurePath(each.name).suffix
        if claims[result] > 1 and ending != result.suffix:
            former = f"_{ending.removeprefix('.')}{suffix}"
            result = each.folder / result_name(each.name, former, extension, each.source)
        problem = ""
        if result in owners:
            problem = (
                f"{each.source} and {owners[result]} would both become {result}; rename one of "
                "them."
            )
        elif _is_same(each.source, result):
            problem = f"{each.source} would be replaced by its own enlargement; rename it."
        owners.setdefault(result, each.source)
        jobs.append(Job(each.source, result, problem))
    return jobs


def check_name(output: pathlib.Path, extension: str, source: pathlib.Path | Memory) -> None:
    """Raises ImageFileError if a file that is to be written has no name of its format."""
    if extension == PAGE:
        if output.suffix.lower() not in (".html", ".htm"):
            raise ImageFileError(f"{output} will be a page; end its name in .html.")
    elif not check_clip_name(output, source):
        format_of(output)


def result_name(
    name: str, suffix: str, extension: str, source: pathlib.Path | Memory | None = None
) -> str:
    """Returns the name of a result: with the suffix, and of the format to write.

    Args:
      name: what is read is called.
      suffix: as of `plan`.
      extension: as of `plan`.
      source: what is read, whose content tells an animated GIF; by default the name alone counts.
    """
    path = pathlib.PurePath(name)
    if extension == PAGE:
        return str(path.with_name(f"{path.stem}{suffix}.{PAGE}"))
    end = ending(pathlib.Path(name) if source is None else source, path.suffix, extension)
    return str(path.with_name(f"{path.stem}{suffix}{end}"))


def _is_same(source: pathlib.Path, target: pathlib.Path) -> bool:
    try:
        return target.samefile(source)
    except OSError:  # It does not exist, or never could; writing it says why.
        return False
