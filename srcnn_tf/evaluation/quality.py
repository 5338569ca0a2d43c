"""`Quality`: what each chosen metric says of one picture, or the means over several."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from srcnn_tf.evaluation.metrics.catalog import METRICS


class Quality(Mapping[str, float]):
    """A read-only mapping from metrics' names to figures, in the order in which tables show them.

    A figure can also be had as an attribute: `quality.psnr` is `quality["psnr"]`. NaN stands for a
    metric that is not defined for the picture, `inf` for the PSNR of identical ones.
    """

    __slots__ = ("_figures",)
    _figures: dict[str, float]

    def __init__(self, figures: Mapping[str, float] | None = None, /, **more: float):
        """Takes figures by name, as a mapping, as keywords, or both."""
        object.__setattr__(self, "_figures", {**(figures or {}), **more})

    def __getitem__(self, name: str) -> float:
        return self._figures[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def __getattr__(self, name: str) -> float:
        # Names with an underscore are Python's own business: copying and pickling ask for some.
        if not name.startswith("_") and name in self._figures:
            return self._figures[name]
        raise AttributeError(f"There is no figure {name!r}; there is: {', '.join(self)}.")

    def __setattr__(self, name, value):
        raise AttributeError("A Quality is read-only; make a new one.")

    def __dir__(self):
        return [*super().__dir__(), *self]

    def __hash__(self):
        return hash(frozenset(self.items()))

    def __reduce__(self):
        return Quality, (self._figures,)

    def __repr__(self):
        return f"Quality({', '.join(f'{name}={value!r}' for name, value in self.items())})"

    def only(self, names: Iterable[str]) -> "Quality":
        """Returns the figures of some metrics, in the order of `names`."""
        return Quality({name: self[name] for name in names})

    def in_words(self) -> str:
        """Writes all figures that are defined, such as `33.66 dB, SSIM 0.9299`."""
        return ", ".join(
            METRICS[name].in_words(value) for name, value in self.items() if not np.isnan(value)
        )


def mean_quality(qualities: Iterable[Quality]) -> Quality:
    """Averages over pictures, which is how the papers state a dataset's score.

    Raises:
      ValueError: there are no pictures, or not all were scored by the same metrics.
    """
    qualities = list(qualities)
    if not qualities:
        raise ValueError("There are no pictures to average over.")
    names = tuple(qualities[0])
    if any(set(quality) != set(names) for quality in qualities):
        raise ValueError("Pictures that were scored by different metrics have no mean.")
    means = np.array([[quality[name] for name in names] for quality in qualities]).mean(axis=0)
    return Quality(dict(zip(names, means.tolist(), strict=True)))
