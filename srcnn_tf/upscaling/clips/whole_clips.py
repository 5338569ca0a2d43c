"""`upscale_video`: a film or an animated picture, and it comes back bigger, with its sound."""

import os
import pathlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.networks.network import Network
from srcnn_tf.upscaling.clips.clip import Clip, check_clip_name, clip_of, ending
from srcnn_tf.upscaling.clips.one_clip import enlarge_clip, plan_clip
from srcnn_tf.upscaling.clips.options import ClipOptions
from srcnn_tf.upscaling.enlargers import Enlargers
from srcnn_tf.upscaling.network_choice import enlargers_for
from srcnn_tf.upscaling.sizing import AlreadyThatSize, Sizing

if TYPE_CHECKING:
    from srcnn_tf.engines.keras_models import SuperResolutionModel

__all__ = ["upscale_video", "write_enlarged"]


def upscale_video(
    path: str | os.PathLike,
    output: str | os.PathLike | None = None,
    scale: float = 2,
    model: "Network | SuperResolutionModel | str | os.PathLike | None" = None,
    *,
    overwrite: bool = False,
    tile: int | None = None,
    self_ensemble: bool = False,
    strength: float = 1.0,
    codec: str = "auto",
    crf: float | None = None,
    on_frame: Callable[[int, float], object] = lambda done, rate: None,
) -> pathlib.Path:
    """Enlarges a film, with PyAV, or an animated GIF, PNG, WebP or AVIF, with Pillow.

    Every frame goes through the network that the first one calls for. Time stamps, and of films
    sound, subtitles, shape of pixels and color standard are kept, as far as the container can hold
    them.

    Args:
      path: the file.
      output: the file to write, by default `clip_x2.mp4` beside `clip.mp4`.
      scale: as of `upscale`.
      model: as of `upscale`.
      overwrite: whether to replace a file that exists.
      tile: as of `upscale`.
      self_ensemble: as of `upscale`.
      strength: as of `upscale`.
      codec: as of `ClipOptions`.
      crf: as of `ClipOptions`.
      on_frame: is called with how many frames are enlarged, and how many that is a second; it may
        raise to end the work.

    Returns:
      The path that was written.

    Raises:
      ImageFileError: the file is no clip, cannot be read or written, or PyAV is missing.
      FileExistsError: the file to be written exists.
      WeightsError: there are no weights such as these.
      ValueError: an argument is not usable.
    """
    path = pathlib.Path(path)
    options = (tile, self_ensemble, "float32", "auto", float(strength))
    enlargers = enlargers_for(model, Sizing(float(scale)), *options)
    clip = clip_of(path)
    if clip is None:
        raise ImageFileError(f"{path} is no film, and no animated picture; name one.")
    return write_enlarged(clip, enlargers, output, overwrite, ClipOptions(codec, crf), on_frame)


def write_enlarged(
    clip: Clip,
    enlargers: Enlargers,
    output: str | os.PathLike | None,
    overwrite: bool,
    options: ClipOptions,
    on_frame: Callable[[int, float], object] = lambda done, rate: None,
) -> pathlib.Path:
    """Writes an enlarged clip and returns its path; arguments as of `upscale_video`."""
    source = clip.source
    if output is None:
        path = pathlib.Path(str(source))
        output = path.with_name(
            f"{path.stem}{enlargers.sizing.suffix()}{ending(source, path.suffix)}"
        )
    output = pathlib.Path(output)
    if os.path.lexists(output) and not overwrite:
        raise FileExistsError(f"{output} exists; choose another output, or overwrite=True.")
    check_clip_name(output, source)
    try:
        plan = plan_clip(clip, output, enlargers, options)
    except AlreadyThatSize as error:
        raise ValueError(f"The clip cannot be enlarged: {error}.") from None
    enlarge_clip(plan, on_frame=on_frame)
    return output
