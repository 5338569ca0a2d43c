"""Writing a film whole or not at all: frames are encoded, other streams' packets go in between."""

import contextlib
import math
import os
import pathlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from srcnn_tf.files import atomic_files
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.upscaling.clips.film_reading import Film, FilmFrame
from srcnn_tf.upscaling.clips.options import (
    CONTAINERS,
    ClipOptions,
    pixel_format,
    takes_size,
)
from srcnn_tf.upscaling.clips.other_streams import OtherStreams
from srcnn_tf.upscaling.clips.planes import (
    FULL_RANGE,
    LIMITED_RANGE,
    RGB,
    YUV,
    make_frame,
)

if TYPE_CHECKING:
    import av

_BT709, _BT601, _UNKNOWN = 1, 6, 2
# Without a word from the file, players take smaller films for BT.601 and larger ones for BT.709.
_LARGE_WIDTH, _LARGE_HEIGHT = 1280, 577
_LEFT_SITING = 0.5


class Target(NamedTuple):
    """How a film is written.

    Attributes:
      path: the file.
      container: FFmpeg's name of its format.
      encoder: FFmpeg's name.
      options: the encoder's.
      size: (width, height), which is the enlarged one's or a little less.
      form: FFmpeg's name of the pixel format.
    """

    path: pathlib.Path
    container: str
    encoder: str
    options: dict[str, str]
    size: tuple[int, int]
    form: str

    @property
    def codec(self) -> str:
        """What people call how it is compressed."""
        import av

        names = {"h264": "h264", "hevc": "hevc", "vp9": "vp9", "av1": "av1"}
        return names.get(av.codec.Codec(self.encoder, "w").canonical_name, self.encoder)

    def losses(self, film: Film) -> list[str]:
        """Names, in words, what the pixel format does not hold of a film's."""
        import av

        form, layout = av.video.format.VideoFormat(self.form), film.layout
        depth, found = max(each.bits for each in form.components), []
        if layout.kind == RGB and not form.is_rgb:
            found.append(f"RGB as {self.form}")
        elif depth < layout.depth and (layout.kind != RGB or depth == 8):
            found.append(f"{depth} bits instead of {layout.depth}")
        chroma = form.chroma_height(64) * form.chroma_width(64)
        if layout.kind == YUV and chroma * math.prod(layout.steps) < 64 * 64:
            found.append(f"{self.form} instead of {layout.pixel_format}")
        return found


def target_of(
    path: pathlib.Path, film: Film, size: tuple[int, int], options: ClipOptions
) -> Target:
    """Chooses how a film is written.

    Raises:
      ImageFileError: the name's container, or the codec, is none that can be written.
    """
    container = CONTAINERS.get(path.suffix.lower())
    if container is None:
        raise ImageFileError(
            f"{path} cannot hold a film; end its name in one of {', '.join(CONTAINERS)}."
        )
    encoder = options.encoder(path, film.layout)
    form = pixel_format(encoder, film.layout)
    return Target(
        path, container, encoder, options.encoder_options(encoder),
        takes_size(encoder, form, *size), form,
    )  # fmt: skip


def siting_of(film: Film) -> tuple[float, float]:
    """Returns where chroma lies in the film that is written: as players take it."""
    if any(film.turning):
        return film.layout.steps[0] / 2, _LEFT_SITING
    return film.layout.siting


class FilmWriter:
    """A film that is being written.

    Attributes:
      others: what becomes of the other streams.
    """

    def __init__(self, output, film: Film, target: Target, source, stream):
        """Adds the streams, and writes the head."""
        self._output, self._film, self._target = output, film, target
        if target.encoder == "libsvtav1":
            # It has a log of its own, and calls an interruption an error.
            os.environ.setdefault("SVT_LOG", "0")
        self._stream = output.add_stream(target.encoder, rate=film.rate)
        context = self._stream.codec_context
        context.width, context.height = target.size
        context.pix_fmt = target.form
        context.time_base = self._stream.time_base = stream.time_base
        context.options = target.options
        context.thread_count = 0
        context.flags |= 1 << 8  # FFmpeg's AV_CODEC_FLAG_FRAME_DURATION
        if target.encoder == "libx265" and target.container in ("mp4", "mov"):
            context.codec_tag = "hvc1"  # As Apple's players want it.
        if film.pixel_aspect:
            context.sample_aspect_ratio = film.pixel_aspect
        self._set_colors(context)
        self._stream.metadata.update(
            {name: text for name, text in stream.metadata.items() if name in ("language", "title")}
        )
        output.metadata.update(source.metadata)
        self.others = OtherStreams(source, stream, output, target.path.suffix[1:].upper())
        if chapters := source.chapters():
            output.set_chapters(chapters)
        output.start_encoding()

    def write(self, items: "Iterator[FilmFrame | av.Packet]") -> None:
        """Writes frames and packets, in their order, to the end."""
        with _writing_errors(self._target):
            for item in items:
                if isinstance(item, FilmFrame):
                    self._output.mux(self._stream.encode(self._frame(item)))
                else:
                    self.others.put(item)
            self._output.mux(self._stream.encode(None))
            self.others.end()

    def _frame(self, item: FilmFrame):
        layout = self._film.layout
        planes = [_cropped(plane, self._target.size, number, layout)
                  for number, plane in enumerate(item.planes)]  # fmt: skip
        frame = make_frame(planes, layout)
        if frame.format.name != self._target.form:
            if layout.kind == RGB and not self._is_rgb():
                frame = frame.reformat(
                    format=self._target.form, dst_colorspace="ITU709", dst_color_range="MPEG"
                )
            else:
                frame = frame.reformat(format=self._target.form)
        frame.pts, frame.duration = item.pts, item.duration
        frame.time_base = self._stream.codec_context.time_base
        context = self._stream.codec_context
        frame.color_range, frame.colorspace = context.color_range, context.colorspace
        return frame

    def _is_rgb(self) -> bool:
        return self._stream.codec_context.format.is_rgb

    def _set_colors(self, context) -> None:
        film = self._film
        matrix, curve, primaries = film.colors
        if film.layout.kind == RGB:
            if self._is_rgb():
                return
            matrix, full = _BT709, False
        else:
            full = film.layout.full
            if matrix == _UNKNOWN:
                width, height = film.size
                large = width >= _LARGE_WIDTH or height >= _LARGE_HEIGHT
                matrix = _BT709 if large else _BT601
        context.colorspace, context.color_trc, context.color_primaries = matrix, curve, primaries
        context.color_range = FULL_RANGE if full else LIMITED_RANGE


def what_becomes_of_others(source, stream, target: Target) -> tuple[str, ...]:
    """Says what will become of a film's other streams; writes nothing."""
    import av

    with av.open(os.devnull, "w", format=target.container) as nothing:
        return OtherStreams(source, stream, nothing, target.path.suffix[1:].upper()).words


@contextlib.contextmanager
def writing(film: Film, target: Target, source, stream) -> Iterator[FilmWriter]:
    """Opens a film to be written; it has its name once the block has ended.

    Raises:
      ImageFileError: the container or the codec cannot hold it, or the disk is full.
    """
    import av

    options = {"movflags": "faststart"} if target.container in ("mp4", "mov") else {}
    with atomic_files.atomic_write(target.path) as temporary:
        output = av.open(
            f"file:{temporary}", "w", format=target.container, container_options=options
        )
        try:
            with _writing_errors(target):
                writer = FilmWriter(output, film, target, source, stream)
            yield writer
            with _writing_errors(target):
                output.close()
        except BaseException:
            # Closing would write the end of a film that nobody wants, which may take long.
            temporary.unlink(missing_ok=True)
            with contextlib.suppress(Exception):
                output.close()
            raise


@contextlib.contextmanager
def _writing_errors(target: Target) -> Iterator[None]:
    import av

    try:
        yield
    except (av.FFmpegError, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise ImageFileError(
            f"{target.path} cannot be written by {target.encoder} ({reason}); make room, or choose "
            "another place, --codec or container."
        ) from error


def _cropped(plane: np.ndarray, size: tuple[int, int], number: int, layout) -> np.ndarray:
    width, height = size
    if number and layout.kind == YUV:
        height, width = (-(-side // step) for side, step in zip((height, width), layout.steps,
                                                              strict=True))  # fmt: skip
    return plane[:height, :width]
