"""One picture of a batch: read, enlarged or restored, compared, written."""

import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from srcnn_tf.files import atomic_files
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.files.picture_files import read_picture
from srcnn_tf.files.picture_metadata import Metadata
from srcnn_tf.files.picture_writing import (
    DEFAULT_QUALITY,
    Canvas,
    check_size,
    picture_bytes,
    write_picture,
)
from srcnn_tf.upscaling import comparing
from srcnn_tf.upscaling.clips.clip import Clip, clip_of
from srcnn_tf.upscaling.clips.one_clip import ClipPlan, about, enlarge_clip, plan_clip, sound_of
from srcnn_tf.upscaling.clips.options import ClipOptions
from srcnn_tf.upscaling.enlargers import Enlargers
from srcnn_tf.upscaling.enlarging import Enlarger, Enlarging
from srcnn_tf.upscaling.memory_limit import check_memory
from srcnn_tf.upscaling.outcome import Outcome
from srcnn_tf.upscaling.plan import Job
from srcnn_tf.upscaling.restoring import restore
from srcnn_tf.upscaling.whole_pictures import enlarged_canvas


class Work(NamedTuple):
    """What is done with one picture.

    Attributes:
      job: what is read and written.
      enlarger: what enlarges.
      restore: as of `BatchOptions`.
      compare: as of `BatchOptions`; empty for no comparison.
      quality: as of `BatchOptions`.
      on_progress: is called with the number of pixels that are computed, and of all; of a clip's
        frames, and words about them.
      clips: as of `BatchOptions`.
    """

    job: Job
    enlarger: Enlarger | Enlargers
    restore: bool
    compare: bool | str
    quality: int | str
    on_progress: Callable[..., None]
    clips: ClipOptions = ClipOptions()

    @property
    def style(self) -> str:
        """How results are compared; empty if they are not."""
        return comparing.SIDES if self.compare is True else self.compare or ""


def make_result(work: Work) -> Outcome:
    """Makes one result and writes it.

    Raises:
      AlreadyThatSize: there is nothing to be done.
      ImageFileError: it cannot be read, enlarged or written.
    """
    clip = clip_of(work.job.source)
    if clip is not None:
        return _enlarge_clip(work, clip)
    return _restore(work) if work.restore else _enlarge(work)


def planned_clip(work: Work, clip: Clip) -> Outcome:
    """Returns what would be done to a clip; errors as of `make_result`."""
    steps = _plan_clip(work, clip)
    words, frames = ", ".join(about(steps, sound=sound_of(steps))), clip.frames
    return Outcome(
        "planned", "", "", size=clip.size, new_size=steps.size, steps=steps.steps,
        choice=steps.choice, clip=words, frames=frames,
    )  # fmt: skip


def _plan_clip(work: Work, clip: Clip) -> ClipPlan:
    for given, name in ((work.restore, "--restore"), (work.style, "--compare")):
        if given:
            raise ImageFileError(f"{work.job.source} is a clip, and {name} is for pictures.")
    if work.job.to_stdout:
        raise ImageFileError(f"{work.job.source} is a clip; name a file for it by -o.")
    return plan_clip(clip, work.job.target, work.enlarger, work.clips)


def _enlarge_clip(work: Work, clip: Clip) -> Outcome:
    steps = _plan_clip(work, clip)
    quality = work.quality if isinstance(work.quality, int) else DEFAULT_QUALITY

    def on_frame(done: int, rate: float) -> None:
        of = max(clip.frames, done)
        work.on_progress(done, of, f"{done} of {of} frames, {rate:.1f} a second")

    written = enlarge_clip(steps, quality, on_frame)
    return Outcome(
        "done", "", "", size=clip.size, new_size=steps.size, steps=steps.steps,
        choice=steps.choice, clip=", ".join(about(steps, *written)), frames=written[0],
    )  # fmt: skip


def _enlarge(work: Work) -> Outcome:
    job = work.job
    picture = read_picture(job.source)
    rows, columns, channels = picture.pixels.shape
    enlarger, why = work.enlarger, ""
    if isinstance(enlarger, Enlargers):
        enlarger, why = enlarger.chosen_for(picture)
    method, words = _method(enlarger, rows, columns)
    height, width = method.size_of(rows, columns)
    quality = work.quality
    if not isinstance(quality, int):
        quality = picture.jpeg or DEFAULT_QUALITY
        if picture.jpeg:
            words = ", ".join(filter(None, [words, f"JPEG quality {quality.quality} as before"]))
    style, dtype = work.style, picture.pixels.dtype
    across = 2 if style == comparing.SIDES else 1
    if style != comparing.HTML:
        check_size(job.target, width * across, height)
    methods = [method.bicubic(), method] if style else [method]
    count = _Counter(work, height * width * (1 if style == comparing.SPLIT else len(methods)))
    metadata = picture.metadata
    if not style:
        canvas = enlarged_canvas(picture, methods, job.source, count)
        # Its pixels are no longer needed, and writing a big picture needs memory of its own.
        picture = None
    else:
        check_memory(job.source, width * len(methods), height, channels, dtype)
        pixels = picture.pixels
        results = [
            comparing.Compared(label, lambda part, each=each: each.tiles(pixels, part))
            for label, each in zip(("bicubic", _name(enlarger)), methods, strict=True)
        ]
        canvas = _compared(work, results, (width, height), channels, dtype, count, metadata)
    if canvas is not None:
        _write(job, canvas, metadata, quality)
    return Outcome(
        "done", "", "", size=(columns, rows), new_size=(width, height), steps=words, choice=why
    )


def _restore(work: Work) -> Outcome:
    restored = restore(work.job.source, work.enlarger)
    height, width, channels = restored.network.shape
    count = _Counter(work, height * width)
    labels = ("original", "bicubic", _name(work.enlarger))
    pictures = restored.original, restored.bicubic, restored.network
    results = [
        comparing.Compared(label, comparing.tiles_of(pixels))
        for label, pixels in zip(labels, pictures, strict=True)
    ]
    style = work.style or comparing.SIDES
    shown = results if work.style else results[-1:]
    canvas = _compared(
        work._replace(compare=style), shown, (width, height), channels, np.uint8, count, Metadata()
    )
    if canvas is not None:
        quality = work.quality if isinstance(work.quality, int) else DEFAULT_QUALITY
        _write(work.job, canvas, Metadata(), quality)
    scores = restored.bicubic_quality, restored.network_quality
    return Outcome("done", "", "", size=(width, height), new_size=(width, height), scores=scores)


def _method(enlarger, rows: int, columns: int) -> tuple[Enlarging, str]:
    """Returns what enlarges a picture, and the way in words unless it is a network alone."""
    if isinstance(enlarger, Enlarger):
        return enlarger, ""
    steps = enlarger.plan(columns, rows)
    return enlarger.method(steps), "" if steps.is_plain else steps.words


def _name(enlarger) -> str:
    """Returns what the network's result is called where it is compared."""
    if isinstance(enlarger, Enlargers):
        return enlarger.network(enlarger.scales[-1]).architecture.name
    return enlarger.name


def _compared(work, results, size, channels, dtype, count, metadata) -> Canvas | None:
    """Returns what compares results, or writes the page that does and returns None."""
    if work.style == comparing.SPLIT:
        return comparing.split(results, size, channels, dtype, count)
    if work.style == comparing.SIDES:
        return comparing.side_by_side(results, size, channels, dtype, count)
    canvases = [
        (result.label, comparing.side_by_side([result], size, channels, dtype, count))
        for result in results
    ]
    name = getattr(work.job.source, "name", str(work.job.source))
    text = comparing.page(name, canvases, metadata.icc_profile)
    if work.job.to_stdout:
        _to_stdout(text.encode("utf-8", "replace"))
    else:
        atomic_files.write_text(work.job.target, text)
    return None


def _write(job: Job, canvas: Canvas, metadata: Metadata, quality) -> None:
    if job.to_stdout:
        _to_stdout(picture_bytes(job.target, canvas, metadata, quality))
    else:
        write_picture(job.target, canvas, metadata, quality)


def _to_stdout(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


class _Counter:
    """Adds the pixels of tiles up, and passes them on as progress."""

    def __init__(self, work: Work, pixels: int):
        self._work, self._of, self._done = work, max(pixels, 1), 0

    def __call__(self, pixels: int) -> None:
        self._done = min(self._done + pixels, self._of)
        self._work.on_progress(self._done, self._of)
