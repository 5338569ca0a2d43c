"""How films are compressed: `--codec` and `--crf`, and what a container takes."""

import dataclasses
import pathlib

from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.upscaling.clips.planes import RGB, YUV, Layout

# Containers that are written, by extension; films in others become MP4.
CONTAINERS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm"}
AUTO = "auto"
# What people call FFmpeg's encoders.
_ENCODERS = {
    "av1": "libsvtav1",
    "h264": "libx264",
    "h265": "libx265",
    "hevc": "libx265",
    "vp8": "libvpx",
    "vp9": "libvpx-vp9",
    "x264": "libx264",
    "x265": "libx265",
}
# Encoders that take a quality as CRF, and the one that hardly loses anything to see.
_CRF = {
    "libx264": 18,
    "libx264rgb": 18,
    "libx265": 20,
    "libvpx-vp9": 24,
    "libvpx": 8,
    "libsvtav1": 24,
    "libaom-av1": 24,
}
_OTHER_OPTIONS = {
    "libx265": {"x265-params": "log-level=none"},
    "libvpx-vp9": {"b": "0", "row-mt": "1", "cpu-used": "3"},
    "libvpx": {"b": "20000000", "cpu-used": "3"},
}
# Encoders of frames whose sides need not be even.
_TAKES_ODD = ("ffv1", "huffyuv", "ffvhuff", "libvpx", "libvpx-vp9", "libaom-av1", "png", "qtrle")


@dataclasses.dataclass(frozen=True)
class ClipOptions:
    """How a film is compressed.

    Attributes:
      codec: `auto`: H.264, HEVC for more than 8 bits, VP9 in WebM; `h264`, `hevc`, `vp9`, `av1`,
        `ffv1`; or any video encoder of FFmpeg's.
      crf: the constant rate factor, lower for better; None for one that hardly loses anything.

    Raises:
      ValueError: the factor is none.
    """

    codec: str = AUTO
    crf: float | None = None

    def __post_init__(self):
        if self.crf is not None and not 0 <= self.crf <= 63:
            raise ValueError(f"The rate factor (crf) is from 0 to 63, not {self.crf:g}.")

    def encoder(self, path: pathlib.Path, layout: Layout) -> str:
        """Returns the encoder for a file of this name; errors as of `encoder_options`."""
        import av

        name = _ENCODERS.get(self.codec.lower(), self.codec)
        if self.codec == AUTO:
            deep = "libx265" if layout.depth > 8 else "libx264"
            name = "libvpx-vp9" if path.suffix.lower() == ".webm" else deep
        try:
            codec = av.codec.Codec(name, "w")
        except (ValueError, av.FFmpegError):
            codec = None
        if codec is None or codec.type != "video":
            raise ImageFileError(
                f"{path} cannot be written: there is no encoder {self.codec} here; use "
                "--codec=h264, hevc, vp9, av1 or ffv1."
            )
        return name

    def encoder_options(self, encoder: str) -> dict[str, str]:
        """Returns the encoder's options.

        Raises:
          ImageFileError: it has no rate factor, and one is asked for.
        """
        options = dict(_OTHER_OPTIONS.get(encoder, {}))
        crf = _CRF.get(encoder) if self.crf is None else self.crf
        if crf is None:
            return options
        if encoder not in _CRF:
            raise ImageFileError(f"{encoder} has no rate factor; leave --crf out.")
        return options | {"crf": f"{crf:g}"}


def pixel_format(encoder: str, layout: Layout) -> str:
    """Returns the encoder's pixel format that loses least of a layout.

    As many bits come first, then chroma of the same grid, then fewer of each.
    """
    import av

    formats = av.codec.Codec(encoder, "w").video_formats
    if not formats:
        return layout.pixel_format
    return min(formats, key=lambda form: _loss(form, layout)).name


def _loss(form, layout: Layout) -> tuple:
    depth = max(each.bits for each in form.components)
    rgb = form.is_rgb
    # What becomes YUV anyway becomes what players know.
    deep = layout.depth if rgb or layout.kind != RGB else min(layout.depth, 10)
    steps = (1, 1) if rgb else (64 // form.chroma_height(64), 64 // form.chroma_width(64))
    wanted = layout.steps if rgb or layout.kind == YUV else (2, 2)
    planar = form.name.startswith(("yuv4", "gbrp", "rgb24", "rgb0", "bgr0"))
    return (
        rgb != (layout.kind == RGB),
        form.name.startswith(("gray", "yuvj")) or any(each.is_alpha for each in form.components),
        max(0, deep - depth),
        sum(abs(a - b) for a, b in zip(steps, wanted, strict=True)),
        abs(depth - deep),
        not planar,
    )


def takes_size(encoder: str, form: str, width: int, height: int) -> tuple[int, int]:
    """Returns the size that an encoder takes: even, where chroma is stored for pairs of pixels."""
    import av

    if encoder in _TAKES_ODD:
        return width, height
    video = av.video.format.VideoFormat(form)
    columns, rows = 64 // max(video.chroma_width(64), 1), 64 // max(video.chroma_height(64), 1)
    return max(width - width % columns, columns), max(height - height % rows, rows)
