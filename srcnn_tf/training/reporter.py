"""What the chief of a run writes while it trains: log lines, scores, weights and checkpoints."""

import dataclasses
import logging
import math
import pathlib
from collections.abc import Sequence

import numpy as np

from srcnn_tf.data import pipeline
from srcnn_tf.engines.runners import runner
from srcnn_tf.evaluation.scoring import Quality, evaluate, mean_quality
from srcnn_tf.networks.weight_files import write_network
from srcnn_tf.networks.weights_info import WeightsInfo
from srcnn_tf.training import environment, run_pictures
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.log_window import LogWindow
from srcnn_tf.training.progress import Progress
from srcnn_tf.training.run_folder import RunFolder
from srcnn_tf.training.train_step import TrainState, learning_rate

_LOGGER = logging.getLogger(__name__)


class Reporter:
    """The process that writes; alone, or first of many.

    Args:
      folder: of the run.
      config: its recipe.
      state: what it trains.
      validation: the pictures held out.
      precision: what layers compute in.
      trained_on: the data, in words.
      command: how the program was called, for the records.

    Attributes:
      best: the highest validation PSNR so far, in dB.
    """

    def __init__(
        self,
        folder: RunFolder,
        config: TrainConfig,
        state: TrainState,
        validation: Sequence[pipeline.EvaluationPicture],
        *,
        precision: str,
        trained_on: str,
        command: str,
    ):
        self._folder, self._config, self._state = folder, config, state
        self._validation, self._trained_on = validation, trained_on
        self._precision, self._command = precision, command
        self._runner = runner(state.average)
        self._sample = run_pictures.sample(validation, config.scale)
        self.best = -math.inf

    def log(self, step: int, window: LogWindow, progress: Progress) -> None:
        """Writes one line about the steps since the last."""
        rate = learning_rate(self._state.optimizer)
        # On a GPU that batches are prefetched to nobody can tell.
        waited = None if math.isnan(window.waited) else window.waited / window.seconds
        values = {
            "loss": window.loss,
            "learning_rate": rate,
            "steps_per_second": window.steps / window.seconds,
            "applied_steps": self._state.applied_steps,
        }
        if waited is not None:
            values["input_wait"] = waited
        self._folder.records.write("train", step, values)
        progress.line(
            f"step {step}/{self._config.steps}  loss {window.loss:.3e}  rate {rate:.2e}  "
            f"{values['steps_per_second']:.1f} steps/s"
            + ("" if waited is None else f"  waiting for input {100 * waited:.1f} %")
        )

    def evaluate(self, step: int, progress: Progress | None) -> Quality | None:
        """Scores the averaged network, and saves it as `last` and, if it is, as `best`."""
        scores = evaluate(self._validation, self._config.scale, self._runner)
        quality = None
        text = f"step {step}/{self._config.steps}  saved"
        if scores:
            quality = mean_quality(score.network for score in scores)
            bicubic = mean_quality(score.bicubic for score in scores)
            self._folder.records.write(
                "validation",
                step,
                {**quality, "bicubic_psnr": bicubic.psnr},
            )
            if run_pictures.should_show(step, self._config):
                strip = run_pictures.side_by_side(self._sample, self._runner)
                self._folder.records.picture(run_pictures.NAME, step, strip)
            baseline = "bicubic" if self._config.scale > 1 else "the input"
            text += (
                f"  validation PSNR {quality.psnr:.3f} dB, "
                f"{quality.psnr - bicubic.psnr:+.3f} over {baseline}"
            )
            text += self._by_condition(step, scores)
        self._save("last", step, quality)
        if quality and quality.psnr > self.best:
            self.best = quality.psnr
            self._save("best", step, quality)
            text += " (best)"
        if progress:
            progress.line(text)
        else:
            _LOGGER.info("%s", text)
        return quality

    def _by_condition(self, step, scores) -> str:
        """Records the mean gain under each condition of the held-out pictures; says them."""
        gains: dict[str, list[float]] = {}
        for picture, score in zip(self._validation, scores, strict=True):
            if picture.condition:
                gain = score.network.psnr - score.bicubic.psnr
                gains.setdefault(picture.condition, []).append(gain)
        if not gains:
            return ""
        means = {condition: float(np.mean(each)) for condition, each in gains.items()}
        self._folder.records.write("conditions", step, means)
        return " (" + ", ".join(f"{name} {gain:+.2f}" for name, gain in means.items()) + ")"

    def checkpoint(self, step: int) -> pathlib.Path:
        """Saves all that a resumed run needs, and only then shows how far it is."""
        arrays = {**self._state.get_arrays(), "best": np.array(self.best)}
        path = self._folder.save_checkpoint(step, arrays)
        self._folder.records.refresh()
        return path

    def _save(self, name, step, quality):
        scores = {"validation": dict(quality)} if quality else {}
        info = WeightsInfo(
            network=self._config.network,
            scale=self._config.scale,
            training_data=self._trained_on,
            steps=step,
            scores=scores,
            provenance={
                "command": self._command,
                "config": dataclasses.asdict(self._config),
                "precision": self._precision,
                **environment.describe(),
            },
        )
        network = self._state.average.to_network().replace(info=info)
        write_network(self._folder.weights(name), network)


class NullReporter:
    """The other processes: they train, and leave all writing to the chief."""

    best = -math.inf

    def log(self, step: int, window: LogWindow, progress: Progress) -> None:
        """Writes nothing."""

    def evaluate(self, step: int, progress: Progress | None) -> None:
        """Scores nothing: the chief does, while the others wait for it in their next step."""

    def checkpoint(self, step: int) -> None:
        """Saves nothing."""
