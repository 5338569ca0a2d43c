"""Many pictures, one after the other or several at a time: what was done, skipped and failed."""

import dataclasses
import functools
import queue
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import TextIO

from srcnn_tf.evaluation.quality import Quality, mean_quality
from srcnn_tf.files.image_files import ImageFileError, check_length, pixel_limit
from srcnn_tf.files.picture_files import size_of
from srcnn_tf.files.picture_writing import DEFAULT_QUALITY, check_size
from srcnn_tf.upscaling.clips.clip import clip_of
from srcnn_tf.upscaling.clips.options import ClipOptions
from srcnn_tf.upscaling.enlargers import Enlargers
from srcnn_tf.upscaling.enlarging import Enlarger
from srcnn_tf.upscaling.gpu_tiles import AUTO_TILE
from srcnn_tf.upscaling.one_picture import Work, make_result, planned_clip
from srcnn_tf.upscaling.outcome import Outcome, qualities_in_words
from srcnn_tf.upscaling.plan import Job
from srcnn_tf.upscaling.progress import Progress
from srcnn_tf.upscaling.sizing import AlreadyThatSize, TooLarge

AUTO_QUALITY = "auto"
# Seconds that threads have to end what they are at, after an interruption.
_GRACE = 3.0


class _Stopping(Exception):
    """The batch was interrupted; a picture that is being worked on is given up."""


@dataclasses.dataclass(frozen=True)
class BatchOptions:
    """How pictures are worked on.

    Attributes:
      restore: shrink, enlarge again and score, instead of enlarging.
      compare: one of `comparing.STYLES`, to write the original (if restoring), bicubic's and the
        network's result; True for `sides`.
      overwrite: replace files that exist.
      skip_existing: leave pictures out whose result exists.
      quality: of JPEG, WebP and AVIF, 1 to 100; `auto` for that of a JPEG that is enlarged.
      max_pixels: larger files are refused.
      jobs: how many pictures are worked on at a time.
      dry_run: say what would be done, and do nothing.
      clips: how films are compressed.
    """

    restore: bool = False
    compare: bool | str = False
    overwrite: bool = False
    skip_existing: bool = False
    quality: int | str = DEFAULT_QUALITY
    max_pixels: int = 178_956_970
    jobs: int = 1
    dry_run: bool = False
    clips: ClipOptions = dataclasses.field(default_factory=ClipOptions)


@dataclasses.dataclass
class Batch:
    """Counts of what became of pictures, and their scores as (bicubic, network)."""

    done: int = 0
    skipped: int = 0
    failed: int = 0
    planned: int = 0
    pixels: int = 0
    seconds: float = 0.0
    scores: list[tuple[Quality, Quality]] = dataclasses.field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Counts one picture."""
        setattr(self, outcome.status, getattr(self, outcome.status) + 1)
        self.pixels += outcome.pixels if outcome.status in ("done", "planned") else 0
        if outcome.scores:
            self.scores.append(outcome.scores)

    def summary(self) -> str:
        """Says it all in one line."""
        counts = f"{self.skipped} skipped, {self.failed} failed"
        if self.planned:
            return (
                f"{self.planned} to do, {counts}; {self.pixels / 1e6:.2f} megapixels would be "
                "written"
            )
        speed = f"{self.pixels / 1e6:.2f} megapixels written in {self.seconds:.1f} s"
        if self.pixels:
            speed += f", {self.pixels / 1e6 / self.seconds:.2f} a second"
        return f"{self.done} done, {counts}; {speed}"

    def mean_scores(self) -> str:
        """Says the means over the pictures that were restored."""
        bicubic, network = (mean_quality(column) for column in zip(*self.scores, strict=True))
        count = len(self.scores)
        plural = "" if count == 1 else "s"
        return f"mean over {count} picture{plural}: {qualities_in_words(bicubic, network)}"


def run(
    jobs: Sequence[Job],
    enlarger: Enlarger | Enlargers,
    options: BatchOptions,
    *,
    say: Callable[[Outcome], str] = Outcome.in_words,
    out: TextIO | None = None,
    batch: Batch | None = None,
) -> Batch:
    """Works on every picture, whatever becomes of the others.

    What was done is printed line by line, what failed goes to standard error in one sentence each;
    a terminal shows a bar as well. If it is interrupted, what is being worked on is given up at its
    next tile, and nothing of it is written.

    Args:
      jobs: the pictures.
      enlarger: what enlarges them.
      options: how.
      say: makes the line about a picture.
      out: where lines about what was done go; standard output by default. If lines are not words,
        those about failures go there, too.
      batch: where to count, for a caller that wants the counts after an interruption.
    """
    batch = batch if batch is not None else Batch()
    out = out or sys.stdout
    stopping = threading.Event()
    started = time.perf_counter()
    tile = enlarger.tiler.side if isinstance(enlarger, Enlarger) else AUTO_TILE
    with (
        Progress([job.source for job in jobs], tile**2) as progress,
        pixel_limit(options.max_pixels),
    ):

        def tell(outcome: Outcome) -> None:
            batch.add(outcome)
            failed = outcome.status == "failed" and say is Outcome.in_words
            progress.write(say(outcome), file=sys.stderr if failed else out)

        work = functools.partial(
            _outcome, enlarger=enlarger, options=options, progress=progress, stopping=stopping
        )
        try:
            if options.jobs == 1:
                for job in jobs:
                    tell(work(job))
            else:
                _in_threads(jobs, work, tell, options.jobs, stopping)
        finally:
            batch.seconds += time.perf_counter() - started
    return batch


def _in_threads(jobs, work, tell, threads: int, stopping: threading.Event) -> None:
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    outcomes: queue.SimpleQueue = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)

    def serve():
        while not stopping.is_set():
            try:
                job = waiting.get_nowait()
            except queue.Empty:
                return
            outcomes.put(work(job))

    # A process ends although such threads are at work: a big picture is long in the encoder.
    workers = [threading.Thread(target=serve, daemon=True) for _ in range(threads)]
    for worker in workers:
        worker.start()
    try:
        for _ in jobs:
            tell(outcomes.get())
    finally:
        stopping.set()
        end = time.monotonic() + _GRACE
        for worker in workers:
            worker.join(max(0, end - time.monotonic()))


def _outcome(job: Job, enlarger, options, progress, stopping) -> Outcome:
    """Makes one result, and says what became of it; it raises interruptions alone."""
    started = time.perf_counter()
    source, target = str(job.source), "-" if job.to_stdout else str(job.target)

    def on_progress(done: int, of: int, words: str = "") -> None:
        if stopping.is_set():
            raise _Stopping
        progress.at(source, done, of, words)

    try:
        if job.problem:
            raise ImageFileError(job.problem)
        if not job.to_stdout and _exists(job.target):
            if options.skip_existing:
                return Outcome("skipped", source, target, f"{job.target} exists")
            if not options.overwrite:
                raise ImageFileError(f"{job.target} exists; use --overwrite or --skip_existing.")
        work = Work(job, enlarger, options.restore, options.compare or "", options.quality,
                    on_progress, options.clips)  # fmt: skip
        if options.dry_run:
            return _planned(work, options, source, target)
        result = make_result(work)
    except AlreadyThatSize as error:
        return Outcome("skipped", source, target, str(error))
    except BrokenPipeError:  # Whoever read standard output has left; nobody wants the rest.
        raise
    except Exception as error:
        return Outcome("failed", source, target, _sentence(error, job))
    finally:
        progress.done(source)
    seconds = max(time.perf_counter() - started, 1e-9)
    return dataclasses.replace(result, source=source, target=target, seconds=seconds)


def _planned(work, options, source, target) -> Outcome:
    job, enlarger = work.job, work.enlarger
    clip = clip_of(job.source)
    if clip is not None:
        return dataclasses.replace(planned_clip(work, clip), source=source, target=target)
    width, height = size_of(job.source)
    if isinstance(enlarger, Enlargers):
        steps = enlarger.plan(width, height)
        new_size, words = steps.size, steps.words
    else:
        (rows, columns), words = enlarger.size_of(height, width), f"x{enlarger.scale}"
        new_size = columns, rows
    if options.restore:
        words = f"shrunk by {enlarger.scale}, then {words}"
        new_size = width - width % enlarger.scale, height - height % enlarger.scale
    elif options.compare != "html":
        check_size(job.target, *new_size)
    return Outcome("planned", source, target, size=(width, height), new_size=new_size, steps=words)


def _exists(path) -> bool:
    try:
        check_length(path)
        path.lstat()  # A link to nowhere is there, too, and would be replaced.
        return True
    except (FileNotFoundError, NotADirectoryError):
        return False


def _sentence(error: Exception, job: Job) -> str:
    if isinstance(error, TooLarge):
        return f"{job.source}: {error}"
    if isinstance(error, ImageFileError):
        return str(error)
    if isinstance(error, MemoryError):
        return f"{job.source} does not fit into memory; cut it into smaller pictures."
    if isinstance(error, OSError):
        reason = error.strerror or error
        place = "standard output" if job.to_stdout else job.target
        return f"{place} cannot be written ({reason}); choose another place."
    return f"{job.source} met an error of srcnn_tf ({error!r}); please report it with the picture."
