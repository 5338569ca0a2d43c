"""Many pictures one after the other: what was done, skipped and failed, and how fast."""

import dataclasses
import errno
import pathlib
import sys
import time
from collections.abc import Sequence

import numpy as np
import tqdm

from srcnn_tf.evaluation.quality import Quality, mean_quality
from srcnn_tf.files.image_files import ImageFileError, pixel_limit
from srcnn_tf.files.picture_files import read_picture
from srcnn_tf.files.picture_metadata import Metadata
from srcnn_tf.files.picture_writing import Canvas, check_size, write_picture
from srcnn_tf.imaging.tiling import Tile
from srcnn_tf.upscaling.enlarging import Enlarger
from srcnn_tf.upscaling.plan import Job
from srcnn_tf.upscaling.restoring import restore
from srcnn_tf.upscaling.whole_pictures import enlarged_canvas


@dataclasses.dataclass(frozen=True)
class BatchOptions:
    """How pictures are worked on.

    Attributes:
      restore: shrink, enlarge again and score, instead of enlarging.
      compare: write the original (if restoring), bicubic's and the network's side by side.
      overwrite: replace files that exist.
      skip_existing: leave pictures out whose result exists.
      quality: of JPEG, WebP and AVIF, 1 to 100.
      max_pixels: larger files are refused.
    """

    restore: bool = False
    compare: bool = False
    overwrite: bool = False
    skip_existing: bool = False
    quality: int = 95
    max_pixels: int = 178_956_970


@dataclasses.dataclass
class Batch:
    """Counts of what became of pictures, and their scores as (bicubic, network)."""

    done: int = 0
    skipped: int = 0
    failed: int = 0
    pixels: int = 0
    seconds: float = 0.0
    scores: list[tuple[Quality, Quality]] = dataclasses.field(default_factory=list)

    def summary(self) -> str:
        """Says it all in one line."""
        speed = f"{self.pixels / 1e6:.2f} megapixels written in {self.seconds:.1f} s"
        if self.pixels:
            speed += f", {self.pixels / 1e6 / self.seconds:.2f} a second"
        return f"{self.done} done, {self.skipped} skipped, {self.failed} failed; {speed}"

    def mean_scores(self) -> str:
        """Says the means over the pictures that were restored."""
        bicubic, network = (mean_quality(column) for column in zip(*self.scores, strict=True))
        count = len(self.scores)
        plural = "" if count == 1 else "s"
        return f"mean over {count} picture{plural}: {_qualities(bicubic, network)}"


def run(jobs: Sequence[Job], enlarger: Enlarger, options: BatchOptions) -> Batch:
    """Works on every picture, whatever becomes of the others.

    What was done is printed line by line, what failed goes to standard error in one sentence each;
    a terminal shows a bar as well.
    """
    batch = Batch()
    bar = tqdm.tqdm(
        jobs, unit="picture", disable=not sys.stderr.isatty(), dynamic_ncols=True, leave=False
    )
    with bar, pixel_limit(options.max_pixels):
        for job in bar:
            started = time.perf_counter()
            try:
                if job.problem:
                    raise ImageFileError(job.problem)
                if _exists(job.target) and options.skip_existing:
                    batch.skipped += 1
                    bar.write(f"skipped {job.source}: {job.target} exists")
                    continue
                pixels, about = _work(job, enlarger, options, batch)
            except Exception as error:
                batch.failed += 1
                bar.write(f"failed: {_sentence(error, job)}", file=sys.stderr)
            else:
                seconds = time.perf_counter() - started
                batch.done += 1
                batch.pixels += pixels
                batch.seconds += seconds
                speed = f"{pixels / 1e6 / seconds:.2f} Mpx/s"
                bar.write(f"{job.source} -> {job.target}: {about}, {seconds:.1f} s, {speed}")
                bar.set_postfix_str(speed)
    return batch


def _exists(path: pathlib.Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise ImageFileError(
                f"{path} is too long a name for a file; use a shorter --suffix, or rename the "
                "picture."
            ) from None
        raise


def _sentence(error: Exception, job: Job) -> str:
    if isinstance(error, ImageFileError):
        return str(error)
    if isinstance(error, MemoryError):
        return f"{job.source} does not fit into memory; cut it into smaller pictures."
    if isinstance(error, OSError):
        reason = error.strerror or error
        return f"{job.target} cannot be written ({reason}); choose another place."
    return f"{job.source} met an error of srcnn_tf ({error!r}); please report it with the picture."


def _work(job, enlarger, options, batch) -> tuple[int, str]:
    """Makes one result; returns how many pixels it computed, and words about it."""
    if _exists(job.target) and not options.overwrite:
        raise ImageFileError(f"{job.target} exists; use --overwrite or --skip_existing.")
    if options.restore:
        return _restore(job, enlarger, options, batch)
    picture = read_picture(job.source)
    height, width, _ = picture.pixels.shape
    new_height, new_width = height * enlarger.scale, width * enlarger.scale
    enlargers = [enlarger.bicubic(), enlarger] if options.compare else [enlarger]
    check_size(job.target, new_width * len(enlargers), new_height)
    canvas = enlarged_canvas(picture, enlargers, job.source)
    # Its pixels are no longer needed, and writing a big picture needs memory of its own.
    metadata, picture = picture.metadata, None
    write_picture(job.target, canvas, metadata, options.quality)
    return new_height * new_width, f"{width} x {height} to {new_width} x {new_height}"


def _restore(job, enlarger, options, batch) -> tuple[int, str]:
    restored = restore(job.source, enlarger)
    pixels = restored.network
    if options.compare:
        pixels = np.concatenate([restored.original, restored.bicubic, restored.network], axis=1)
    canvas = Canvas(*pixels.shape, pixels.dtype)
    canvas.put(Tile(0, pixels.shape[0], 0, pixels.shape[1]), pixels)
    write_picture(job.target, canvas, Metadata(), options.quality)
    qualities = restored.bicubic_quality, restored.network_quality
    batch.scores.append(qualities)
    height, width, _ = restored.network.shape
    return height * width, _qualities(*qualities)


def _qualities(bicubic: Quality, network: Quality) -> str:
    return f"bicubic {bicubic.in_words()}; network {network.in_words()}"
