"""The one style of all plots, light or dark, and the only place that imports matplotlib."""

import contextlib
import gc
import os
import pathlib
from collections.abc import Iterator

from PIL import Image

from srcnn_tf.files import atomic_files

# Okabe and Ito's colors, which most color-blind people tell apart; for a light and a dark page.
NETWORK, BICUBIC, PAPER = "C0", "C1", "C2"
_SERIES = {False: ("#0072B2", "#8A8A8A", "#D55E00"), True: ("#56B4E9", "#9AA0AC", "#F0883E")}
# Stands on photographs.
MARK = "#E69F00"

JPEG_SUFFIXES = (".jpg", ".jpeg")
_DOTS_PER_INCH = 150


class MissingPackageError(Exception):
    """A package that only pictures need is not installed; the message says what to do."""


@contextlib.contextmanager
def drawing(
    path: str | os.PathLike,
    width: float,
    height: float,
    dark: bool = False,
    colors: int | None = None,
) -> Iterator:
    """Yields an empty matplotlib `Figure`, which is written to `path` when the block ends.

    Neither pyplot nor the user's own style is used, so a figure looks the same everywhere, needs no
    display, and leaves nothing behind in memory. The file is written whole or not at all.

    Args:
      path: where the picture goes, as JPEG if it is called so, else as PNG; its folder is made.
      width: in inches, of 150 pixels each.
      height: likewise.
      dark: whether it is for a dark page.
      colors: at most this many in a PNG, which makes charts without photographs smaller; None for
        any number.

    Raises:
      MissingPackageError: matplotlib is not installed.
    """
    try:
        import matplotlib.style
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingPackageError(
            "matplotlib is not installed, so nothing is drawn; "
            'pip install "srcnn_tf[plots]" brings it.'
        ) from error
    with (
        matplotlib.style.context(_style(dark), after_reset=True),
        atomic_files.atomic_write(path) as temporary,
    ):
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure
        jpeg = pathlib.Path(path).suffix.lower() in JPEG_SUFFIXES
        figure.savefig(
            temporary,
            format="jpeg" if jpeg else "png",
            dpi=_DOTS_PER_INCH,
            bbox_inches="tight",
            pad_inches=0.08,
            pil_kwargs={"quality": 88} if jpeg else {},
        )
        if colors is not None and not jpeg:
            with Image.open(temporary) as image:
                reduced = image.convert("RGB").quantize(colors, dither=Image.Dither.NONE)
            reduced.save(temporary, format="png", optimize=True)
    # Parts of a figure refer to each other in circles, megabytes that Python would keep for long.
    del figure
    gc.collect()


def _style(dark):
    from cycler import cycler  # Comes with matplotlib.

    background, ink, faint = (
        ("#16181D", "#E6E8EC", "#3A3F4A") if dark else ("#FFFFFF", "#1E2127", "#DADDE3")
    )
    return {
        "axes.prop_cycle": cycler(color=_SERIES[dark]),
        "figure.facecolor": background,
        "savefig.facecolor": background,
        "axes.facecolor": background,
        "axes.edgecolor": faint,
        "axes.labelcolor": ink,
        "axes.titlecolor": ink,
        "axes.titlesize": 10,
        "axes.titlelocation": "left",
        "axes.labelsize": 9,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "grid.color": faint,
        "grid.linewidth": 0.6,
        "text.color": ink,
        "xtick.color": ink,
        "ytick.color": ink,
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
        "font.family": "DejaVu Sans",  # Comes with matplotlib.
        "font.size": 9,
        "legend.frameon": False,
        "legend.fontsize": 8,
        "lines.linewidth": 1.6,
    }
