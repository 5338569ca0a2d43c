"""`train`: a recipe and prepared pictures to a trained network, stopping and resuming anywhere."""

import contextlib
import dataclasses
import functools
import logging
import math
import os
import pathlib
import time
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from srcnn_tf.data import pipeline
from srcnn_tf.engines.keras_models import SuperResolutionModel
from srcnn_tf.evaluation.scoring import Quality
from srcnn_tf.training import crop_device, environment, replicas, stop_signals
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.device_steps import make_device_run_steps
from srcnn_tf.training.log_window import LogWindow
from srcnn_tf.training.loss_check import check_loss
from srcnn_tf.training.processes import Processes, ProcessLostError
from srcnn_tf.training.profiling import Profile
from srcnn_tf.training.progress import Progress
from srcnn_tf.training.reporter import NullReporter, Reporter
from srcnn_tf.training.run_folder import RunFolder, TrainingError
from srcnn_tf.training.starting_weights import starting_arrays
from srcnn_tf.training.train_step import (
    TrainState,
    batch_shapes,
    make_run_steps,
    make_train_step,
)
from srcnn_tf.training.training_input import Subimages, training_input

_LOGGER = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class TrainResult:
    """How a call of `train` ended.

    Attributes:
      network: the averaged network, in float32, at the last step done.
      step: steps done, in this and earlier calls.
      finished: whether that is all of them.
      validation: mean quality on the held-out pictures, or None if there are none.
      weights: the file to use: `best.safetensors`, or `last.safetensors` if nothing was held out;
        None in a process that is not the chief.
      checkpoint: from where the same call goes on; None likewise.
      interrupted: whether a signal, here or in another process of the run, ended it.
      processes: how many trained.
    """

    network: SuperResolutionModel
    step: int
    finished: bool
    validation: Quality | None
    weights: pathlib.Path | None
    checkpoint: pathlib.Path | None
    interrupted: bool = False
    processes: int = 1


def train(
    config: TrainConfig,
    pictures: Sequence[pipeline.EvaluationPicture] | Subimages,
    workdir: str | os.PathLike,
    *,
    data: str,
    stop_after: int | None = None,
    command: str = "",
    strategy: tf.distribute.Strategy | None = None,
    profile: range | None = None,
    crops: str = "auto",
) -> TrainResult:
    """Trains, evaluates and saves until the last step, a signal, or `stop_after`.

    A folder that holds an unfinished run of the same recipe is resumed; the weights then are those
    of a run that was never stopped. SIGINT and SIGTERM end the run after the steps in flight.

    Under a strategy of several processes all of them call this with the same arguments. The chief
    alone reads and writes `workdir`, and tells the others where to go on; a signal to any one of
    them stops all.

    Args:
      config: the recipe.
      pictures: from `pipeline.read_pictures`, of the recipe's scale; or sub-images to stream, with
        whose side as the recipe's patch size, and of which none are held out.
      workdir: is made, with all folders above it. It gets `config.json`, `train.log`,
        `metrics.jsonl`, `curve.png`, `tensorboard/`, `checkpoints/`, and the weights
        `last.safetensors` and `best.safetensors` (highest validation PSNR).
      data: name of the dataset, for the records.
      stop_after: steps after which to stop as if by a signal.
      command: how the program was called, for the records.
      strategy: from `strategies.create_strategy`; None is one device.
      profile: steps of which the chief writes a TensorBoard profile; see `profiling`.
      crops: where they are cut, one of `crop_device.CROPS_ON`; they are the same, bit for bit.

    Raises:
      TrainingError: the folder is in use or holds another recipe's run, or weights without a
        checkpoint; the loss is no longer a number, the weights to start from do not fit, or another
        process of the run was lost.
      ValueError: the pictures are too few or too small, sub-images of another size than the recipe
        has, the batch does not divide by the number of replicas, crops cannot be cut there, or the
        recipe's loss or optimizer fails.
      RecordsError: a file of the sub-images is damaged; what was saved before is intact.
      OSError: something could not be written, which it names; what was saved before is intact.
    """
    workdir = pathlib.Path(workdir)
    strategy = strategy or tf.distribute.get_strategy()
    processes = Processes(strategy)
    try:
        with contextlib.ExitStack() as entered:
            entered.enter_context(processes.translate_errors())
            folder = entered.enter_context(RunFolder(workdir)) if processes.is_chief else None
            source = training_input(pictures, config)
            entered.enter_context(source.reading())
            if not processes.matches_chief(
                repr((config, stop_after, profile)).encode() + source.digest()
            ):
                raise TrainingError(
                    f"Process {processes.index} was given other flags or other pictures than the "
                    "chief; start all processes with the same command on the same data."
                )
            run = _Run(config, source, folder, strategy, processes, data, command, crops)
            profiled = Profile(profile, workdir / "tensorboard" if folder else None)
            return run.run(stop_after, entered.enter_context(profiled))
    except ProcessLostError as error:
        raise TrainingError(str(error)) from error


class _Run:
    """One call of `train`: the parts that its methods share."""

    def __init__(self, config, source, folder, strategy, processes, data, command, crops):
        self.config, self.folder, self.source = config, folder, source
        self.strategy, self.processes = strategy, processes
        self.precision = (
            environment.automatic_precision() if config.precision == "auto" else config.precision
        )
        _check_replicas(config, strategy)
        check_loss(config.loss, (1, *batch_shapes(config)[1][1:]))
        self.validation = source.validation
        trained_on = f"{data} x{config.scale}: {source.summary}"
        if folder:
            folder.write_or_check_config(config, data)
        with strategy.scope():
            self.state = TrainState(
                config, self.precision, starting_arrays(config) if folder else None
            )
        if folder:
            self.writer = Reporter(
                folder,
                config,
                self.state,
                self.validation,
                precision=self.precision,
                trained_on=trained_on,
                command=command,
            )
        else:
            self.writer = NullReporter()
        self._resume()
        self.on_device = crop_device.cuts_on_device(crops, config, strategy, source)
        self.on_gpu = crop_device.has_gpu() and not replicas.is_distributed(strategy)
        self._announce(trained_on)
        self.batches = functools.partial(
            source.batches,
            border=self.config.border,
            first_step=self.state.attempted_steps,
        )

    def run(self, stop_after, profile) -> TrainResult:
        config = self.config
        last = config.steps if stop_after is None else min(config.steps, stop_after)
        run_steps, iterator = self._steps()
        quality, evaluated = None, -1
        step = self.state.attempted_steps
        with stop_signals.catch_stop_signals() as signals, Progress(step, config.steps) as progress:
            window, stopped = LogWindow(), 0
            while step < last and not stopped:
                profile.reach(step)
                count = min(
                    config.steps_per_call,
                    last - step,
                    _until_next(step, config.log_every),
                    _until_next(step, config.evaluate_every),
                    profile.steps_until_next(step),
                )
                begin = time.perf_counter()
                loss, waited = run_steps(iterator, tf.constant(count))
                step += count
                logs = step % config.log_every == 0 or step == last
                if self.on_device or self.on_gpu:
                    # Read when it is logged: until then Python runs ahead of the device.
                    window.add(count, loss, waited)
                    stopped = bool(signals)
                    if logs:
                        window.read()
                else:
                    # Every process learns the same, so that all go on or stop at the same step.
                    loss, stopped = self.processes.total([float(loss), bool(signals)])
                    window.add(count, loss / self.processes.count, waited)
                    window.read()
                window.seconds += time.perf_counter() - begin
                progress.update(step, window.known_loss)
                if logs:
                    self._check_finite(step, window)
                    self.writer.log(step, window, progress)
                    window = LogWindow()
                if step % config.evaluate_every == 0 or step == config.steps:
                    self._check_finite(step, window)
                    quality, evaluated = self.writer.evaluate(step, progress), step
                    self.writer.checkpoint(step)
        self._check_finite(step, window)
        checkpoint = self.writer.checkpoint(step)
        if evaluated != step:
            quality = self.writer.evaluate(step, None)
        # Nobody leaves before the chief has written all: whoever did would seem to be lost.
        self.processes.total([0.0])
        return TrainResult(
            network=self.state.average,
            step=step,
            finished=step == config.steps,
            validation=quality,
            weights=self.folder and self.folder.weights("best" if self.validation else "last"),
            checkpoint=checkpoint,
            interrupted=bool(stopped),
            processes=self.processes.count,
        )

    def _steps(self):
        """Returns the function that runs steps, and the iterator that it reads."""
        if not replicas.is_distributed(self.strategy):
            step = make_train_step(self.state, self.config)
            if self.on_device:
                return self._device_steps(step)
            batches = self.batches()
            if self.on_gpu:
                device = crop_device.step_device()
                batches = batches.apply(tf.data.experimental.prefetch_to_device(device, 2))
            return make_run_steps(step, not self.on_gpu), iter(batches)
        step = replicas.make_train_step(self.state, self.config, self.strategy)
        return make_run_steps(step), iter(replicas.distribute(self.strategy, self.batches))

    def _device_steps(self, step):
        crops = self.source.device_crops(
            crop_device.step_device(),
            border=self.config.border,
            first_step=self.state.attempted_steps,
            jit_compile=environment.uses_xla(self.config.jit_compile),
        )
        return make_device_run_steps(step, crops), iter(crops.choices)

    def _resume(self):
        """Starts where the chief's folder says, in every process."""
        first = min(self.config.evaluate_every, self.config.steps)
        arrays = self.folder.restore(first) if self.folder else None
        if arrays is not None:
            try:
                self.writer.best = float(arrays.pop("best"))
                self.state.set_arrays(arrays)
            except (ValueError, TypeError, KeyError) as error:
                raise self.folder.resume_error(error) from error
        if self.processes.count > 1:
            self.state.set_arrays(self.processes.broadcast(self.state.get_arrays()))
        step = self.state.attempted_steps
        if self.folder:
            self.folder.records.start(step)
        if step or arrays is not None:
            _LOGGER.info("resuming at step %d of %d", step, self.config.steps)

    def _announce(self, trained_on):
        network = self.config.architecture
        _LOGGER.info("device: %s", environment.describe_device())
        if replicas.is_distributed(self.strategy):
            count = self.strategy.num_replicas_in_sync
            _LOGGER.info(
                "strategy: %s, %d replicas in %d processes, %d crops of each batch for each",
                type(self.strategy).__name__,
                count,
                self.processes.count,
                self.config.batch_size // count,
            )
        _LOGGER.info("precision: %s", environment.describe_arithmetic(self.precision))
        if self.on_device or self.on_gpu:
            place = "there" if self.on_device else "on the host, and prefetched to it"
            _LOGGER.info("crops: cut %s", place)
        _LOGGER.info("data: %s", trained_on)
        _LOGGER.info(
            "network: %s, %s parameters, %s multiply-adds per output pixel, scale x%d",
            network.name,
            f"{network.parameters:,}",
            f"{network.multiply_adds:,.0f}",
            self.config.scale,
        )

    def _check_finite(self, step, window):
        """Stops a run that has diverged, before anything of it is saved."""
        # A loss is of the weights before its step, so what the last step did shows in them alone.
        arrays = self.state.network.get_arrays().values()
        finite = all(np.isfinite(array).all() for array in arrays)
        if not finite or (window.steps and not math.isfinite(window.loss)):
            raise TrainingError(
                f"The loss is no longer a number at step {step}; the weights saved "
                f"{f'in {self.folder.path} ' if self.folder else ''}before that are intact. Use a "
                "lower --learning_rate, or --precision=float32."
            )


def _check_replicas(config, strategy):
    count = strategy.num_replicas_in_sync
    if config.engine == "cpu" and replicas.is_distributed(strategy):
        raise ValueError("The CPU engine is for one replica; use --engine=tensorflow.")
    if config.batch_size % count:
        raise ValueError(
            f"A batch of {config.batch_size} cannot be shared equally by {count} replicas; give a "
            f"--batch_size that is a multiple of {count}."
        )


def _until_next(step, interval):
    return interval - step % interval
