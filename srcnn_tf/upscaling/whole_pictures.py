"""`upscale`: any picture and a network, and the picture comes back bigger."""

import functools
import os
import pathlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from srcnn_tf.engines import runners
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.files.picture_files import Picture, picture_of, read_picture
from srcnn_tf.files.picture_writing import FORMATS, Canvas, check_size, write_picture
from srcnn_tf.imaging.tiling import Tiler
from srcnn_tf.networks.find_weights import DEFAULT_MODEL, load_network
from srcnn_tf.networks.network import Network
from srcnn_tf.upscaling.enlarging import Enlarger

if TYPE_CHECKING:
    from srcnn_tf.engines.keras_models import SuperResolutionModel

# With TensorFlow a tile of this side takes some 0.4 GB; larger ones are not faster.
AUTO_TILE = 512


def upscale(
    image: str | os.PathLike | Image.Image | np.ndarray,
    scale: int = 2,
    model: "Network | SuperResolutionModel | str | os.PathLike | None" = None,
    *,
    output: str | os.PathLike | None = None,
    overwrite: bool = False,
    tile: int | None = None,
    self_ensemble: bool = False,
):
    """Enlarges a picture; the network sharpens its luminance, bicubic enlarges its colors.

    Args:
      image: a path, a Pillow image, or an array: uint8, uint16 or floats with white at 1.0, of
        (H, W), (H, W, 1) gray, (H, W, 2) gray and alpha, (H, W, 3) RGB or (H, W, 4) RGBA.
      scale: 2, 3 or 4.
      model: a network or its Keras model, the name of a shipped one, or a path; None for the
        shipped 9-5-5. A network that says it is for another scale is refused.
      output: only for a path: what to write, by default `photo_x2.jpg` beside `photo.jpg`, and
        PNG where the format cannot be written.
      overwrite: whether to replace a file that exists.
      tile: longest side of what is worked on at once, in pixels of the result, 512 by default. It
        changes the memory that is used, and nothing else.
      self_ensemble: average over the eight turns and flips: eight times slower, slightly better.

    Returns:
      For a path: the path that was written. For a Pillow image: one of the same depth, upright,
      with profile, EXIF, XMP and resolution in its `info`; 1-bit comes back gray, palettes and CMYK
      as RGB. For an array: one of its dtype and number of dimensions, each side `scale` times
      longer; floats are neither rounded nor clipped.

    Raises:
      ImageFileError: the picture cannot be read, enlarged or written.
      FileExistsError: the file to be written exists.
      WeightsError: there are no weights such as these.
      TypeError, ValueError: the array or an argument is none of the above.
    """
    enlarger = _enlarger(model, scale, tile, self_ensemble)
    if isinstance(image, np.ndarray):
        return enlarger.enlarge(image)
    if isinstance(image, Image.Image):
        return _upscale_image(image, enlarger)
    path = pathlib.Path(image)
    output = pathlib.Path(output) if output is not None else _default_output(path, scale)
    if output.exists() and not overwrite:
        raise FileExistsError(f"{output} exists; choose another output, or overwrite=True.")
    picture = read_picture(path)
    height, width, _ = picture.pixels.shape
    check_size(output, width * scale, height * scale)
    write_picture(output, enlarged_canvas(picture, [enlarger], path), picture.metadata)
    return output


def make_enlarger(
    network: "Network | SuperResolutionModel",
    scale: int,
    tile: int | None = None,
    self_ensemble: bool = False,
    precision: str = "float32",
    device: str = "auto",
) -> Enlarger:
    """Returns a network at work on whole pictures; see `upscale` for the arguments.

    Args:
      network: a network, or a Keras model of one.
      scale: as of `upscale`.
      tile: as of `upscale`.
      self_ensemble: as of `upscale`.
      precision: as of `engines.runner`.
      device: as of `engines.runner`.

    Raises:
      ValueError: the network is for another scale, or an argument is not usable.
    """
    if scale != int(scale) or scale < 1:
        raise ValueError(f"The scale must be a positive integer, not {scale}.")
    upscale = network.architecture.upscale
    trained_for = network.info.scale if network.info is not None else upscale
    if (network.info is not None or upscale > 1) and trained_for != scale:
        raise ValueError(f"This network is for x{trained_for}, not x{scale}.")
    runner = runners.runner(network, precision=precision, device=device)
    if self_ensemble:
        runner = runners.self_ensemble(runner)
    tiler = Tiler(AUTO_TILE if tile is None else tile, _out_of_memory())
    return Enlarger(int(scale), tiler, runner)


def enlarged_canvas(picture: Picture, enlargers: Sequence[Enlarger], name: object) -> Canvas:
    """Enlarges a picture into pixels that can be written.

    Args:
      picture: what is enlarged.
      enlargers: of one scale; their results are put side by side, from left to right.
      name: what an error calls the picture.

    Raises:
      ImageFileError: memory ran out, with the smallest tiles too.
    """
    height, width, channels = picture.pixels.shape
    height, width = height * enlargers[0].scale, width * enlargers[0].scale
    try:
        canvas = Canvas(height, width * len(enlargers), channels, picture.pixels.dtype)
        for position, enlarger in enumerate(enlargers):
            for tile, values in enlarger.tiles(picture.pixels):
                canvas.put(tile.moved(position * width), values)
    except _out_of_memory():
        raise ImageFileError(
            f"{name}, enlarged to {width} x {height} pixels, does not fit into memory; cut it into "
            "smaller pictures."
        ) from None
    return canvas


def _enlarger(model, scale, tile, self_ensemble) -> Enlarger:
    if model is None or (isinstance(model, str) and model == DEFAULT_MODEL):
        return _shipped_enlarger(scale, tile, self_ensemble)
    if isinstance(model, str | os.PathLike):
        model = load_network(model, scale)
    return make_enlarger(model, scale, tile, self_ensemble)


@functools.lru_cache(maxsize=3)
def _shipped_enlarger(scale, tile, self_ensemble) -> Enlarger:
    """Keeps the default network, so that a loop over pictures loads and traces it once."""
    return make_enlarger(load_network(None, scale), scale, tile, self_ensemble)


def _out_of_memory() -> tuple[type[BaseException], ...]:
    """What is raised where memory runs out; TensorFlow's own error only if it is loaded."""
    tensorflow = sys.modules.get("tensorflow")
    return (MemoryError, tensorflow.errors.ResourceExhaustedError) if tensorflow else (MemoryError,)


def _upscale_image(image: Image.Image, enlarger: Enlarger) -> Image.Image:
    picture = picture_of(image, "The image")
    canvas = enlarged_canvas(picture, [enlarger], "The image")
    result = canvas.image()
    result.info.update(picture.metadata.pillow_info(canvas.size))
    return result


def _default_output(path: pathlib.Path, scale: int) -> pathlib.Path:
    extension = path.suffix if path.suffix.lower() in FORMATS else ".png"
    return path.with_name(f"{path.stem}_x{scale}{extension}")
