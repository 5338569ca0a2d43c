"""What a run writes down about itself, for people, programs and TensorBoard."""

import json
import logging
import os
import pathlib
import sys
import time

import numpy as np

from srcnn_tf.evaluation import published
from srcnn_tf.files import atomic_files
from srcnn_tf.plotting import curves, style
from srcnn_tf.training import event_files

_LOGGER = logging.getLogger(__name__)

METRICS, CURVE, _CONFIG = "metrics.jsonl", "curve.png", "config.json"
# Drawing takes most of a second, which on a fast GPU would be long beside an evaluation.
_SECONDS_BETWEEN_CURVES = 10.0


class _LogFile(logging.FileHandler):
    """A log that cannot be written ends the run, instead of a traceback for every line."""

    def handleError(self, record):
        error = sys.exc_info()[1]
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, self.baseFilename) from error
        super().handleError(record)


class RunRecords:
    """A context manager that owns a run's `train.log`, `metrics.jsonl`, events and `curve.png`."""

    def __init__(self, workdir: str | os.PathLike):
        workdir = pathlib.Path(workdir)
        workdir.mkdir(parents=True, exist_ok=True)
        self._workdir = workdir
        self._metrics = workdir / METRICS
        self._log = _LogFile(workdir / "train.log", encoding="utf-8")
        self._log.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))
        self._events = event_files.EventFiles(workdir / "tensorboard")
        self._drawn = -np.inf  # When the curve last was; of time.monotonic.
        self._stale = False

    def __enter__(self):
        logging.getLogger("srcnn_tf").addHandler(self._log)
        return self

    def __exit__(self, *exception):
        try:
            self._events.close()
            if self._stale:
                self._draw()
        finally:
            logging.getLogger("srcnn_tf").removeHandler(self._log)
            self._log.close()

    def start(self, step: int) -> None:
        """Drops what an interrupted run wrote after the checkpoint that this one resumes from."""
        self._events.start(step)
        if not self._metrics.exists():
            return
        kept = [line for line in read_metrics(self._metrics) if line["step"] <= step]
        text = "".join(json.dumps(line) + "\n" for line in kept)
        atomic_files.write_text(self._metrics, text)

    def write(self, kind: str, step: int, values: dict[str, float]) -> None:
        """Records values under their kind, `train` or `validation`, for programs and TensorBoard.

        What is called `bicubic_psnr` stands beside `psnr` in TensorBoard, in one chart.
        """
        line = json.dumps({"kind": kind, "step": step, **values}) + "\n"
        try:
            with self._metrics.open("a", encoding="utf-8") as file:
                file.write(line)
        except OSError as error:  # A full disk is reported without a name.
            raise OSError(error.errno, error.strerror, str(self._metrics)) from error
        self._stale = True
        self._events.scalars(kind, step, values)

    def picture(self, name: str, step: int, pixels: np.ndarray) -> None:
        """Shows a uint8 (H, W) picture in TensorBoard."""
        self._events.picture(name, step, pixels)

    def refresh(self) -> None:
        """Brings TensorBoard and `curve.png` up to date; call it after every checkpoint.

        A curve that is some seconds old is left until the next call, or the end of the run; one
        that cannot be drawn is a warning.
        """
        self._events.flush()
        if self._stale and time.monotonic() - self._drawn >= _SECONDS_BETWEEN_CURVES:
            self._draw()

    def _draw(self):
        self._stale = False
        if not self._metrics.exists():
            return  # evaluated before the first line was logged: there is nothing to draw yet
        try:
            draw_run_curve(self._workdir, self._workdir / CURVE)
        except style.MissingPackageError as error:
            if self._drawn < 0:
                _LOGGER.warning("No %s: %s", CURVE, error)
        except (OSError, ValueError) as error:
            _LOGGER.warning("%s cannot be drawn: %s", self._workdir / CURVE, error)
        self._drawn = time.monotonic()


def read_metrics(path: str | os.PathLike) -> list[dict]:
    """Reads `metrics.jsonl` up to the first line that a crash cut off, or that is damaged."""
    lines = []
    for text in pathlib.Path(path).read_bytes().splitlines():
        try:
            line = json.loads(text)
            if not (isinstance(line["kind"], str) and isinstance(line["step"], int)):
                break
        except (ValueError, TypeError, KeyError):
            break
        lines.append(line)
    return lines


def draw_run_curve(workdir: str | os.PathLike, path: str | os.PathLike, dark: bool = False) -> None:
    """Draws the curve of a run from the records in its folder.

    Args:
      workdir: a run's folder; `metrics.jsonl` must be there, `config.json` gives title and scale.
      path: of the PNG.
      dark: whether it is for a dark page.

    Raises:
      style.MissingPackageError: matplotlib is not installed.
      OSError: the records cannot be read, or the picture not written.
      ValueError: the records are damaged.
    """
    workdir, config = pathlib.Path(workdir), {}
    if (workdir / _CONFIG).is_file():
        config = json.loads((workdir / _CONFIG).read_text(encoding="utf-8"))
    try:
        scale = config.get("scale")
        title = f"{config['network']} x{scale}, trained on {config['data']}" if config else ""
    except (AttributeError, KeyError) as error:
        raise ValueError(f"{workdir / _CONFIG} is not what bin/train wrote ({error})") from error
    metrics = read_metrics(workdir / METRICS)
    # The paper's 9-1-5 was trained on 91 pictures, its best network is 9-5-5 on ImageNet.
    small = str(config.get("network")).startswith("srcnn-9-1-5")
    method = published.SRCNN_91_IMAGES if small else published.SRCNN_PAPER
    gain = published.gain_over_bicubic(method, "set5", scale)
    if config.get("compressed") or config.get("noisy"):
        gain = None  # It is of clean pictures.
    curves.draw_curve(metrics, path, title=title, published_gain=gain, dark=dark)
