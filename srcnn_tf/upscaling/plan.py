"""Which files `bin/upscale` reads, and what it writes for each."""

import collections
import dataclasses
import os
import pathlib

from srcnn_tf.files import picture_kinds, urls
from srcnn_tf.files.image_files import ImageFileError, find_pictures_and_others
from srcnn_tf.files.picture_writing import FORMATS, format_of


@dataclasses.dataclass(frozen=True)
class Job:
    """One picture to read and one to write.

    Attributes:
      source: what is read.
      target: what is written.
      problem: why it cannot be done, in a sentence; empty if it can.
    """

    source: pathlib.Path
    target: pathlib.Path
    problem: str = ""


@dataclasses.dataclass(frozen=True)
class Plan:
    """The work on a file or a folder, and what of the folder is left out, in words."""

    jobs: list[Job]
    left_out: str = ""


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
        that all results get.
      recursive: whether folders below the folder are meant too.

    Raises:
      ImageFileError: there is nothing to do, what would be written is unclear, or pictures would be
        replaced by their own enlargements; one sentence.
    """
    source = pathlib.Path(source)
    output = pathlib.Path(output) if output is not None else None
    if not source.exists():
        raise ImageFileError(urls.problem(source) or f"{source} does not exist; check the name.")
    if not source.is_dir():
        if output is not None and not output.is_dir() and output.suffix:
            format_of(output)
            target = output
        else:
            folder = output if output is not None else source.parent
            target = folder / _name(source.name, suffix, extension)
        if _is_same(source, target):
            raise ImageFileError(
                f"{source} would be replaced by its own enlargement; choose another --suffix or "
                "output."
            )
        return Plan([Job(source, target)])
    return _plan_folder(source, output, suffix, extension, recursive)


def _plan_folder(source, output, suffix, extension, recursive) -> Plan:
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
    names, below, results = [], 0, 0
    for name in pictures:
        path = source / name
        if not recursive and "/" in name:
            below += 1
        # What an earlier call wrote is not to be enlarged again.
        elif (same and path.stem.endswith(suffix)) or (
            inside and not same and path.resolve().is_relative_to(output.resolve())
        ):
            results += 1
        else:
            names.append(name)
    others = [name for name in others if recursive or "/" not in name]
    left_out = _left_out_in_words(others, below, results, suffix if same else "")
    if not names:
        raise ImageFileError(
            f"There is no picture in {source} to enlarge"
            + (f" (not read: {left_out})" if left_out else "")
            + "; choose another folder."
        )
    return Plan(_jobs(source, output, names, suffix, extension), left_out)


def _jobs(source, output, names, suffix, extension) -> list[Job]:
    """Gives every picture a name of its own; what cannot have one gets a problem."""
    wanted = {name: _name(name, suffix, extension) for name in names}
    claims = collections.Counter(wanted.values())
    for name, target in wanted.items():
        ending = pathlib.PurePath(name).suffix
        if claims[target] > 1 and ending != pathlib.PurePath(target).suffix:
            wanted[name] = _name(name, f"_{ending.removeprefix('.')}{suffix}", extension)
    jobs, owners = [], {}
    for name, target in wanted.items():
        path, result = source / name, output / target
        problem = ""
        if target in owners:
            problem = f"{path} and {owners[target]} would both become {result}; rename one of them."
        elif _is_same(path, result):
            problem = f"{path} would be replaced by its own enlargement; rename it."
        owners.setdefault(target, path)
        jobs.append(Job(path, result, problem))
    return jobs


def _left_out_in_words(others, below, results, suffix) -> str:
    parts = [picture_kinds.in_words(others)] if others else []
    if below:
        parts.append(f"{below} in folders below (--recursive reads them)")
    if results:
        which = f"whose names end in {suffix}, as results do" if suffix else "among the results"
        parts.append(f"{results} {which}")
    return ", ".join(parts)


def _is_same(source: pathlib.Path, target: pathlib.Path) -> bool:
    try:
        return target.samefile(source)
    except OSError:  # It does not exist, or never could; writing it says why.
        return False


def _name(name: str, suffix: str, extension: str) -> str:
    path = pathlib.PurePath(name)
    if extension != "auto":
        ending = f".{extension}"
    else:
        ending = path.suffix if path.suffix.lower() in FORMATS else ".png"
    return str(path.with_name(f"{path.stem}{suffix}{ending}"))
