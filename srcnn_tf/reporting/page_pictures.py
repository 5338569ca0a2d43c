"""The pictures of a report: every plane that a benchmark scored, in color, as PNG files."""

import os
import pathlib
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.evaluation.benchmarking import OnPlane
from srcnn_tf.files import atomic_files
from srcnn_tf.imaging.luma import LumaToRgb

FOLDER = "pictures"


class Shown(NamedTuple):
    """One picture's files, relative to the report's folder, with `/` between their parts."""

    width: int
    height: int
    original: str
    bicubic: str
    networks: dict[str, str]  # By label.


class ReportPictures:
    """Takes planes while they are scored, so that no network runs twice, and writes them.

    Attributes:
      shown: what was written, by (dataset, scale, condition of the protocol, filename).
    """

    def __init__(self, folder: str | os.PathLike):
        self._folder = pathlib.Path(folder)
        self.shown: dict[tuple[str, int, str, str], Shown] = {}

    def keeper(
        self,
        dataset: str,
        scale: int,
        pictures: Sequence[EvaluationPicture],
        condition: str = "",
    ) -> OnPlane:
        """Returns what `benchmarking.benchmark` takes as `on_plane`.

        Args:
          dataset: its name.
          scale: the enlargement.
          pictures: all that are going to be scored, read with `color=True`.
          condition: what sets them apart from others of the dataset and scale, such as `q10`.
        """
        numbers = {picture.filename: number for number, picture in enumerate(pictures, start=1)}

        def keep(picture: EvaluationPicture, label: str | None, plane: np.ndarray) -> None:
            if picture.hr is None:
                raise ValueError(f"{picture.filename} has no colors; read it with `color=True`.")
            key = (dataset, scale, condition, picture.filename)
            color = LumaToRgb(picture.hr, picture.hr_y, scale)
            # Names of pictures may hold anything; the number keeps shortened ones apart.
            folder = group_name(dataset, scale, condition)
            stem = f"{folder}/{numbers[picture.filename]:03d}_{_slug(picture.filename)}"
            if key not in self.shown:
                height, width = plane.shape[:2]
                original = self._write(f"{stem}_original", color.original)
                bicubic = self._write(f"{stem}_bicubic", color(picture.bicubic_y))
                self.shown[key] = Shown(width, height, original, bicubic, {})
            if label is not None:
                networks = self.shown[key].networks
                networks[label] = self._write(f"{stem}_network{len(networks) + 1}", color(plane))

        return keep

    def _write(self, name, pixels) -> str:
        path = f"{FOLDER}/{name}.png"
        with atomic_files.atomic_write(self._folder / path) as temporary:
            Image.fromarray(pixels).save(temporary, "PNG")
        return path


def group_name(dataset: str, scale: int, condition: str) -> str:
    """Names a dataset at a scale, and under a condition, in paths and in links of the page."""
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", dataset)
    return f"{plain}_x{scale}{f'_{condition}' if condition else ''}"


def _slug(filename: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", pathlib.PurePath(filename).stem).strip("-")[:40]
