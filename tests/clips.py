"""Small films for tests, made by PyAV: a few frames that move, and a tone."""

import fractions
import pathlib

import numpy as np

RATE = 25


def pictures(count: int = 6, size: tuple[int, int] = (48, 32)) -> list[np.ndarray]:
    """Returns uint8 (H, W, 3) pictures of shapes that move, of a (width, height)."""
    width, height = size
    y, x = np.mgrid[:height, :width].astype(np.float32)
    found = []
    for number in range(count):
        planes = [
            128 + 90 * np.sin((x + 2 * number) / 4),
            np.where((x - 10 - number) ** 2 + (y - 14) ** 2 < 60, 220, 60),
            2 * x + 3 * y,
        ]
        found.append(np.clip(np.stack(planes, axis=2), 0, 255).astype(np.uint8))
    return found


def write(
    path: pathlib.Path,
    frames: list[np.ndarray],
    codec: str = "libx264",
    form: str = "yuv420p",
    *,
    times: list[int] | None = None,
    time_base: fractions.Fraction = fractions.Fraction(1, RATE),
    sound: str = "",
    options: dict[str, str] | None = None,
    turned: int = 0,
    interlaced: bool = False,
    container: dict[str, str] | None = None,
    rich: bool = False,
    cover: bool = False,
    **context,
) -> pathlib.Path:
    """Writes a film of RGB pictures.

    Args:
      path: its extension is that of a container.
      frames: uint8 (H, W, 3).
      codec: FFmpeg's name of the encoder.
      form: FFmpeg's name of the pixel format.
      times: of the frames, in the time base.
      time_base: see `times`.
      sound: FFmpeg's name of an encoder for a tone.
      options: of the encoder.
      turned: degrees, as of FFmpeg's display matrix.
      interlaced: whether the encoder is told so.
      container: options of the container.
      rich: whether it has a title, chapters, a font and subtitles, which MKV holds.
      cover: whether a picture of 64 x 64 stands for it, as MP4 can have.
      **context: what else is set on PyAV's codec context.
    """
    import av

    height, width = frames[0].shape[:2]
    with av.open(str(path), "w", container_options=container or {}) as output:
        stream = output.add_stream(codec, rate=RATE)
        stream.width, stream.height, stream.pix_fmt = width, height, form
        stream.codec_context.time_base = stream.time_base = time_base
        stream.codec_context.options = options or {}
        stream.codec_context.flags |= 1 << 8
        if interlaced:
            stream.codec_context.flags |= 1 << 18 | 1 << 29
        for name, value in context.items():
            setattr(stream.codec_context, name, value)
        if turned:
            stream.set_display_rotation(turned)
        tone = output.add_stream(sound, rate=48000) if sound else None
        subtitles = _add_riches(output) if rich else None
        if cover:
            _add_cover(output)
        times = times or list(range(len(frames)))
        for number, (pixels, time) in enumerate(zip(frames, times, strict=True)):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format=form)
            frame.pts, frame.time_base = time, time_base
            following = times[number + 1] if number + 1 < len(times) else time + 1
            frame.duration = following - time
            output.mux(stream.encode(frame))
            if subtitles and number == 2:
                output.mux(_line(subtitles, "A line"))
        output.mux(stream.encode(None))
        if tone:
            _add_tone(output, tone, float((times[-1] + 1) * time_base))
    return path


def _add_riches(output):
    """Adds a title, chapters and a font; returns a stream for subtitles."""
    output.metadata["title"] = "A title"
    output.add_attachment("a.ttf", "font/ttf", b"a font")
    base = fractions.Fraction(1, 1000)
    output.set_chapters(
        [
            {"id": n, "start": 90 * n, "end": 90 * n + 90, "time_base": base,
             "metadata": {"title": title}}
            for n, title in enumerate(("One", "Two"))
        ]
    )  # fmt: skip
    stream = output.add_mux_stream("subrip")
    stream.time_base, stream.metadata["language"] = base, "eng"
    return stream


def _add_cover(output) -> None:
    import av

    stream = output.add_stream("mjpeg", rate=1)
    stream.width, stream.height, stream.pix_fmt = 64, 64, "yuvj420p"
    stream.disposition = av.stream.Disposition.attached_pic
    frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 99, np.uint8), format="rgb24")
    frame = frame.reformat(format="yuvj420p")
    frame.pts = 0
    for packet in [*stream.encode(frame), *stream.encode(None)]:
        output.mux(packet)


def _line(stream, text: str):
    import av

    packet = av.Packet(text.encode())
    packet.stream, packet.time_base = stream, stream.time_base
    packet.pts = packet.dts = 80
    packet.duration = 100
    return packet


def rich(path: pathlib.Path) -> tuple:
    """Returns subtitles, title, chapters and attachments of a film."""
    import av

    with av.open(str(path)) as container:
        fonts = [each.data for each in container.streams if each.type == "attachment"]
        chapters = [
            (each["metadata"]["title"], *(float(each[end] * each["time_base"]) for end in
             ("start", "end")))
            for each in container.chapters()
        ]  # fmt: skip
        lines = [
            (packet.pts, packet.duration, bytes(packet), packet.stream.language)
            for packet in container.demux()
            if packet.stream.type == "subtitle" and packet.size
        ]
        return lines, container.metadata.get("title"), chapters, fonts


def _add_tone(output, stream, seconds: float) -> None:
    import av

    stream.codec_context.open(strict=False)
    size = stream.codec_context.frame_size or 1024
    for start in range(0, int(seconds * 48000), size):
        wave = np.sin((np.arange(size) + start) * 0.06).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), "fltp", "stereo")
        frame.sample_rate, frame.pts = 48000, start
        frame.time_base = fractions.Fraction(1, 48000)
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


def read(path: pathlib.Path) -> list:
    """Returns the frames of a film, as PyAV gives them."""
    import av

    with av.open(str(path)) as container:
        return list(container.decode(video=0))


def seconds(path: pathlib.Path) -> float:
    """Returns how long a film is."""
    import av

    with av.open(str(path)) as container:
        return container.duration / 1_000_000


def sound(path: pathlib.Path) -> list[tuple[float, bytes]]:
    """Returns the packets of a film's sound, with their times in seconds."""
    import av

    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(audio=0) if packet.size]
        return [(float(packet.pts * packet.time_base), bytes(packet)) for packet in packets]
