"""`train`: a recipe and prepared pictures to a trained network, stopping and resuming anywhere."""

import contextlib
import dataclasses
import json
import logging
import math
import pathlib
import signal
import time
from collections.abc import Sequence

import tensorflow as tf

from srcnn_tf import (
    atomic_files,
    checkpoints,
    environment,
    folder_lock,
    pipeline,
    run_pictures,
    weights,
)
from srcnn_tf.architecture import architecture
from srcnn_tf.evaluation import Quality, evaluate, mean_quality
from srcnn_tf.inference import plane_enhancer
from srcnn_tf.models import Srcnn
from srcnn_tf.progress import Progress
from srcnn_tf.run_records import RunRecords
from srcnn_tf.train_config import TrainConfig
from srcnn_tf.train_step import TrainState, learning_rate, make_run_steps, make_train_step

_LOGGER = logging.getLogger(__name__)


class TrainingError(Exception):
    """Training cannot start or go on; the message says why and what to do."""


@dataclasses.dataclass(frozen=True)
class TrainResult:
    """How a call of `train` ended.

    Attributes:
      network: the averaged network, in float32, at the last step done.
      step: steps done, in this and earlier calls.
      finished: whether that is all of them.
      validation: mean quality on the held-out pictures, or None if there are none.
      weights: the file to use: `best.safetensors`, or `last.safetensors` if nothing was held out.
      checkpoint: from where the same call goes on.
    """

    network: Srcnn
    step: int
    finished: bool
    validation: Quality | None
    weights: pathlib.Path
    checkpoint: pathlib.Path


def train(
    config: TrainConfig,
    pictures: Sequence[pipeline.EvaluationPicture],
    workdir: pathlib.Path,
    *,
    data: str,
    stop_after: int | None = None,
    command: str = "",
) -> TrainResult:
    """Trains, evaluates and saves until the last step, a signal, or `stop_after`.

    A folder that holds an unfinished run of the same recipe is resumed; the weights then are those
    of a run that was never stopped. SIGINT and SIGTERM end the run after the steps in flight.

    Args:
      config: the recipe.
      pictures: from `pipeline.read_pictures`, of the recipe's scale.
      workdir: gets `config.json`, `train.log`, `metrics.jsonl`, `curve.png`, `tensorboard/`,
        `checkpoints/`, and the weights `last.safetensors` and `best.safetensors` (highest
        validation PSNR).
      data: name of the data set, for the records.
      stop_after: steps after which to stop as if by a signal.
      command: how the program was called, for the records.

    Raises:
      TrainingError: the folder is in use or holds another recipe's run, the loss is no longer a
        number, or the weights to start from do not fit.
      ValueError: the pictures are too few or too small.
    """
    with _claimed(workdir), RunRecords(workdir) as records:
        return _Run(config, pictures, workdir, records, data, command).run(stop_after)


@contextlib.contextmanager
def _claimed(workdir):
    try:
        with folder_lock.holding(workdir):
            yield
    except folder_lock.FolderInUseError as error:
        raise TrainingError(str(error)) from error


class _Run:
    """One call of `train`: the parts that its methods share."""

    def __init__(self, config, pictures, workdir, records, data, command):
        self.config, self.workdir, self.records = config, workdir, records
        self.command, self.data = command, data
        self.precision = (
            environment.automatic_precision() if config.precision == "auto" else config.precision
        )
        training, self.validation = pipeline.hold_out(pictures, config.validation_pictures)
        self.held_out = f"{data} x{config.scale}: {len(training)} pictures trained on" + (
            f", {len(self.validation)} held out" if self.validation else ""
        )
        self._claim_workdir()
        self.state = TrainState(config, self.precision, self._initial_arrays())
        self.best = -math.inf
        self._resume()
        self.enhance = plane_enhancer(self.state.average)
        self.sample = run_pictures.sample(self.validation, config.scale)
        self._announce()
        border = self.state.network.architecture.radius
        packed = pipeline.pack(
            training, config.scale, config.sizes, config.patch_size, config.shifts
        )
        self.batches = pipeline.training_batches(
            packed,
            batch_size=config.batch_size,
            patch=config.patch_size,
            border=border,
            seed=config.seed,
            first_step=int(self.state.step),
            turns=config.turns,
            full_range=config.full_range,
        )

    def run(self, stop_after) -> TrainResult:
        config = self.config
        last = config.steps if stop_after is None else min(config.steps, stop_after)
        run_steps = make_run_steps(make_train_step(self.state, config))
        quality, evaluated = None, -1
        step = int(self.state.step)
        iterator = iter(self.batches)
        with _signals() as interrupted, Progress(step, config.steps) as progress:
            window = _Window(step)
            while step < last and not interrupted:
                count = min(
                    config.steps_per_call,
                    last - step,
                    _until_next(step, config.log_every),
                    _until_next(step, config.evaluate_every),
                )
                begin = time.perf_counter()
                loss, waited = (float(value) for value in run_steps(iterator, tf.constant(count)))
                window.add(count, loss, time.perf_counter() - begin, waited)
                step += count
                progress.update(step, window.loss)
                if step % config.log_every == 0 or step == last:
                    window = self._log(step, window, progress)
                if step % config.evaluate_every == 0 or step == config.steps:
                    quality, evaluated = self._evaluate(step, progress), step
                    self._checkpoint(step)
        if window.steps and not math.isfinite(window.loss):
            raise self._diverged(step)
        checkpoint = self._checkpoint(step)
        if evaluated != step:
            quality = self._evaluate(step, None)
        best = self.workdir / f"best{weights.SUFFIX}"
        return TrainResult(
            network=self.state.average,
            step=step,
            finished=step == config.steps,
            validation=quality,
            weights=best if self.validation else self.workdir / f"last{weights.SUFFIX}",
            checkpoint=checkpoint,
        )

    def _claim_workdir(self):
        """Writes `config.json`, or checks that the one there is of this recipe and data."""
        path = self.workdir / "config.json"
        mine = {"data": self.data, **dataclasses.asdict(self.config)}
        mine = json.loads(json.dumps(mine))
        if not path.exists():
            atomic_files.write_json(path, mine)
            return
        try:
            theirs = json.loads(path.read_text(encoding="utf-8"))
            changed = sorted(k for k in {*mine, *theirs} if mine.get(k) != theirs.get(k))
        except (ValueError, TypeError) as error:
            raise TrainingError(f"{path} is damaged ({error}); use another --workdir.") from error
        if changed:
            differences = ", ".join(
                f"{k}: {theirs.get(k)} there, {mine.get(k)} now" for k in changed
            )
            raise TrainingError(
                f"{self.workdir} holds a run of another recipe ({differences}); use another "
                "--workdir, or the same flags to resume it."
            )

    def _initial_arrays(self):
        if not self.config.initial_weights:
            return None
        try:
            arrays, info = weights.read_weights(self.config.initial_weights)
        except weights.WeightsError as error:
            raise TrainingError(str(error)) from error
        if info.network != self.config.network:
            raise TrainingError(
                f"{self.config.initial_weights} holds a {info.network}, which cannot start a "
                f"{self.config.network}; choose --network={info.network}."
            )
        return arrays

    def _resume(self):
        try:
            found = checkpoints.restore(self.workdir / "checkpoints")
            if found is None:
                self.records.start(0)
                return
            step, arrays = found
            self.best = float(arrays.pop("best"))
            self.state.set_arrays(arrays)
        except (checkpoints.CheckpointError, ValueError, KeyError) as error:
            raise TrainingError(
                f"{self.workdir} cannot be resumed: {error}; use another --workdir."
            ) from error
        self.records.start(step)
        _LOGGER.info("resuming %s at step %d of %d", self.workdir, step, self.config.steps)

    def _announce(self):
        network = architecture(self.config.network)
        _LOGGER.info("device: %s", environment.describe_device())
        _LOGGER.info("precision: %s", self.precision)
        _LOGGER.info("data: %s", self.held_out)
        _LOGGER.info(
            "network: %s, %s parameters, %s multiply-adds per pixel, scale x%d",
            network.name,
            f"{network.parameters:,}",
            f"{network.multiply_adds:,}",
            self.config.scale,
        )

    def _log(self, step, window, progress):
        """Writes one log line and returns an empty window; stops a run that has diverged."""
        if not math.isfinite(window.loss):
            raise self._diverged(step)
        rate = learning_rate(self.state.optimizer)
        values = {
            "loss": window.loss,
            "learning_rate": rate,
            "steps_per_second": window.steps / window.seconds,
            "input_wait": window.waited / window.seconds,
            "applied_steps": int(self.state.optimizer.iterations),
        }
        self.records.write("train", step, values)
        progress.line(
            f"step {step}/{self.config.steps}  loss {window.loss:.3e}  rate {rate:.2e}  "
            f"{values['steps_per_second']:.1f} steps/s  waiting for input "
            f"{100 * values['input_wait']:.1f} %"
        )
        return _Window(step)

    def _diverged(self, step):
        return TrainingError(
            f"The loss is no longer a number at step {step}; the weights saved in {self.workdir} "
            "before that are intact. Use a lower --learning_rate, or --precision=float32."
        )

    def _evaluate(self, step, progress) -> Quality | None:
        """Scores the averaged network, and saves it as `last` and, if it is, as `best`."""
        scores = evaluate(self.validation, self.config.scale, self.enhance)
        quality = None
        text = f"step {step}/{self.config.steps}  saved"
        if scores:
            quality = mean_quality(score.network for score in scores)
            bicubic = mean_quality(score.bicubic for score in scores)
            self.records.write(
                "validation",
                step,
                {"psnr": quality.psnr, "ssim": quality.ssim, "bicubic_psnr": bicubic.psnr},
            )
            if run_pictures.due(step, self.config):
                strip = run_pictures.side_by_side(self.sample, self.enhance)
                self.records.picture(run_pictures.NAME, step, strip)
            text += (
                f"  validation PSNR {quality.psnr:.3f} dB, "
                f"{quality.psnr - bicubic.psnr:+.3f} over bicubic"
            )
        self._save("last", step, quality)
        if quality and quality.psnr > self.best:
            self.best = quality.psnr
            self._save("best", step, quality)
            text += " (best)"
        self.records.refresh()
        if progress:
            progress.line(text)
        else:
            _LOGGER.info("%s", text)
        return quality

    def _save(self, name, step, quality):
        scores = {"validation": quality._asdict()} if quality else {}
        info = weights.WeightsInfo(
            network=self.config.network,
            scale=self.config.scale,
            training_data=self.held_out,
            steps=step,
            scores=scores,
            provenance={
                "command": self.command,
                "config": dataclasses.asdict(self.config),
                "precision": self.precision,
                **environment.describe(),
            },
        )
        arrays = self.state.average.get_arrays()
        weights.save_weights(self.workdir / f"{name}{weights.SUFFIX}", arrays, info)

    def _checkpoint(self, step):
        arrays = {**self.state.get_arrays(), "best": tf.constant(self.best, tf.float64).numpy()}
        return checkpoints.save(self.workdir / "checkpoints", step, arrays)


class _Window:
    """Averages since the last log line."""

    def __init__(self, step):
        self.begin, self.steps = step, 0
        self.seconds = self.waited = self._total = 0.0

    def add(self, steps, loss, seconds, waited):
        self.steps += steps
        self._total += steps * loss
        self.seconds += seconds
        self.waited += waited

    @property
    def loss(self):
        return self._total / self.steps


def _until_next(step, interval):
    return interval - step % interval


@contextlib.contextmanager
def _signals():
    """Yields a list that is empty until SIGINT or SIGTERM comes; a second one acts as usual."""
    received = []
    previous = {}

    def remember(number, frame):
        received.append(number)
        for each, handler in previous.items():
            signal.signal(each, handler)

    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            previous[number] = signal.signal(number, remember)
    except ValueError:
        # Only the main thread may handle signals; elsewhere whoever runs the thread stops it.
        _LOGGER.debug("signals are not handled outside the main thread")
    try:
        yield received
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
