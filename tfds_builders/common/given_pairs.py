"""Pairs that the user made: `hr/` holds the pictures, `lr/` what became of each."""

import dataclasses
import pathlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from srcnn_tf.files.image_files import ImageFileError, find_images, read_image
from srcnn_tf.files.picture_kinds import readable_extensions
from srcnn_tf.imaging.degradation import given_pair
from tfds_builders.common import pairs
from tfds_builders.common.folder_layout import HIGH, LOW
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.common.picture_examples import PictureExamples


class GivenPixels(NamedTuple):
    """Both pictures of a pair: uint8 (H, W) or (H, W, 3), the lower one smaller by the scale."""

    high: np.ndarray
    low: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the larger picture."""
        return self.high.shape


@dataclasses.dataclass(frozen=True)
class GivenPairs(PictureExamples):
    """As `PictureExamples`, of the pairs in `folder`, whose names are those of `hr/`.

    A picture's partner in `lr/` has the same name, but for the extension, or `x2`, `_x2` and the
    like after it, as DIV2K has it.
    """

    def __post_init__(self):
        for name in (HIGH, LOW):
            if not (self.folder / name).is_dir():
                raise DatasetUnavailableError(
                    f"{self.dataset}: {self.folder} has no folder {name}/; pairs are in {HIGH}/, "
                    f"the pictures, and {LOW}/, each made smaller by {self.config.scale}."
                )

    def file_names(self) -> Sequence[str]:
        """Returns the names of all pictures in `hr/`, relative to it."""
        return find_images(self.folder / HIGH) if self.names is None else self.names

    def read(self, name: str) -> GivenPixels:
        """Returns the pixels of a pair.

        Raises:
          ImageFileError: one of the two cannot be used, or they do not fit each other.
        """
        path = self.folder / HIGH / name
        partner = self._partner(name)
        if partner is None:
            raise ImageFileError(
                f"{path} has no partner in {self.folder / LOW}; give that the same name."
            )
        high, low = read_image(path), read_image(partner)
        scale = self.config.scale
        if high.ndim != low.ndim:
            raise ImageFileError(
                f"{partner} and {path} are a gray and a color picture; save both alike."
            )
        if tuple(side // scale for side in high.shape[:2]) != low.shape[:2]:
            raise ImageFileError(
                f"{partner} is {low.shape[1]}x{low.shape[0]} pixels, and {path}, of "
                f"{high.shape[1]}x{high.shape[0]}, is not {scale} times as large; choose the "
                "config of the right scale, or repair one of them."
            )
        return GivenPixels(high, low)

    def examples_from(self, name: str, pixels: GivenPixels) -> Iterator[tuple[str, dict]]:
        """Yields (key, example) of a pair that `read` returned."""
        pair = given_pair(pixels.high, pixels.low, self.config.scale)
        yield name, pairs.example_of(pair, name)

    def _partner(self, name: str) -> pathlib.Path | None:
        path = self.folder / LOW / name
        scale = self.config.scale
        for stem in (path.stem, f"{path.stem}x{scale}", f"{path.stem}_x{scale}"):
            for extension in (path.suffix, *sorted(readable_extensions())):
                found = path.with_name(stem + extension)
                if found.is_file():
                    return found
        return None
