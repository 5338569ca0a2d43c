"""What a film has beside its pictures: sound, subtitles, covers, fonts; copied where it can be."""

import collections
from typing import TYPE_CHECKING

from srcnn_tf.upscaling.clips.film_reading import is_cover

if TYPE_CHECKING:
    import av

_WORDS = {
    "audio": "sound",
    "subtitle": "subtitles",
    "attachment": "attachments",
    "data": "data",
    "video": "a further film",
    "cover": "cover",
}
# In the order of preference; `supported_codecs` says which a container takes.
_SOUND = ("aac", "libopus", "flac")


class OtherStreams:
    """The streams of a film but its own, and what becomes of each.

    Attributes:
      wanted: the indices of those whose packets are wanted.
      words: what becomes of all, such as `sound copied`.
    """

    def __init__(self, source, film_stream, output, container_name: str):
        """Adds to an output what its container can hold.

        Args:
          source: PyAV's container that is read.
          film_stream: the stream that is enlarged.
          output: PyAV's container that is written, to which no packet was written.
          container_name: what a message calls that, such as `MP4`.
        """
        self._output = output
        self._copied: dict[int, av.stream.Stream] = {}
        self._encoded: dict[int, _Sound] = {}
        fates: dict[str, list[str]] = collections.defaultdict(list)
        for stream in source.streams:
            if stream is film_stream:
                continue
            kind = "cover" if is_cover(stream) else stream.type
            fates[self._add(stream, container_name)].append(kind)
        self.wanted = {*self._copied, *self._encoded}
        self.words = tuple(
            f"{', '.join(dict.fromkeys(_WORDS.get(kind, kind) for kind in kinds))} {fate}"
            for fate, kinds in fates.items()
        )

    def put(self, packet: "av.Packet") -> None:
        """Writes what becomes of another stream's packet."""
        index = packet.stream.index
        if index in self._encoded:
            self._output.mux(self._encoded[index].encode(packet))
            return
        packet.stream = self._copied[index]
        self._output.mux(packet)

    def end(self) -> None:
        """Writes the last packets of what is encoded again."""
        for sound in self._encoded.values():
            self._output.mux(sound.end())

    def _add(self, stream, container_name: str) -> str:
        if stream.type == "data":
            # Cameras' own tracks (time code, position), for which muxers have no rules.
            return "left out"
        if stream.type == "attachment":
            if self._output.format.name != "matroska":
                return f"left out ({container_name} holds none)"
            self._output.add_attachment(
                stream.metadata.get("filename", "attachment"), stream.mimetype or "", stream.data
            )
            return "copied"
        codec = "unknown codec"
        if stream.codec_context:
            codec = stream.codec_context.codec.canonical_name
        try:
            added = self._output.add_stream_from_template(stream, opaque=True)
        except (ValueError, OSError):
            if stream.type == "audio":
                return self._encode(stream, codec, container_name)
            return f"left out (no {codec} in {container_name})"
        added.metadata.update(stream.metadata)
        added.disposition = stream.disposition
        self._copied[stream.index] = added
        return "copied"

    def _encode(self, stream, codec: str, container_name: str) -> str:
        name = next((name for name in _SOUND if name in self._output.supported_codecs), None)
        if name is None or stream.codec_context is None:
            return f"left out (no {codec} in {container_name})"
        rate = 48000 if name == "libopus" else stream.codec_context.sample_rate
        added = self._output.add_stream(name, rate=rate)
        added.codec_context.layout = stream.codec_context.layout
        added.codec_context.bit_rate = 96_000 * max(stream.codec_context.channels, 1)
        added.metadata.update(stream.metadata)
        added.disposition = stream.disposition
        self._encoded[stream.index] = _Sound(added)
        return f"encoded anew as {name.removeprefix('lib')} (no {codec} in {container_name})"


class _Sound:
    """Decodes sound and encodes it in another way."""

    def __init__(self, stream):
        self._stream = stream
        self._resampler = None

    def encode(self, packet) -> list:
        packets = []
        for frame in packet.decode():
            packets += self._packets(frame)
        return packets

    def end(self) -> list:
        packets = self._packets(None) if self._resampler else []
        return packets + self._stream.encode(None)

    def _packets(self, frame) -> list:
        import av

        context = self._stream.codec_context
        if self._resampler is None:
            context.open(strict=False)
            self._resampler = av.AudioResampler(
                context.format, context.layout, context.sample_rate, context.frame_size or None
            )
        return [
            packet
            for resampled in self._resampler.resample(frame)
            for packet in self._stream.encode(resampled)
        ]
