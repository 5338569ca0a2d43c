"""One clip: planned, or read, enlarged frame by frame by one network, and written."""

import pathlib
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from srcnn_tf.files.animations import (
    Animation,
    Frame,
    animated_format,
    not_kept,
    write_animation,
)
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.files.picture_writing import DEFAULT_QUALITY, check_size
from srcnn_tf.upscaling.clips.clip import Clip
from srcnn_tf.upscaling.clips.enlarging_planes import enlarge_planes
from srcnn_tf.upscaling.clips.film_reading import (
    Film,
    FilmFrame,
    moving_stream,
    opened,
    read_film,
)
from srcnn_tf.upscaling.clips.film_writing import (
    Target,
    siting_of,
    target_of,
    what_becomes_of_others,
    writing,
)
from srcnn_tf.upscaling.clips.options import ClipOptions
from srcnn_tf.upscaling.clips.streaming import stream
from srcnn_tf.upscaling.enlargers import Enlargers
from srcnn_tf.upscaling.enlarging import Enlarging
from srcnn_tf.upscaling.memory_limit import check_memory

# How many enlarged frames are held at a time, in queues and by an encoder that looks ahead.
_HELD = 60


class ClipPlan(NamedTuple):
    """What is done to a clip.

    Attributes:
      clip: what is read.
      target: the file to write.
      method: what enlarges each frame.
      size: (width, height) of the result.
      steps: the way there in words.
      choice: which network was chosen and why, in words, where there was a choice.
      way: how a film is written; None for animations.
    """

    clip: Clip
    target: pathlib.Path
    method: Enlarging
    size: tuple[int, int]
    steps: str
    choice: str
    way: Target | None = None


def about(plan: ClipPlan, frames: int = 0, sound: tuple[str, ...] = ()) -> list[str]:
    """Says what the result is, in parts, such as `250 frames`, `h264`, `sound copied`.

    Args:
      plan: of the clip.
      frames: how many were written; by default what the file tells.
      sound: what becomes of its other streams.
    """
    count = frames or plan.clip.frames
    parts = [f"{count} frame{'' if count == 1 else 's'}" if count else "frames not counted"]
    film, way = plan.clip, plan.way
    if isinstance(film, Animation):
        form = animated_format(plan.target)
        return [*parts, f"animated {form}", *not_kept(film, form)]
    assert way is not None, "Films have one."
    parts += [way.codec, *sound]
    if film.interlaced:
        parts.append("made progressive")
    if any(film.turning):
        parts.append("turned upright")
    if film.left_out:
        parts.append(f"without {' and '.join(film.left_out)}")
    whole = plan.method.size_of(*film.size[::-1])[::-1]
    if way.size != whole:
        parts.append(f"cut from {whole[0]} x {whole[1]}, since its sides must be even")
    return [*parts, *way.losses(film)]


def sound_of(plan: ClipPlan) -> tuple[str, ...]:
    """Says what will become of a film's sound and other streams; nothing of an animation."""
    film, way = plan.clip, plan.way
    if isinstance(film, Animation):
        return ()
    assert way is not None, "Films have one."
    with opened(film.path) as source:
        return what_becomes_of_others(source, moving_stream(source, film.path), way)


def plan_clip(
    clip: Clip, target: pathlib.Path, enlargers: Enlargers, options: ClipOptions
) -> ClipPlan:
    """Chooses the network by the first frame, and how the result is written.

    Raises:
      AlreadyThatSize: there is nothing to be done.
      ImageFileError: it cannot be written like this.
    """
    chosen, why = enlargers.chosen_for(clip.picture())
    width, height = clip.size
    steps = chosen.plan(width, height)
    method = chosen.method(steps)
    if isinstance(clip, Animation):
        if animated_format(target) != "GIF":
            check_size(target, *steps.size)
        return ClipPlan(clip, target, method, steps.size, steps.words, why)
    way = target_of(target, clip, steps.size, options)
    return ClipPlan(clip, target, method, way.size, steps.words, why, way)


def enlarge_clip(
    plan: ClipPlan,
    quality: int = DEFAULT_QUALITY,
    on_frame: Callable[[int, float], object] = lambda done, rate: None,
) -> tuple[int, tuple[str, ...]]:
    """Enlarges a clip and writes it whole or not at all, in memory that its length does not change.

    Reading, the network and writing go side by side. (Animated pictures are held until they are
    written, by Pillow.)

    Args:
      plan: as of `plan_clip`.
      quality: of animated WebP and AVIF.
      on_frame: is called with how many frames are enlarged, and how many that is a second; it may
        raise to end the work.

    Returns:
      How many frames were written, and what became of other streams, in words.

    Raises:
      ImageFileError: the clip is damaged, or cannot be written; one sentence.
    """
    counter = _Counter(on_frame)
    clip, way = plan.clip, plan.way
    width, height = plan.size
    held = clip.frames if isinstance(clip, Animation) else _HELD
    check_memory(clip.source, width, height * held, 4, np.dtype(np.uint8))
    if isinstance(clip, Animation):
        _enlarge_animation(clip, plan, quality, counter)
        return counter.done, ()
    assert way is not None, "Films have one."
    return _enlarge_film(clip, way, plan.method, counter)


class _Counter:
    """Counts frames, and their rate."""

    def __init__(self, on_frame: Callable[[int, float], object]):
        self._on_frame, self._began, self.done = on_frame, time.perf_counter(), 0

    def add(self) -> None:
        self.done += 1
        self._on_frame(self.done, self.done / max(time.perf_counter() - self._began, 1e-9))


def _enlarge_animation(
    animation: Animation, plan: ClipPlan, quality: int, counter: _Counter
) -> None:
    def work(frame: Frame) -> Frame:
        if frame.pixels.shape[1::-1] != animation.size:
            raise ImageFileError(f"{animation.source} has frames of several sizes; save it anew.")
        result = plan.method.enlarge(frame.pixels)
        counter.add()
        return Frame(result, frame.milliseconds)

    def write(frames: Iterator[Frame]) -> None:
        write_animation(plan.target, frames, animation, quality)

    stream(animation.read(), work, write)


def _enlarge_film(
    film: Film, way: Target, method: Enlarging, counter: _Counter
) -> tuple[int, tuple[str, ...]]:
    siting = siting_of(film)

    def work(item):
        if not isinstance(item, FilmFrame):
            return item
        planes = enlarge_planes(method, item.planes, film.layout, siting)
        counter.add()
        return item._replace(planes=planes)

    with opened(film.path) as source:
        found = moving_stream(source, film.path)
        with writing(film, way, source, found) as writer:
            stream(read_film(source, found, film, writer.others.wanted), work, writer.write)
        return counter.done, writer.others.words
