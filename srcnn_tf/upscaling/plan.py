"""Which files `bin/upscale` reads, and what it writes for each."""

import dataclasses
import os
import pathlib

from srcnn_tf.files.image_files import ImageFileError, find_images
from srcnn_tf.files.picture_writing import FORMATS, format_of


@dataclasses.dataclass(frozen=True)
class Job:
    """One picture to read and one to write."""

    source: pathlib.Path
    target: pathlib.Path


def plan(
    source: str | os.PathLike,
    output: str | os.PathLike | None = None,
    *,
    suffix: str = "_x2",
    extension: str = "auto",
    recursive: bool = False,
) -> list[Job]:
    """Lists the work on a file or a folder, in the order of names.

    Args:
      source: a picture or a folder.
      output: for a picture, the file to write or a folder for it (the picture's own by default);
        for a folder, the folder that its tree is rebuilt in, by default beside it with the suffix.
      suffix: stands between the name and the extension, unless `output` is the file itself.
      extension: `auto` keeps the input's where it can be written and else takes `png`; or the one
        that all results get.
      recursive: whether folders below the folder are meant too.

    Raises:
      ImageFileError: there is nothing to do, or what would be written is unclear; one sentence.
    """
    source = pathlib.Path(source)
    output = pathlib.Path(output) if output is not None else None
    if not source.exists():
        raise ImageFileError(f"{source} does not exist; check the name.")
    if not source.is_dir():
        if output is not None and not output.is_dir() and output.suffix:
            format_of(output)
            jobs = [Job(source, output)]
        else:
            folder = output if output is not None else source.parent
            jobs = [Job(source, folder / _name(source.name, suffix, extension))]
    else:
        jobs = _plan_folder(source, output, suffix, extension, recursive)
    for job in jobs:
        if job.target.exists() and job.target.samefile(job.source):
            raise ImageFileError(
                f"{job.source} would be replaced by its own enlargement; choose another --suffix "
                "or output."
            )
    return jobs


def _plan_folder(source, output, suffix, extension, recursive) -> list[Job]:
    if output is None:
        resolved = source.resolve()
        output = resolved.with_name(resolved.name + suffix)
    if output.exists() and not output.is_dir():
        raise ImageFileError(f"{output} is a file, and the results of a folder need a folder.")
    inside = output.resolve().is_relative_to(source.resolve())
    same = output.resolve() == source.resolve()
    jobs, owners = [], {}
    for name in find_images(source):
        path = source / name
        if not recursive and "/" in name:
            continue
        # What an earlier call wrote is not to be enlarged again.
        if same and path.stem.endswith(suffix):
            continue
        if inside and not same and path.resolve().is_relative_to(output.resolve()):
            continue
        target = output / _name(name, suffix, extension)
        if target in owners:
            raise ImageFileError(
                f"{owners[target]} and {path} would both become {target}; use --ext=auto or rename "
                "one of them."
            )
        owners[target] = path
        jobs.append(Job(path, target))
    if not jobs:
        below = "" if recursive else " itself (folders below it are read with --recursive)"
        raise ImageFileError(f"There is no picture in {source}{below}; choose another folder.")
    return jobs


def _name(name: str, suffix: str, extension: str) -> str:
    path = pathlib.PurePath(name)
    if extension != "auto":
        ending = f".{extension}"
    else:
        ending = path.suffix if path.suffix.lower() in FORMATS else ".png"
    return str(path.with_name(f"{path.stem}{suffix}{ending}"))
