"""Two fields of an interlaced frame become one progressive frame, by FFmpeg's bwdif."""

from collections.abc import Iterator


class Deinterlacer:
    """A frame for each frame, as fields of different moments must not be enlarged as one picture.

    Frames that say that they are progressive pass through. Each depends on its neighbors, so they
    come one later; their times are in a time base of half the stream's.
    """

    def __init__(self, stream):
        """Takes the stream whose frames come."""
        import av

        self._graph = av.filter.Graph()
        source = self._graph.add_buffer(template=stream)
        bwdif = self._graph.add("bwdif", "mode=send_frame:deint=interlaced")
        sink = self._graph.add("buffersink")
        source.link_to(bwdif)
        bwdif.link_to(sink)
        self._graph.configure()

    def take(self, frame) -> Iterator:
        """Yields the frames that are ready after this one has come."""
        self._graph.push(frame)
        yield from self._ready()

    def rest(self) -> Iterator:
        """Yields the last frames."""
        self._graph.push(None)
        yield from self._ready()

    def _ready(self) -> Iterator:
        while True:
            try:
                yield self._graph.pull()
            except (BlockingIOError, EOFError):
                return
