"""`Metric`: a measure of quality, and how its figures are written."""

import dataclasses
import math
from collections.abc import Callable

from srcnn_tf.evaluation.metrics.scored_picture import ScoredPicture


@dataclasses.dataclass(frozen=True)
class Metric:
    """One way to measure a restored picture against its original.

    Attributes:
      name: what users choose it by, and its key in JSON: a Python identifier, such as `psnr_rgb`.
      title: its name in tables, such as `PSNR of RGB`.
      compute: gets a `ScoredPicture` and returns its figure; NaN where there is none, such as the
        SSIM of a picture smaller than its window.
      decimals: how many are written.
      unit: such as `dB`; empty if it has none.
      larger_is_better: which way a gain over bicubic is positive.
      needs_color: whether it looks at `hr` and `rgb`, so that colors must be read.
      description: one phrase for the notes below a table; by default title and unit.
      phrase: how a figure stands in a sentence, `{}` for the number; by default title, number and
        unit.
      package: one that it needs and that does not come with this one, known to `srcnn_tf.extras`;
        imported inside `compute`.
    """

    name: str
    title: str
    compute: Callable[[ScoredPicture], float]
    decimals: int = 2
    unit: str = ""
    larger_is_better: bool = True
    needs_color: bool = False
    description: str = ""
    phrase: str = ""
    package: str = ""

    def __post_init__(self):
        if not self.name.isidentifier() or self.name.startswith("_"):
            raise ValueError(
                f"A metric's name is letters, digits and underscores, not {self.name!r}."
            )
        unit = f" in {self.unit}" if self.unit else ""
        object.__setattr__(self, "description", self.description or f"{self.title}{unit}")
        phrase = f"{self.title} {{}}{f' {self.unit}' if self.unit else ''}"
        object.__setattr__(self, "phrase", self.phrase or phrase)

    def format(self, value: float | None, missing: str = "-") -> str:
        """Writes a figure without its unit; `missing` if there is none (None or NaN)."""
        if value is None or math.isnan(value):
            return missing
        return f"{value:.{self.decimals}f}"

    def in_words(self, value: float) -> str:
        """Writes a figure as it stands in a sentence, such as `33.66 dB` or `SSIM 0.9299`."""
        return self.phrase.format(self.format(value))

    def gain(self, value: float, baseline: float) -> float:
        """Returns by how much a figure is better than another: negative if it is worse."""
        return value - baseline if self.larger_is_better else baseline - value

    def format_gain(self, gain: float) -> str:
        """Writes a gain with its sign and unit, such as `+2.36 dB`."""
        return f"{gain:+.{self.decimals}f}{f' {self.unit}' if self.unit else ''}"
