"""Reading a film: what it is, and its frames with their times beside the packets of its sound."""

import contextlib
import dataclasses
import fractions
import pathlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from srcnn_tf.files.image_files import ImageFileError, check_pixels, missing
from srcnn_tf.files.picture_files import Picture
from srcnn_tf.files.picture_metadata import Metadata
from srcnn_tf.upscaling.clips.deinterlacing import Deinterlacer
from srcnn_tf.upscaling.clips.planes import RGB, Layout, layout_of, read_planes
from srcnn_tf.upscaling.clips.turning import Turning, turning_of

if TYPE_CHECKING:
    import av

_LOSSLESS = (
    "ffv1",
    "ffvhuff",
    "huffyuv",
    "utvideo",
    "png",
    "apng",
    "qtrle",
    "rawvideo",
    "magicyuv",
)
_HDR = ("MASTERING_DISPLAY_METADATA", "CONTENT_LIGHT_LEVEL", "DYNAMIC_HDR_PLUS", "DOVI_METADATA")
# A file that ends this many seconds, and two frames, before it says was cut short.
_MISSING_SECONDS = 0.5


class FilmFrame(NamedTuple):
    """An upright frame's planes, when it is shown and for how long, in the stream's time base."""

    planes: list[np.ndarray]
    pts: int
    duration: int


@dataclasses.dataclass(frozen=True)
class Film:
    """What is known of a film before it is read through.

    Attributes:
      path: the file.
      size: (width, height), upright.
      frames: how many there are, as far as the file tells; 0 if it does not.
      rate: frames a second, on average.
      codec: FFmpeg's name of how it is compressed.
      layout: what its upright planes are.
      turning: what makes frames upright.
      interlaced: whether its first frame is two fields.
      colors: FFmpeg's numbers of matrix, transfer curve and primaries.
      pixel_aspect: of an upright pixel, width by height; None for square ones.
      left_out: what is not kept of its frames, in words.
      first: the planes of its first frame.
    """

    path: pathlib.Path
    size: tuple[int, int]
    frames: int
    rate: fractions.Fraction
    codec: str
    layout: Layout
    turning: Turning
    interlaced: bool
    colors: tuple[int, int, int]
    pixel_aspect: fractions.Fraction | None
    left_out: tuple[str, ...]
    first: list[np.ndarray] = dataclasses.field(repr=False)

    @property
    def source(self) -> pathlib.Path:
        """The file."""
        return self.path

    def picture(self) -> Picture:
        """Returns the first frame as a picture of 8 bits, by which the network is chosen."""
        plane = self.first[0]
        if self.layout.depth != 8:
            plane = (plane >> (self.layout.depth - 8)).astype(np.uint8)
        pixels = plane if self.layout.kind == RGB else plane[..., None]
        lossy = "" if self.codec in _LOSSLESS else f"video ({self.codec})"
        return Picture(pixels, Metadata(), lossy=lossy)


@contextlib.contextmanager
def film_errors(path: pathlib.Path) -> Iterator[None]:
    """Turns what PyAV raises while reading into a sentence.

    Raises:
      ImageFileError: the film cannot be read.
    """
    import av

    try:
        yield
    except (av.FFmpegError, EOFError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise ImageFileError(
            f"{path} is damaged, cut short or no film ({reason}); copy it again."
        ) from error


@contextlib.contextmanager
def opened(path: pathlib.Path) -> Iterator["av.container.InputContainer"]:
    """Opens a film.

    Raises:
      ImageFileError: it does not exist, is empty, or cannot be read.
    """
    import av

    if not path.is_file():
        raise ImageFileError(f"{path} is a folder." if path.is_dir() else missing(path))
    if path.stat().st_size == 0:
        raise ImageFileError(f"{path} is empty (0 bytes); copy it again.")
    # As a file's name, whatever it looks like: FFmpeg has protocols.
    with film_errors(path), av.open(f"file:{path}", metadata_errors="replace") as container:
        yield container


def moving_stream(container, path: pathlib.Path) -> "av.video.stream.VideoStream":
    """Returns the stream of the film itself; a cover is none."""
    attached = [s for s in container.streams.video if not is_cover(s)]
    best = container.streams.best("video")
    stream = best if best in attached else next(iter(attached), None)
    if stream is None:
        raise ImageFileError(f"{path} holds no moving pictures; name a film.")
    if stream.codec_context is None:
        raise ImageFileError(
            f"{path} is compressed in a way that FFmpeg cannot read here; convert it first."
        )
    return stream


def is_cover(stream) -> bool:
    """Whether a stream is a picture that stands for the film."""
    return "attached_pic" in (stream.disposition.name or "")


def film_of(path: pathlib.Path) -> Film:
    """Reads what a file says of its film, and its first frame.

    Raises:
      ImageFileError: it cannot be read; one sentence.
    """
    with opened(path) as container:
        stream = moving_stream(container, path)
        check_pixels(path, stream.codec_context.width * stream.codec_context.height)
        frame = next(iter(container.decode(stream)), None)
        if frame is None:
            raise ImageFileError(f"{path} holds no frame; copy it again.")
        codec = stream.codec.canonical_name
        stored, turning = layout_of(frame, codec), turning_of(frame)
        if stored.steps[0] != stored.steps[1] and turning.transposed:
            # There are hardly any formats with twice as many columns of chroma as rows.
            stored = stored._replace(steps=(1, 1), siting=(0.5, 0.5))
        aspect = stream.sample_aspect_ratio
        if not aspect or aspect == 1:
            aspect = None
        elif turning.transposed:
            aspect = 1 / aspect
        rate = stream.average_rate or stream.guessed_rate or fractions.Fraction(25)
        return Film(
            path,
            turning.size(frame.width, frame.height),
            stream.frames or _estimated(container, stream, rate),
            rate,
            codec,
            turning.layout(stored),
            turning,
            bool(frame.interlaced_frame),
            (int(frame.colorspace), int(frame.color_trc), int(frame.color_primaries)),
            aspect,
            _left_out(frame),
            [turning.plane(plane) for plane in read_planes(frame, stored)],
        )


def read_film(container, stream, film: Film, others: set[int]) -> "Iterator[FilmFrame | av.Packet]":
    """Yields a film's frames, and the packets of other streams as they come between them.

    Args:
      container: as of `opened`.
      stream: the film's.
      film: what `film_of` said.
      others: the indices of the other streams that are wanted.

    Raises:
      ImageFileError: it is damaged or cut short, or changes its size.
    """
    stream.thread_type = "AUTO"
    reader = _Frames(stream, film)
    end = 0.0
    with film_errors(film.path):
        wanted = [each for each in container.streams if each is stream or each.index in others]
        for packet in container.demux(wanted):
            if packet.is_corrupt:
                raise ImageFileError(f"{film.path} is damaged or cut short; copy it again.")
            if packet.pts is not None:
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            if packet.stream is stream:
                for frame in packet.decode():
                    yield from reader.take(frame)
            elif packet.size:
                yield packet
        yield from reader.rest()
    _check_end(container, film, end)


class _Frames:
    """Turns decoded frames into planes, and gives those times that have none."""

    def __init__(self, stream, film: Film):
        self._stream, self._film = stream, film
        self._deinterlacer: Deinterlacer | None = None
        self._step = max(1, round(1 / (film.rate * stream.time_base)))
        self._last: int | None = None
        steps = film.layout.steps
        # As they are before they are turned.
        steps = steps[::-1] if film.turning.transposed else steps
        self._stored = film.layout._replace(steps=steps)

    def take(self, frame) -> Iterator[FilmFrame]:
        """Yields what becomes of a frame: it, or those before it."""
        if self._deinterlacer is None and frame.interlaced_frame:
            self._deinterlacer = Deinterlacer(self._stream)
        frames = [frame] if self._deinterlacer is None else self._deinterlacer.take(frame)
        for each in frames:
            yield self._planes(each)

    def rest(self) -> Iterator[FilmFrame]:
        """Yields what is left at the end."""
        for frame in self._deinterlacer.rest() if self._deinterlacer else ():
            yield self._planes(frame)

    def _planes(self, frame) -> FilmFrame:
        film = self._film
        size = film.turning.size(frame.width, frame.height)
        if size != film.size:
            raise ImageFileError(
                f"{film.path} changes its size from {film.size[0]} x {film.size[1]} to {size[0]} x "
                f"{size[1]} pixels; cut it there."
            )
        planes = [film.turning.plane(plane) for plane in read_planes(frame, self._stored)]
        ticks = frame.time_base / self._stream.time_base if frame.time_base else 1
        if frame.pts is not None:
            pts = round(frame.pts * ticks)
        else:
            pts = 0 if self._last is None else self._last + self._step
        # No two frames have one time, and none goes back.
        pts = pts if self._last is None else max(pts, self._last + 1)
        self._last = pts
        return FilmFrame(planes, pts, round((frame.duration or 0) * ticks))


def _estimated(container, stream, rate: fractions.Fraction) -> int:
    if stream.duration:
        return round(stream.duration * stream.time_base * rate)
    return round(container.duration * rate / 1_000_000) if container.duration else 0


def _left_out(frame) -> tuple[str, ...]:
    kinds = {side.type.name for side in frame.side_data}
    found = []
    if any(component.is_alpha for component in frame.format.components):
        found.append("transparency")
    if kinds & set(_HDR):
        found.append("HDR's metadata")
    if "A53_CC" in kinds:
        found.append("closed captions")
    return tuple(found)


def _check_end(container, film: Film, end: float) -> None:
    """Raises ImageFileError if a file ends much earlier than its head says."""
    if not container.duration:
        return
    seconds = (container.duration + max(container.start_time or 0, 0)) / 1_000_000
    if seconds - end > _MISSING_SECONDS + float(2 / film.rate):
        raise ImageFileError(
            f"{film.path} is cut short: {end:.1f} of {seconds:.1f} seconds are there; copy it "
            "again."
        )
