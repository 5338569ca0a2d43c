"""What became of a picture: a line of words, or one of JSON."""

import dataclasses
import json
import math
from typing import Any

from srcnn_tf.evaluation.quality import Quality


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became, or would become, of one picture.

    Attributes:
      status: `done`, `skipped`, `failed` or `planned`.
      source: what was read.
      target: what was written, or would be.
      reason: why it was skipped or failed, in a sentence.
      size: (width, height) of the picture, where it is known.
      new_size: (width, height) of the result.
      steps: the way there in words, where that is not a single network; such as `x4, then x2`.
      choice: which network was chosen and why, in words, where there was a choice.
      clip: of a clip, what was written besides its size, in words.
      frames: of a clip, how many it has.
      seconds: that it took.
      scores: of bicubic's and the network's result, if it was restored.
    """

    status: str
    source: str
    target: str
    reason: str = ""
    size: tuple[int, int] | None = None
    new_size: tuple[int, int] | None = None
    steps: str = ""
    choice: str = ""
    clip: str = ""
    frames: int = 0
    seconds: float = 0.0
    scores: tuple[Quality, Quality] | None = None

    @property
    def pixels(self) -> int:
        """How many pixels the result has, in all of its frames."""
        return self.new_size[0] * self.new_size[1] * (self.frames or 1) if self.new_size else 0

    def in_words(self) -> str:
        """Says it in one line."""
        if self.status == "skipped":
            return f"skipped {self.source}: {self.reason}"
        if self.status == "failed":
            return f"failed: {self.reason}"
        about = self._about()
        if self.status == "planned":
            return f"{self.source} -> {self.target}: {about}"
        speed = f"{self.pixels / 1e6 / self.seconds:.2f} Mpx/s"
        if self.frames:
            speed = f"{self.frames / self.seconds:.1f} frames/s"
        return f"{self.source} -> {self.target}: {about}, {self.seconds:.1f} s, {speed}"

    def to_json(self) -> str:
        """Says it in one line of JSON; what is not known is left out."""
        values: dict[str, Any] = {
            "status": self.status,
            "source": self.source,
            "target": self.target,
            "reason": self.reason,
            "steps": self.steps,
            "choice": self.choice,
            "clip": self.clip,
            "frames": self.frames,
            "seconds": round(self.seconds, 3),
        }
        for name, size in (("input", self.size), ("output", self.new_size)):
            if size:
                values[f"{name}_width"], values[f"{name}_height"] = size
        if self.scores:
            values["bicubic"], values["network"] = map(_plain, self.scores)
        return json.dumps({name: value for name, value in values.items() if value})

    def _about(self) -> str:
        if self.scores:
            return qualities_in_words(*self.scores)
        if self.size is None or self.new_size is None:
            return "size unknown"
        about = "; ".join(filter(None, [self.steps, self.choice, self.clip]))
        size = "{} x {} to {} x {}".format(*self.size, *self.new_size)
        return f"{size} ({about})" if about else size


def _plain(quality: Quality) -> dict[str, float | None]:
    """Returns the figures, with null for those that JSON has no number for."""
    return {name: value if math.isfinite(value) else None for name, value in quality.items()}


def qualities_in_words(bicubic: Quality, network: Quality) -> str:
    """Says the scores of both results."""
    return f"bicubic {bicubic.in_words()}; network {network.in_words()}"
