"""`bin/benchmark --suite=photos`: JPEGs enlarged as `bin/upscale` does, beside Lanczos."""

import dataclasses
import io
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from PIL import Image

from srcnn_tf.evaluation import table
from srcnn_tf.files.picture_files import read_picture
from srcnn_tf.files.picture_source import Memory
from srcnn_tf.imaging.degradation import degrade
from srcnn_tf.networks.weights_info import WeightsError
from srcnn_tf.reporting.photo_sheet import lanczos, luminance_psnr
from srcnn_tf.upscaling.enlargers import Enlargers
from srcnn_tf.upscaling.network_choice import AUTO, CLEAN, PHOTO, enlargers_for
from srcnn_tf.upscaling.sizing import Sizing

QUALITIES = (30, 40, 50, 60, 70, 80, 90, 95)
SCALES = (2, 4)
# In dB: how much worse than Lanczos a single picture may be.
_ALLOWED = 0.05


@dataclasses.dataclass(frozen=True)
class PhotoScores:
    """All pictures as JPEGs of one quality, at one scale; figures are PSNR of Y in dB.

    Attributes:
      scale: the enlargement.
      quality: of the JPEGs.
      filenames: of the pictures, in the order of what follows.
      lanczos: of Lanczos's results.
      models: of those of `auto`, `clean` and `photo`, as far as there are such networks.
      choices: what `auto` said of each picture; "" where it had no choice.
    """

    scale: int
    quality: int
    filenames: tuple[str, ...]
    lanczos: tuple[float, ...]
    models: Mapping[str, tuple[float, ...]]
    choices: tuple[str, ...]

    def gains(self, model: str) -> np.ndarray:
        """Returns by how much a model is above Lanczos, picture by picture."""
        return np.subtract(self.models[model], self.lanczos)


def photo_suite(
    pictures: Mapping[int, Mapping[str, np.ndarray]],
    qualities: Sequence[int] = QUALITIES,
    log: Callable[[str], None] = print,
) -> list[PhotoScores]:
    """Shrinks pictures as MATLAB does, saves them as JPEGs in color (4:2:0), and enlarges these.

    Args:
      pictures: by scale, originals by name, uint8 (H, W, 3).
      qualities: of the JPEGs.
      log: gets a line as each set of scores begins.
    """
    results = []
    for scale, originals in pictures.items():
        models = _models(scale)
        for quality in qualities:
            log(f"x{scale}, JPEGs of quality {quality}: {len(originals)} pictures")
            results.append(_score(originals, scale, quality, models))
    return results


def _models(scale: int) -> dict[str, Enlargers]:
    models = {}
    for model in (AUTO, CLEAN, PHOTO):
        try:
            models[model] = enlargers_for(model, Sizing(scale))
        except WeightsError:  # There are no networks for photographs.
            continue
    return models


def _score(originals, scale, quality, models) -> PhotoScores:
    baseline: list[float] = []
    figures: dict[str, list[float]] = {model: [] for model in models}
    choices = []
    for name, original in originals.items():
        pair = degrade(original, scale)
        file = io.BytesIO()
        Image.fromarray(pair.lr).save(file, "JPEG", quality=quality, subsampling="4:2:0")
        picture = read_picture(Memory(file.getvalue(), name))
        baseline.append(luminance_psnr(pair.hr, lanczos(picture.pixels, scale), scale))
        for model, enlargers in models.items():
            chosen, why = enlargers.chosen_for(picture)
            if model == AUTO:
                choices.append(why)
            result = chosen.enlarger(scale).enlarge(picture.pixels)
            figures[model].append(luminance_psnr(pair.hr, result, scale))
    return PhotoScores(
        scale,
        quality,
        tuple(originals),
        tuple(baseline),
        {model: tuple(each) for model, each in figures.items()},
        tuple(choices),
    )


def rows(results: Sequence[PhotoScores]) -> list[list[str]]:
    """Lays the means out: gains over Lanczos, and the picture that `auto` gains least on."""
    models = list(results[0].models)
    head = ["scale", "quality", "Lanczos", *models, "auto's least gain", "on"]
    lines = [head]
    for each in results:
        gains = each.gains(AUTO)
        least = int(np.argmin(gains))
        lines.append(
            [
                f"x{each.scale}",
                str(each.quality),
                f"{np.mean(each.lanczos):.2f}",
                *(f"{each.gains(model).mean():+.2f}" for model in models),
                f"{gains[least]:+.3f}",
                each.filenames[least],
            ]
        )
    return lines


def verdict(results: Sequence[PhotoScores]) -> str:
    """Says whether `auto` is ever worse than Lanczos: on average, or much on a single picture."""
    below = [
        f"x{each.scale} at quality {each.quality}"
        for each in results
        if each.gains(AUTO).mean() < 0
    ]
    worse = [
        f"{name} (x{each.scale}, quality {each.quality}: {gain:+.2f} dB)"
        for each in results
        for name, gain in zip(each.filenames, each.gains(AUTO), strict=True)
        if gain < -_ALLOWED
    ]
    if not below and not worse:
        return (
            "auto is not below Lanczos on average anywhere, nor on any single picture by more than "
            f"{_ALLOWED} dB"
        )
    sentences = []
    if below:
        sentences.append(f"auto is below Lanczos on average for {', '.join(below)}")
    if worse:
        sentences.append(f"auto is more than {_ALLOWED} dB below on {', '.join(worse)}")
    return "; ".join(sentences)


def text(results: Sequence[PhotoScores], markdown: bool = False) -> str:
    """Lays it all out, for a terminal or as Markdown."""
    lay_out = table.markdown if markdown else table.aligned
    notes = (
        "PSNR of Y in dB; beside Lanczos's the gains over it. Each original is shrunk by MATLAB's "
        "bicubic, saved as a JPEG in color (4:2:0), and enlarged as bin/upscale does."
    )
    return f"{lay_out(rows(results))}\n\n{notes}\n{verdict(results)}"
