"""`upscale`: any picture and a network, and the picture comes back bigger, as what it was."""

import dataclasses
import functools
import io
import os
import pathlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.files.jpeg_quality import read_settings
from srcnn_tf.files.picture_files import Picture, picture_of, read_picture
from srcnn_tf.files.picture_source import Memory, extension_of
from srcnn_tf.files.picture_writing import (
    FORMATS,
    Canvas,
    check_size,
    picture_bytes,
    write_picture,
)
from srcnn_tf.networks.network import Network
from srcnn_tf.upscaling import arrays
from srcnn_tf.upscaling.clips.clip import clip_of
from srcnn_tf.upscaling.clips.options import ClipOptions
from srcnn_tf.upscaling.clips.whole_clips import write_enlarged
from srcnn_tf.upscaling.enlargers import Enlargers, make_enlarger, out_of_memory
from srcnn_tf.upscaling.enlarging import Enlarging
from srcnn_tf.upscaling.memory_limit import check_memory
from srcnn_tf.upscaling.network_choice import AUTO, enlargers_for
from srcnn_tf.upscaling.sizing import AlreadyThatSize, Sizing

if TYPE_CHECKING:
    from srcnn_tf.engines.keras_models import SuperResolutionModel

__all__ = ["enlarged_canvas", "make_enlarger", "upscale"]


def upscale(
    image,
    scale: float = 2,
    model: "Network | SuperResolutionModel | str | os.PathLike | None" = None,
    *,
    output: str | os.PathLike | None = None,
    overwrite: bool = False,
    tile: int | None = None,
    self_ensemble: bool = False,
    strength: float = 1.0,
    range: str | None = None,
):
    """Enlarges a picture; the network sharpens its luminance, bicubic enlarges its colors.

    A network in color, such as `srcnn-9-1-5-rgb`, sharpens these, too.

    Args:
      image: a path, also of a clip (see `upscale_video`); a picture file's bytes, or a file object
        that gives them; a Pillow image; an array or a TensorFlow tensor, of (H, W), (H, W, 1) gray,
        (H, W, 2) gray and alpha, (H, W, 3) RGB, (H, W, 4) RGBA, or a batch (N, H, W, 1 to 4); or a
        list, tuple or iterator of these.
      scale: 2, 3, 4; or any factor from 1, for which the next larger networks run and MATLAB's
        resize follows; 1 itself needs a network that cleans without enlarging.
      model: a network or its Keras model; the name of a shipped one; a path; `fast`, `default` or
        `best`, see `pretrained_list.chosen_path`, which were trained on clean pictures (`clean` is
        `default`); or `photo`, trained on compressed and noisy ones. None or `auto` chooses between
        `default` and `photo` by a picture's file and pixels; of arrays and tensors nothing is
        known, and they get `default`. A network that says it is for another scale is refused.
      output: only for a path, bytes or a file object: the file to write, by default `photo_x2.jpg`
        beside `photo.jpg`, and PNG where the format cannot be written.
      overwrite: whether to replace a file that exists.
      tile: longest side of what is worked on at once, in pixels of the result, 512 by default. It
        changes the memory that is used, and nothing else.
      self_ensemble: average over the eight turns and flips: eight times slower, slightly better. It
        is left out for networks that treat all of these alike, which would gain nothing.
      strength: how much of what the network does: 0, bicubic alone, to 1, all.
      range: of an array's or tensor's values, black to white: `0..1`, `0..255`, `0..65535` or
        `-1..1`. By default uint8 and uint16 use their whole range, and floats are 0..1; floats far
        outside are refused.

    Returns:
      For a path, and wherever there is an `output`: the path that was written. For bytes: a
      picture file's bytes, of the same format (PNG where it cannot be written); for a file object:
      one with these bytes. For a Pillow image: one of the same depth, upright, with profile, EXIF,
      XMP and resolution in its `info`; 1-bit comes back gray, palettes and CMYK as RGB. For an
      array or tensor: one of its dtype, range and number of dimensions, each side `scale` times
      longer; floats are neither rounded nor clipped. For a list, tuple or iterator: a generator of
      results, each made when it is asked for.

    Raises:
      ImageFileError: the picture cannot be read, enlarged or written.
      FileExistsError: the file to be written exists.
      WeightsError: there are no weights such as these.
      TypeError, ValueError: the array or an argument is none of the above.
    """
    if output is not None and not os.fspath(output):
        raise ImageFileError("An empty name is no file to write; name one, or leave it out.")
    enlargers = _enlargers(model, float(scale), tile, self_ensemble, float(strength))
    if isinstance(image, list | tuple | Iterator) and not hasattr(image, "read"):
        if output is not None:
            raise ValueError("An output is for one picture; leave it out for several.")
        return _each(image, enlargers, overwrite, range)
    return _upscale(image, enlargers, output, overwrite, range)


def _each(images: Iterable, enlargers: Enlargers, overwrite: bool, value_range) -> Iterator:
    for image in images:
        yield _upscale(image, enlargers, None, overwrite, value_range)


def _upscale(image, enlargers: Enlargers, output, overwrite: bool, value_range: str | None):
    is_tensor = arrays.is_tensor(image)
    if is_tensor or isinstance(image, np.ndarray):
        if output is not None:
            raise ValueError("An output is for paths, bytes and file objects; save the array.")
        work = functools.partial(_upscale_array, enlargers=enlargers, value_range=value_range)
        return arrays.on_tensor(image, work, enlargers) if is_tensor else work(image)
    if value_range is not None:
        raise ValueError("A range is for arrays and tensors; pictures and files know their own.")
    if isinstance(image, Image.Image):
        return _upscale_image(image, enlargers)
    if isinstance(image, bytes | bytearray | memoryview):
        memory = Memory(bytes(image), "the picture")
        return _upscale_memory(memory, enlargers, output, overwrite)
    if hasattr(image, "read"):
        data = image.read()
        if not isinstance(data, bytes):
            raise TypeError("The file object gives text; open the picture's file by mode 'rb'.")
        memory = Memory(data, str(getattr(image, "name", "the picture")))
        result = _upscale_memory(memory, enlargers, output, overwrite)
        return io.BytesIO(result) if isinstance(result, bytes) else result
    if not os.fspath(image):
        raise ImageFileError("An empty name is no picture; name a file.")
    path = pathlib.Path(image)
    if clip := clip_of(path):
        return write_enlarged(clip, enlargers, output, overwrite, ClipOptions())
    if output is None:
        extension = path.suffix if path.suffix.lower() in FORMATS else ".png"
        output = path.with_name(f"{path.stem}{enlargers.sizing.suffix()}{extension}")
    return _upscale_to(path, enlargers, output, overwrite)


def enlarged_canvas(
    picture: Picture,
    methods: Sequence[Enlarging],
    name: object,
    on_tile: Callable[[int], object] | None = None,
) -> Canvas:
    """Enlarges a picture into pixels that can be written.

    Args:
      picture: what is enlarged.
      methods: to one size; their results are put side by side, from left to right.
      name: what an error calls the picture.
      on_tile: is called with the number of pixels of each tile that is done.

    Raises:
      ImageFileError: memory ran out, with the smallest tiles too.
    """
    channels, dtype = picture.pixels.shape[2], picture.pixels.dtype
    height, width = methods[0].size_of(*picture.pixels.shape[:2])
    check_memory(name, width * len(methods), height, channels, dtype)
    try:
        canvas = Canvas(height, width * len(methods), channels, dtype)
        for position, method in enumerate(methods):
            for tile, values in method.tiles(picture.pixels):
                canvas.put(tile.moved(position * width), values)
                if on_tile:
                    on_tile(tile.pixels)
    except out_of_memory():
        raise ImageFileError(
            f"{name}, enlarged to {width} x {height} pixels, does not fit into memory; cut it into "
            "smaller pictures."
        ) from None
    return canvas


def _enlargers(model, scale: float, tile, self_ensemble, strength) -> Enlargers:
    if model is None or (isinstance(model, str) and model == AUTO):
        return _shipped_enlargers(scale, tile, self_ensemble, strength)
    return _made(model, scale, tile, self_ensemble, strength)


@functools.lru_cache(maxsize=3)
def _shipped_enlargers(*options) -> Enlargers:
    """Keeps the default networks, so that a loop over pictures loads and traces them once."""
    return _made(AUTO, *options)


def _made(model, scale, tile, self_ensemble, strength) -> Enlargers:
    options = (tile, self_ensemble, "float32", "auto", strength)
    return enlargers_for(model, Sizing(scale), *options)


def _method(enlargers: Enlargers, height: int, width: int) -> Enlarging:
    try:
        return enlargers.method(enlargers.plan(width, height))
    except AlreadyThatSize as error:
        raise ValueError(f"The picture cannot be enlarged: {error}.") from None


def _upscale_array(array: np.ndarray, enlargers: Enlargers, value_range) -> np.ndarray:
    return arrays.enlarge(array, lambda *sides: _method(enlargers, *sides), value_range)


def _upscale_image(image: Image.Image, enlargers: Enlargers) -> Image.Image:
    jpeg = read_settings(image)
    picture = dataclasses.replace(
        picture_of(image, "The image"), jpeg=jpeg, lossy="JPEG" if jpeg else ""
    )
    canvas = _canvas(picture, enlargers, "The image")
    result = canvas.image()
    result.info.update(picture.metadata.pillow_info(canvas.size))
    return result


def _upscale_memory(memory: Memory, enlargers: Enlargers, output, overwrite: bool):
    if output is not None:
        return _upscale_to(memory, enlargers, output, overwrite)
    extension = extension_of(memory)
    name = f"the result{extension if extension in FORMATS else '.png'}"
    picture = read_picture(memory)
    return picture_bytes(name, _canvas(picture, enlargers, memory), picture.metadata)


def _upscale_to(source, enlargers: Enlargers, output, overwrite: bool) -> pathlib.Path:
    output = pathlib.Path(output)
    if os.path.lexists(output) and not overwrite:
        raise FileExistsError(f"{output} exists; choose another output, or overwrite=True.")
    picture = read_picture(source)
    height, width, _ = picture.pixels.shape
    check_size(output, *_method(enlargers, height, width).size_of(height, width)[::-1])
    write_picture(output, _canvas(picture, enlargers, source), picture.metadata)
    return output


def _canvas(picture: Picture, enlargers: Enlargers, name: object) -> Canvas:
    chosen, _ = enlargers.chosen_for(picture)
    method = _method(chosen, *picture.pixels.shape[:2])
    return enlarged_canvas(picture, [method], name)
