"""A split's pictures and the examples that each becomes; any engine may take any part of them."""

import dataclasses
import logging
import pathlib
from collections.abc import Iterator, Sequence

import numpy as np

from srcnn_tf.files.image_files import ImageFileError, find_images, read_image
from tfds_builders.common import pairs, subimages
from tfds_builders.common.manifest import DatasetUnavailableError

_LOGGER = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class PictureExamples:
    """Iterating yields (key, example) of all pictures: what TFDS's plain generation takes.

    Attributes:
      dataset: its name, for messages.
      folder: where the pictures are.
      config: what is made of each.
      names: paths relative to the folder, with `/` between their parts; None for all that
        `find_images` finds, so that a copy sent to another process stays small.
    """

    dataset: str
    folder: pathlib.Path
    config: pairs.PairConfig
    names: tuple[str, ...] | None = None

    @classmethod
    def of_files(
        cls, dataset: str, paths: Sequence[pathlib.Path], config: pairs.PairConfig
    ) -> "PictureExamples":
        """Returns those of a published dataset, whose files all lie in one folder."""
        return cls(dataset, paths[0].parent, config, tuple(path.name for path in paths))

    def __iter__(self) -> Iterator[tuple[str, dict]]:
        names, problems = self.file_names(), []
        for name in names:
            try:
                yield from self.examples_of(name)
            except ImageFileError as error:
                problems.append(str(error))
                self.report_problem(problems[-1])
        self.report_counts(len(names), len(problems))

    def file_names(self) -> Sequence[str]:
        """Returns the names of all pictures, relative to the folder."""
        return find_images(self.folder) if self.names is None else self.names

    def examples_of(self, name: str) -> Iterator[tuple[str, dict]]:
        """Yields (key, example) of one picture: `read`, then `examples_from`."""
        yield from self.examples_from(name, self.read(name))

    def read(self, name: str) -> np.ndarray:
        """Returns a picture's pixels, uint8 (H, W) or (H, W, 3), which then can be used.

        Raises:
          ImageFileError: they cannot; the message names the file, the problem and the hint.
        """
        path = self.folder / name
        pixels = read_image(path)
        rows, columns = pixels.shape[:2]
        if min(rows, columns) < self.config.scale:
            raise ImageFileError(
                f"{path} is {columns}x{rows} pixels, too small to be shrunk by"
                f" {self.config.scale}; remove it."
            )
        size = self.config.subimage_size
        if size and not subimages.fits(pixels, self.config):
            raise ImageFileError(
                f"{path} is {columns}x{rows} pixels, too small for a sub-image of {size}x{size};"
                " remove it, or use smaller sub-images."
            )
        try:
            name.encode()
        except UnicodeEncodeError:
            raise ImageFileError(f"{path!r} has a name that is not UTF-8; rename it.") from None
        return pixels

    def examples_from(self, name: str, pixels: np.ndarray) -> Iterator[tuple[str, dict]]:
        """Yields (key, example) of a picture that `read` returned."""
        if self.config.subimage_size:
            yield from subimages.examples(pixels, name, self.config)
        else:
            yield name, pairs.example(pixels, name, self.config.scale)

    def report_problem(self, problem: str) -> None:
        """Names a picture that cannot be used.

        Raises:
          DatasetUnavailableError: the config is strict.
        """
        if self.config.strict:
            raise DatasetUnavailableError(
                f"{self.dataset}: {problem}\n"
                "Nothing was built; repair or remove the picture, or use a config that is not"
                " strict."
            )
        _LOGGER.warning("Skipped: %s", problem)

    def report_counts(self, pictures: int, skipped: int) -> None:
        """Says how many pictures were skipped.

        Raises:
          DatasetUnavailableError: all of them.
        """
        count = f"{self.dataset}: {pictures - skipped} of {pictures} pictures, {skipped} skipped"
        if skipped == pictures:
            raise DatasetUnavailableError(f"{count}; none of those in {self.folder} can be used.")
        _LOGGER.log(logging.WARNING if skipped else logging.INFO, count)
