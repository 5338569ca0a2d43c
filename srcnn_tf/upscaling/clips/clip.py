"""What a clip is: a film or an animated picture; and what its result may be called."""

import pathlib

from srcnn_tf.files import picture_kinds
from srcnn_tf.files.animations import Animation, animation_of
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.files.picture_source import Source
from srcnn_tf.files.picture_writing import FORMATS
from srcnn_tf.upscaling.clips.film_reading import Film, film_of
from srcnn_tf.upscaling.clips.options import CONTAINERS

Clip = Film | Animation
_GIF = ".gif"


def clip_of(source: Source) -> Clip | None:
    """Returns what a file's head says of a clip; None if it is a single picture, or anything else.

    Raises:
      ImageFileError: it is a film, and cannot be read, or not without PyAV.
    """
    if picture_kinds.is_film(source) and isinstance(source, pathlib.Path):
        if not picture_kinds.reads_films():
            raise ImageFileError(
                f"{source} is a film, which needs PyAV: {picture_kinds.FILM_ADVICE} brings it."
            )
        return film_of(source)
    return animation_of(source)


def ending(source: Source, own: str, extension: str = "auto") -> str:
    """Returns the extension of a result, with its dot.

    Args:
      source: a picture or a clip.
      own: its extension, with the dot.
      extension: as of `plan`. That of pictures does not count for films, nor the other way round.
    """
    wanted = f".{extension}"
    if picture_kinds.is_film(source):
        if wanted in CONTAINERS:
            return wanted
        return own if own.lower() in CONTAINERS else ".mp4"
    for_pictures = extension != "auto" and wanted not in CONTAINERS
    if for_pictures and wanted != _GIF:
        return wanted
    if (for_pictures or own.lower() == _GIF) and animation_of(source):
        return _GIF if for_pictures else own
    return own if own.lower() in FORMATS else ".png"


def check_clip_name(output: pathlib.Path, source: Source) -> bool:
    """Whether a name is that of a film's or an animated GIF's result, made of one.

    Raises:
      ImageFileError: it is that of a film and what is read is none, or the other way round.
    """
    film, wanted = picture_kinds.is_film(source), output.suffix.lower()
    if film and wanted not in CONTAINERS:
        raise ImageFileError(
            f"{output} cannot hold a film; end its name in one of {', '.join(CONTAINERS)}."
        )
    if wanted in CONTAINERS and not film:
        raise ImageFileError(
            f"{output} would be a film, and {source} is none; end its name in .png, or .webp."
        )
    return film or (wanted == _GIF and animation_of(source) is not None)
