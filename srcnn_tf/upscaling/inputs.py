"""All that a command line names: files, folders, patterns that no shell has expanded, `-`."""

import glob
import os
import pathlib
import sys
from collections.abc import Sequence

from srcnn_tf.files.image_files import ImageFileError, check_length, missing
from srcnn_tf.files.picture_kinds import is_film, is_picture, reads_films
from srcnn_tf.files.picture_source import Memory, extension_of
from srcnn_tf.files.picture_writing import FORMATS
from srcnn_tf.upscaling.plan import (
    Job,
    LeftOut,
    Plan,
    Wanted,
    check_name,
    in_folder,
    make_jobs,
    plan,
    result_name,
)

STANDARD = "-"


def plan_all(
    sources: Sequence[str],
    output: str | None = None,
    *,
    suffix: str = "_x2",
    extension: str = "auto",
    recursive: bool = False,
) -> Plan:
    """Lists the work on everything that is named, in that order; each picture once.

    One file or folder is planned as `plan` does. Of several, a folder's results go to a folder of
    its name below `output`, and what is missing is a job with a problem, which stops no other. A
    picture that is another's result, as `*.jpg` names them at the second time, is left out.

    Args:
      sources: files, folders, patterns such as `*.jpg` or `photos/**/*.png`; or `-` alone, for a
        picture on standard input.
      output: as of `plan`; for several a folder; `-` for standard output, where the result of `-`
        goes by default.
      suffix: as of `plan`.
      extension: as of `plan`.
      recursive: as of `plan`.

    Raises:
      ImageFileError: there is nothing to do, or what would be written is unclear; one sentence.
    """
    if "" in sources or output == "":
        raise ImageFileError("An empty name is no file or folder; write . for the folder here.")
    if output:
        check_length(pathlib.Path(output))
    if STANDARD in sources:
        if len(sources) > 1:
            raise ImageFileError("- is a picture on standard input; name it alone.")
        return Plan([_from_standard_input(output, suffix, extension)])
    if output == STANDARD:
        return Plan([_to_standard_output(sources, extension)])
    if len(sources) == 1 and not _is_pattern(sources[0]):
        return plan(sources[0], output, suffix=suffix, extension=extension, recursive=recursive)
    folder = pathlib.Path(output) if output is not None else None
    found, left_out, problems = _expanded(sources, folder, suffix, recursive)
    jobs = make_jobs(found, suffix, extension)
    jobs, results = _without_results(jobs)
    left_out.named_so += results
    words = left_out.in_words(suffix)
    if len(jobs) == 1 and not problems and folder and folder.suffix and not folder.is_dir():
        return Plan(plan(jobs[0].source, folder).jobs, words)
    if folder and not folder.is_dir() and (folder.exists() or folder.suffix.lower() in FORMATS):
        raise ImageFileError(
            f"{folder} would be one file, and there are {len(jobs)} pictures; name a folder."
        )
    if not jobs and not problems:
        why = f" (not read: {words})" if words else ""
        raise ImageFileError(f"There is no picture to enlarge in {' '.join(sources)}{why}.")
    if not jobs and len(problems) == 1:
        raise ImageFileError(problems[0].problem)
    return Plan(problems + jobs, words)


def _expanded(sources, folder, suffix, recursive) -> tuple[list[Wanted], LeftOut, list[Job]]:
    """Finds the pictures, what is left out, and the jobs that have a problem."""
    found: dict[pathlib.Path, Wanted] = {}
    left_out, problems = LeftOut(), []
    for source in sources:
        expanded = _is_pattern(source)
        # `Path.glob` takes no absolute patterns.
        paths = sorted(glob.glob(source, recursive=True)) if expanded else [source]  # noqa: PTH207
        if not paths:
            problem = f"no file matches {source}; check the pattern, or quote it."
            problems.append(Job(pathlib.Path(source), pathlib.Path(source), problem))
        for path in map(pathlib.Path, paths):
            wanted = [Wanted(path, folder if folder is not None else path.parent, path.name)]
            try:
                check_length(path)
            except ImageFileError as error:
                problems.append(Job(path, path, str(error)))
                continue
            if not path.exists():
                problems.append(Job(path, path, missing(path)))
                continue
            if path.is_dir():
                into = folder / path.resolve().name if folder is not None else None
                wanted, rest = in_folder(path, into, suffix, recursive)
                left_out += rest
            elif expanded and not (is_picture(path) or (is_film(path) and reads_films())):
                left_out.others.append(str(path))
                continue
            for each in wanted:
                found.setdefault(each.source.resolve(), each)
    return list(found.values()), left_out, problems


def _without_results(jobs: list[Job]) -> tuple[list[Job], int]:
    """Leaves out the pictures that are results of others among them; returns how many, too."""
    targets = {job.target.resolve() for job in jobs if not job.problem}
    kept = [job for job in jobs if job.source.resolve() not in targets]
    return kept, len(jobs) - len(kept)


def _is_pattern(source: str) -> bool:
    """Whether it is a pattern, and not a file whose name only looks like one."""
    return glob.has_magic(source) and not os.path.exists(source)  # noqa: PTH110


def _from_standard_input(output: str | None, suffix: str, extension: str) -> Job:
    if sys.stdin is None or sys.stdin.isatty():
        raise ImageFileError("- reads a picture from standard input, and there is none: < FILE.")
    source = Memory(sys.stdin.buffer.read(), "standard input")
    name = result_name(f"picture{extension_of(source)}", "", extension, source)
    if output is None or output == STANDARD:
        return Job(source, pathlib.Path(name), to_stdout=True)
    target = pathlib.Path(output)
    if target.is_dir() or not target.suffix:
        target = target / result_name(name, suffix, extension, source)
    check_name(target, extension, source)
    return Job(source, target)


def _to_standard_output(sources, extension: str) -> Job:
    source = pathlib.Path(sources[0])
    check_length(source)
    if len(sources) > 1 or source.is_dir() or _is_pattern(sources[0]):
        raise ImageFileError("-o - writes one picture to standard output; name one file.")
    if not source.exists():
        raise ImageFileError(missing(source))
    if is_film(source):
        raise ImageFileError(
            f"{source} is a film, and needs a file to be written to; name it by -o."
        )
    name = result_name(source.name, "", extension, source)
    return Job(source, pathlib.Path(name), to_stdout=True)
