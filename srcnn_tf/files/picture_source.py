"""Where a picture's bytes come from: a file, or memory (standard input, an upload, an archive)."""

import io
import pathlib
from typing import BinaryIO

from PIL import Image

from srcnn_tf.files import picture_kinds


class Memory:
    """A picture file's bytes; the readers of pictures take it in place of a path.

    Attributes:
      data: the file's bytes.
    """

    # It is told by its content alone.
    suffix = ""

    def __init__(self, data: bytes, name: str = "the picture"):
        """Takes the bytes, and what messages call them."""
        self.data = data
        self._name = name

    def open(self, mode: str = "rb") -> BinaryIO:
        """Returns the bytes as a file that is opened for reading."""
        return io.BytesIO(self.data)

    def read_bytes(self) -> bytes:
        """Returns the bytes."""
        return self.data

    def __str__(self) -> str:
        return self._name


Source = pathlib.Path | Memory


def open_image(source: Source) -> Image.Image:
    """Opens a picture by Pillow, reading only its head.

    Raises:
      Whatever Pillow raises; see `image_files.reading_errors`.
    """
    picture_kinds.readable_extensions()  # Loads the plugins.
    return Image.open(source if isinstance(source, pathlib.Path) else source.open())


def extension_of(source: Memory) -> str:
    """Returns the usual extension of the format that the bytes are in; empty if it is not known."""
    try:
        with open_image(source) as image:
            form = "JPEG" if image.format == "MPO" else image.format
    except Exception:  # Damage of any kind; whoever reads it says so.
        return ""
    preferred = {"JPEG": ".jpg", "TIFF": ".tif", "PNG": ".png"}
    known = (name for name, other in Image.registered_extensions().items() if other == form)
    return preferred.get(form or "") or next(known, "")
