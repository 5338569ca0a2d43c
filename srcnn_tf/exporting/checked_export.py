"""`export`: a network as files that other software runs, each checked by running it."""

import dataclasses
import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Sequence

from srcnn_tf import extras
from srcnn_tf.exporting import parity, photographs
from srcnn_tf.exporting.contents import SMALLEST_SIDE, Contents
from srcnn_tf.exporting.formats.catalog import FORMATS
from srcnn_tf.exporting.formats.export_format import ExportFormat
from srcnn_tf.networks.find_weights import load_network
from srcnn_tf.networks.network import Network

# The most levels by which a file's colors may differ from `upscale`'s; of float32 luminance its
# format says how much.
LARGEST_LEVELS = 1
# The most that a lower precision may lose, in dB: beyond it a file is of no use.
LARGEST_LOSS = 1.5


class ExportError(Exception):
    """Nothing was written, or what was written is not what `upscale` gives; one sentence."""


@dataclasses.dataclass(frozen=True)
class Exported:
    """A file that was written and checked.

    Attributes:
      path: of the file, or the folder.
      format: what wrote it.
      contents: what it holds.
      parity: how far it is from `upscale`; None if nothing here can run it.
      unchecked: why nothing here can run it; "" if something did.
      loss: what the precision costs; None for float32.
    """

    path: pathlib.Path
    format: ExportFormat
    contents: Contents
    parity: parity.Parity | None
    unchecked: str = ""
    loss: photographs.Loss | None = None

    @property
    def size(self) -> int:
        """Bytes, of all files."""
        files = self.path.rglob("*") if self.path.is_dir() else [self.path]
        return sum(file.stat().st_size for file in files if file.is_file())

    def in_words(self) -> str:
        """Says where it is, what it takes and gives, how exact it is and how fast, in lines."""
        described = self.contents.metadata()
        ends = [
            f"{end['name']} {end['dtype']} ({', '.join(map(str, end['shape']))})"
            for end in (described["input"], described["output"])
        ]
        lines = [
            f"{self.path}: {self.format.name}, {self.contents.precision}, {self.size / 1e3:.0f} kB",
            f"  {self.format.use or ' -> '.join(ends)}",
            f"  {described['input']['values']}; at least {SMALLEST_SIDE} pixels a side",
        ]
        if self.parity is None:
            return "\n".join([*lines, f"  not run: {self.unchecked}"])
        lines.append(f"  {self.format.runtime}: {self._difference()}")
        if self.loss is not None:
            lines.append(
                f"  loses {round(self.loss.decibels, 3) + 0.0:.3f} dB: "
                f"{self.loss.before:.2f} dB by upscale, "
                f"{self.loss.after:.2f} dB by the file (mean PSNR of Y on "
                f"{', '.join(photographs.SCORED_ON)})"
            )
        height, width = self.parity.size
        lines.append(
            f"  {width} x {height} pixels in {self.parity.seconds * 1e3:.1f} ms here; upscale "
            f"takes {self.parity.our_seconds * 1e3:.1f} ms"
        )
        return "\n".join(lines)

    def _difference(self) -> str:
        found = self.parity
        assert found is not None
        pictures = f"on {found.pictures} drawn pictures"
        if not self.contents.color:
            return f"differs from upscale by at most {found.difference:.1e} {pictures}"
        levels = "level" if found.difference == 1 else "levels"
        return (
            f"{found.share:.3%} of values differ from upscale's, by at most "
            f"{found.difference:.0f} {levels}, {pictures}"
        )

    def snippet(self) -> str:
        """Returns Python that runs the file on `photo.jpg`; "" if it is not for Python."""
        lines = self.format.snippet(str(self.path), self.contents)
        if not lines:
            return ""
        read = 'Image.open("photo.jpg").convert'
        source = (
            f'source = np.asarray({read}("RGB"))[None]'
            if self.contents.color
            else f'source = np.asarray({read}("L"), np.float32)[None, ..., None] / 255'
        )
        imports, *rest = lines.splitlines()
        return "\n".join(
            ["import numpy as np", imports, "from PIL import Image", "", source, *rest, ""]
        )


def export(
    model: Network | str | os.PathLike | None = None,
    scale: int = 2,
    folder: str | os.PathLike = ".",
    formats: Sequence[str] = ("onnx",),
    *,
    color: bool = False,
    precision: str = "float32",
    overwrite: bool = False,
    report: Callable[["Exported"], None] | None = None,
) -> list[Exported]:
    """Writes a network in formats that other software runs, and runs each file to check it.

    A file computes all that `upscale` does; `exporting.contents.Contents` has names, shapes, dtypes
    and ranges. It is kept only if, in its own runtime, on drawn pictures of several sizes, it gives
    what `upscale` gives: to 1e-5 in float32 planes, to one level in 8-bit color. In `float16` and
    `int8` the loss on photographs is measured instead, and must stay below `LARGEST_LOSS`.

    Args:
      model: a network, the name of one that comes with the package, or a path; None for the
        9-5-5.
      scale: how many times longer each side becomes.
      folder: where files are written; it is made.
      formats: names in `exporting.formats.catalog.FORMATS`: `savedmodel`, `keras`, `tflite`,
        `onnx`, ...
      color: whether files take and give uint8 RGB pictures instead of float32 luminance.
      precision: `float32`, `float16` or `int8`.
      overwrite: whether to replace files that exist.
      report: is called with each file once it is checked.

    Returns:
      What was written, in the order of the formats.

    Raises:
      ExportError: a format cannot hold this, a package that it needs is not installed, a file
        exists, or does not give what it should; of the formats before it the files stay.
      WeightsError: there are no weights such as these.
      ValueError: no such format or precision, or the network is for another scale.
      OSError: it cannot be written.
    """
    network = model if isinstance(model, Network) else load_network(model, scale)
    contents = Contents(network, scale, color, precision)
    chosen = [FORMATS[name] for name in dict.fromkeys(formats)]
    folder = pathlib.Path(folder)
    held = [
        contents if each.color is None else dataclasses.replace(contents, color=each.color)
        for each in chosen
    ]
    targets = [
        folder / f"{held_by_it.file_stem}{each.suffix}"
        for each, held_by_it in zip(chosen, held, strict=True)
    ]
    for each, target in zip(chosen, targets, strict=True):
        refusal = each.refusal(contents)
        if refusal:
            raise ExportError(refusal)
        if os.path.lexists(target) and not overwrite:
            raise ExportError(f"{target} exists; choose another folder, or --overwrite.")
    done = []
    for each, held_by_it, target in zip(chosen, held, targets, strict=True):
        try:
            done.append(_exported(held_by_it, each, target))
        except ModuleNotFoundError as error:
            sentence = extras.in_words(error, "export")
            if sentence is None:
                raise
            raise ExportError(f"{each.name}: {sentence}") from error
        if report:
            report(done[-1])
    return done


def _exported(contents, kind, target) -> Exported:
    """Writes a file where nobody looks for it, checks it, and gives it its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".partial_", dir=target.parent) as folder:
        written = pathlib.Path(folder, target.name)
        kind.write(contents, written)
        unchecked = kind.obstacle() or ""
        found = loss = None
        if not unchecked:
            with kind.load(written, contents) as run:
                found, loss = _checked(contents, kind, run)
        if target.is_dir():
            # A folder cannot be replaced in one step.
            target.rename(pathlib.Path(folder, "former"))
        elif written.is_dir() and target.exists():
            target.unlink()
        shutil.move(written, target)
    return Exported(target, kind, contents, found, unchecked, loss)


def _checked(contents, kind, run):
    where = f"{contents.network.name} as {kind.name}, run by {kind.runtime},"
    try:
        found = parity.compare(contents, run, kind.sizes, kind.clips)
    except ValueError as error:
        raise ExportError(f"{where} {error}; nothing was written.") from error
    if contents.precision == "float32":
        largest = LARGEST_LEVELS if contents.color else kind.largest_difference
        if not found.difference <= largest:
            unit = " levels" if contents.color else ""
            raise ExportError(
                f"{where} differs from upscale by {found.difference:.2g}{unit}, more than "
                f"{largest:g}; nothing was written."
            )
        return found, None
    loss = photographs.loss(contents, run, parity.upscaled(contents))
    if not loss.decibels <= LARGEST_LOSS:
        raise ExportError(
            f"{where} loses {loss.decibels:.2f} dB in {contents.precision}, more than "
            f"{LARGEST_LOSS}; nothing was written. Use --precision=float32."
        )
    return found, loss
