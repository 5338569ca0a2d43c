"""mpv's renderer, libplacebo, as ffmpeg has it: to run an exported shader without a screen."""

import functools
import pathlib
import shutil
import subprocess
import tempfile

import numpy as np

# What libplacebo writes for white in 16 bits that come from 8: 255 * 256.
_WHITE = 65280
_PATIENCE_SECONDS = 120


@functools.cache
def obstacle() -> str | None:
    """Says why no shader can be run here, or returns None."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        return "no renderer to run it here (ffmpeg is not installed)"
    done = subprocess.run(
        [ffmpeg, "-hide_banner", "-loglevel", "error", "-init_hw_device", "vulkan", "-filters"],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
    )
    if done.returncode or "libplacebo" not in done.stdout:
        return "no renderer to run it here (ffmpeg lacks libplacebo or Vulkan)"
    return None


def doubled(shader: pathlib.Path, plane: np.ndarray) -> np.ndarray:
    """Enlarges luminance as a player would.

    Args:
      shader: the file.
      plane: float32 (H, W, 1), 1.0 = 255; rounded to 8 bits, as a film has them.

    Returns:
      float32 (2H, 2W, 1), clipped to 0..1.

    Raises:
      ValueError: ffmpeg fails.
    """
    height, width, _ = plane.shape
    luminance = np.clip(np.rint(plane * 255), 0, 255).astype(np.uint8)
    # Gray, in full range: its RGB are its luminance.
    frame = luminance.tobytes() + bytes([128]) * (2 * height * width)
    with tempfile.TemporaryDirectory() as folder:
        # A path of a user's could hold what the filter's syntax is made of.
        shutil.copy(shader, pathlib.Path(folder, "shader.glsl"))
        work = (
            "setparams=range=pc:colorspace=bt470bg,hwupload,"
            f"libplacebo=w={2 * width}:h={2 * height}:custom_shader_path=shader.glsl:"
            "range=pc:dithering=none:format=yuv444p16,hwdownload,format=yuv444p16"
        )
        command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-init_hw_device", "vulkan"]
        command += ["-f", "rawvideo", "-pix_fmt", "yuv444p", "-s", f"{width}x{height}", "-i", "-"]
        command += ["-vf", work, "-frames:v", "1", "-f", "rawvideo", "-"]
        done = subprocess.run(
            command, input=frame, capture_output=True, cwd=folder, timeout=_PATIENCE_SECONDS
        )
    count = 4 * height * width
    if done.returncode or len(done.stdout) < 2 * count:
        words = done.stderr.decode(errors="replace").strip().splitlines()[:1]
        raise ValueError(f"fails ({' '.join(words) or 'no picture came out'})")
    values = np.frombuffer(done.stdout, "<u2", count).reshape(2 * height, 2 * width, 1)
    return (values / np.float32(_WHITE)).astype(np.float32)
