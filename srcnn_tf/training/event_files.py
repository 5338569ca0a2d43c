"""A run's scalars and pictures as TensorBoard's event files, which go on without a seam.

The files are written with what TensorFlow itself has, so that TensorBoard need not be installed
where a network is trained, only where one looks at it.
"""

import contextlib
import errno
import io
import os
import pathlib
import time
from collections.abc import Iterator, Mapping

import numpy as np
import tensorflow as tf
from google.protobuf.message import DecodeError
from PIL import Image

from srcnn_tf.files import atomic_files

_Event = tf.compat.v1.Event
_Value = tf.compat.v1.Summary.Value

# Both write `validation/psnr`; TensorBoard lays tags of one name over each other in one chart.
_NETWORK, _BICUBIC = "network", "bicubic"
_BESIDE = "bicubic_"


class EventFiles:
    """Writes into `<folder>/network` and `<folder>/bicubic`, each a run in TensorBoard's sense."""

    def __init__(self, folder: pathlib.Path):
        self._folder = folder
        self._writers = {}

    def start(self, step: int) -> None:
        """Drops what an interrupted run wrote after `step`, where this one goes on.

        Here and below, what cannot be written is an OSError that names the folder.
        """
        for path in sorted(self._folder.glob("*/events.out.tfevents.*")):
            kept = [record for record, event in _records(path) if event.step <= step]
            with (
                atomic_files.atomic_write(path) as temporary,
                self._os_errors(),
                tf.io.TFRecordWriter(str(temporary)) as writer,
            ):
                for record in kept:
                    writer.write(record)

    def scalars(self, kind: str, step: int, values: Mapping[str, float]) -> None:
        """Writes each value as `<kind>/<name>`; `bicubic_<name>` goes beside `<name>`."""
        for name, value in values.items():
            run = _BICUBIC if name.startswith(_BESIDE) else _NETWORK
            tag = f"{kind}/{name.removeprefix(_BESIDE)}"
            self._write(run, step, _Value(tag=tag, simple_value=value))

    def picture(self, name: str, step: int, pixels: np.ndarray) -> None:
        """Writes one uint8 (H, W) picture."""
        encoded = io.BytesIO()
        Image.fromarray(pixels).save(encoded, "PNG")
        height, width = pixels.shape
        image = tf.compat.v1.Summary.Image(
            height=height, width=width, colorspace=1, encoded_image_string=encoded.getvalue()
        )
        self._write(_NETWORK, step, _Value(tag=name, image=image))

    def flush(self) -> None:
        """Makes everything so far visible to a TensorBoard that is watching."""
        with self._os_errors():
            for writer in self._writers.values():
                writer.flush()

    def close(self) -> None:
        """Ends the files."""
        with self._os_errors():
            for writer in self._writers.values():
                writer.close()

    def _write(self, run, step, value):
        with self._os_errors():
            self._write_to(run, step, value)

    def _write_to(self, run, step, value):
        if run not in self._writers:
            folder = self._folder / run
            folder.mkdir(parents=True, exist_ok=True)
            # TensorBoard reads a run's files in the order of their names.
            name = f"events.out.tfevents.{time.time_ns() // 1000:017d}.{os.getpid()}"
            self._writers[run] = tf.io.TFRecordWriter(str(folder / name))
            header = _Event(wall_time=time.time(), file_version="brain.Event:2")
            self._writers[run].write(header.SerializeToString())
        event = _Event(
            wall_time=time.time(), step=step, summary=tf.compat.v1.Summary(value=[value])
        )
        self._writers[run].write(event.SerializeToString())

    @contextlib.contextmanager
    def _os_errors(self):
        """Turns what TensorFlow says of a full disk into an OSError, as Python would say it."""
        try:
            yield
        except tf.errors.OpError as error:
            reason = error.message.rpartition("; ")[2]
            raise OSError(errno.EIO, reason, str(self._folder)) from error


def _records(path: pathlib.Path) -> Iterator[tuple[bytes, _Event]]:
    """Reads a file's records, raw and parsed, up to one that a crash cut off."""
    try:
        for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            yield record, _Event.FromString(record)
    except (tf.errors.DataLossError, DecodeError):
        return
