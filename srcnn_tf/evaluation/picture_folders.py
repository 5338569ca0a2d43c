"""Folders of pictures that are no datasets: originals, small ones, results of other programs."""

import pathlib
from collections.abc import Sequence

import numpy as np

from srcnn_tf.data.pipeline import EvaluationPicture
from srcnn_tf.evaluation.matching import MatchingError, match_files
from srcnn_tf.files.image_files import ImageFileError, find_images, read_image
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.imaging.luma import is_gray as equals_its_luminance
from srcnn_tf.imaging.resize import imresize


def read_folder(folder: pathlib.Path, scale: int) -> list[EvaluationPicture]:
    """Reads the pictures of a folder, and degrades each as the records of datasets hold it.

    Args:
      folder: searched with the folders below it.
      scale: the enlargement; at 1 the small picture is the original.

    Returns:
      Pictures with colors, sorted by name, which is relative to the folder.

    Raises:
      ImageFileError: there are none, or one cannot be read or is smaller than the scale.
    """
    names = find_images(folder)
    if not names:
        raise ImageFileError(f"{folder} holds no pictures to score; name another folder.")
    return [_degraded(folder, name, scale) for name in names]


def _degraded(folder, name, scale):
    try:
        pair = degrade(read_image(folder / name), scale)
    except ValueError as error:
        raise ImageFileError(f"{folder / name} cannot be scored: {error}") from error
    planes = (plane[..., 0] for plane in (pair.hr_y, pair.bicubic_y, pair.lr_y))
    return EvaluationPicture(name, *planes, pair.hr)


def with_small_pictures(
    pictures: Sequence[EvaluationPicture], folder: pathlib.Path, dataset: str, scale: int
) -> list[EvaluationPicture]:
    """Returns the pictures with small ones that the user made, instead of MATLAB's.

    Args:
      pictures: with colors.
      folder: of the small pictures, matched by name (`matching.match_files`).
      dataset: its name, and a folder's in which they may be.
      scale: the enlargement.

    Raises:
      MatchingError: one is missing, or not of the size of its original divided by the scale.
      ImageFileError: one cannot be read.
    """
    paths = _matched(pictures, folder, dataset, scale)
    result = []
    for picture in pictures:
        rows, columns = (side // scale for side in picture.hr_y.shape)
        pixels = _sized(paths[picture.filename], (rows, columns))
        lr_y = luma(pixels, is_gray(picture)).astype(np.float32)
        bicubic_y = imresize(lr_y, scale) if scale > 1 else lr_y
        result.append(
            picture._replace(lr_y=lr_y, bicubic_y=bicubic_y.astype(np.float32), small=pixels)
        )
    return result


class OtherResults:
    """Pictures that another program restored, read one at a time.

    Attributes:
      label: what their column is called.
      folder: where they are.
    """

    def __init__(self, label: str, folder: pathlib.Path):
        self.label, self.folder = label, folder

    def of(
        self, pictures: Sequence[EvaluationPicture], dataset: str, scale: int
    ) -> dict[str, pathlib.Path]:
        """Returns the file of every picture by its filename; empty if there is none for any.

        Raises:
          MatchingError: some are missing, or one is not of its original's size.
          ImageFileError: one cannot be read.
        """
        names = [picture.filename for picture in pictures]
        paths = match_files(names, self.folder, dataset, scale)
        for picture in pictures if paths else ():
            _sized(paths[picture.filename], picture.hr_y.shape)
        return paths


def read_result(path: pathlib.Path, picture: EvaluationPicture) -> tuple[np.ndarray, np.ndarray]:
    """Reads a restored picture.

    Args:
      path: of the picture.
      picture: its original, with colors.

    Returns:
      Y, float64 (H, W), 1.0 = 255; and the pixels, uint8 (H, W, 3) or (H, W).
    """
    pixels = _sized(path, picture.hr_y.shape)
    return luma(pixels, is_gray(picture)), pixels


def is_gray(picture: EvaluationPicture) -> bool:
    """Whether a picture, read with its colors, is its own Y."""
    if picture.hr is None:
        raise ValueError(f"{picture.filename} has no colors; read it with `color=True`.")
    return equals_its_luminance(picture.hr, picture.hr_y)


def luma(pixels: np.ndarray, gray: bool) -> np.ndarray:
    """Returns Y of an 8-bit picture, float64 (H, W), 1.0 = 255.

    Args:
      pixels: uint8 (H, W), which is taken for Y itself, or (H, W, 3) RGB.
      gray: whether the original is its own Y, so that a gray picture that was saved as RGB is, too.
    """
    if pixels.ndim == 2:
        return pixels / 255.0
    if gray:
        return pixels.mean(axis=2) / 255.0
    return rgb_to_y(pixels) / 255.0


def _matched(pictures, folder, dataset, scale):
    paths = match_files([picture.filename for picture in pictures], folder, dataset, scale)
    if not paths:
        raise MatchingError(
            f"{folder} has a picture for none of {dataset} x{scale}, such as "
            f"{pictures[0].filename}; name another folder."
        )
    return paths


def _sized(path, shape):
    pixels = read_image(path)
    if pixels.shape[:2] != tuple(shape):
        raise MatchingError(
            f"{path} has {pixels.shape[1]} x {pixels.shape[0]} pixels, and {shape[1]} x {shape[0]} "
            "are needed: the original's size, cut to a multiple of the scale, or that divided by "
            "the scale for small pictures; make it again."
        )
    return pixels
