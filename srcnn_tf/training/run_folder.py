"""The folder of a run: kept to one process and one recipe, with its checkpoints and weights."""

import contextlib
import dataclasses
import logging
import os
import pathlib
from collections.abc import Mapping

import numpy as np

from srcnn_tf.files import atomic_files, folder_lock
from srcnn_tf.networks import weight_files
from srcnn_tf.training import checkpoints
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.config_file import read_config
from srcnn_tf.training.run_records import RunRecords

_LOGGER = logging.getLogger(__name__)
_CONFIG, _CHECKPOINTS = "config.json", "checkpoints"


class TrainingError(Exception):
    """Training cannot start or go on; the message says why and what to do."""


class RunFolder:
    """A context manager that owns a run's folder while it trains.

    Attributes:
      path: of the folder.
      records: its logs.

    Entering it raises `TrainingError` if another process works in the folder.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = pathlib.Path(path)
        self._owned = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as owned:
            try:
                owned.enter_context(folder_lock.lock_folder(self.path))
            except folder_lock.FolderInUseError as error:
                raise TrainingError(str(error)) from error
            self.records = owned.enter_context(RunRecords(self.path))
            self._owned = owned.pop_all()
        return self

    def __exit__(self, *exception):
        return self._owned.__exit__(*exception)

    def write_or_check_config(self, config: TrainConfig, data: str) -> None:
        """Writes `config.json`, or checks that the one there is of this recipe and data.

        A run is prolonged by more steps: what is done stays, and from there on the schedule is that
        of a run which was that long from the start. With a rate that falls it rises again at first.

        Raises:
          TrainingError: it is of another, or damaged.
        """
        path = self.path / _CONFIG
        mine = {"data": data, **dataclasses.asdict(config)}
        if not path.exists():
            atomic_files.write_json(path, mine)
            return
        try:
            data_there, config_there = read_config(path)
        except ValueError as error:
            raise TrainingError(
                f"{error} Remove it to go on with the same flags, or use another --workdir."
            ) from error
        theirs = {"data": data_there, **dataclasses.asdict(config_there)}
        changed = sorted(name for name in mine if mine[name] != theirs[name])
        if changed == ["steps"] and config.steps > config_there.steps:
            _LOGGER.info(
                "prolonged from %s to %s steps: the rate now follows the longer run's schedule",
                f"{config_there.steps:,}",
                f"{config.steps:,}",
            )
            atomic_files.write_json(path, mine)
            return
        if changed:
            differences = ", ".join(f"{k}: {theirs[k]} there, {mine[k]} now" for k in changed)
            raise TrainingError(
                f"{path} is of a run with another recipe ({differences}); use another --workdir, "
                "or the same flags to resume it."
            )

    def restore(self, first_evaluation: int) -> dict[str, np.ndarray] | None:
        """Returns the arrays of the last `save_checkpoint`; None if there was none.

        Args:
          first_evaluation: the step whose weights are written before the first checkpoint is: a run
            that was killed between the two starts again, and makes the same weights.

        Raises:
          TrainingError: no checkpoint is whole, or there are weights of other steps and none.
        """
        try:
            found = checkpoints.restore(self.path / _CHECKPOINTS)
        except checkpoints.CheckpointError as error:
            raise TrainingError(f"{error}, or use another --workdir.") from error
        if found is None:
            self._check_nothing_is_lost(first_evaluation)
            return None
        self._restored = checkpoints.path_of(self.path / _CHECKPOINTS, found[0])
        return found[1]

    def _check_nothing_is_lost(self, first_evaluation):
        """Refuses to start again where weights would be overwritten by those of fewer steps."""
        for path in map(self.weights, ("last", "best")):
            if not path.is_file():
                continue
            try:
                steps = weight_files.read_description(path)[1].steps
            except weight_files.WeightsError:
                steps = None
            if steps != first_evaluation:
                raise TrainingError(
                    f"{path} holds trained weights, and there is no checkpoint in "
                    f"{self.path / _CHECKPOINTS} to go on from; remove the folder {self.path}, or "
                    "give another --workdir."
                )

    def resume_error(self, error: Exception) -> TrainingError:
        """Says that the checkpoint that was restored is not one of this run."""
        return TrainingError(
            f"{self._restored} cannot be resumed ({error}); remove it, or use another --workdir."
        )

    def save_checkpoint(self, step: int, arrays: Mapping[str, np.ndarray]) -> pathlib.Path:
        """Writes a checkpoint from where the run can go on."""
        return checkpoints.save(self.path / _CHECKPOINTS, step, arrays)

    def weights(self, name: str) -> pathlib.Path:
        """Where the weights of that name are: `best` or `last`."""
        return self.path / f"{name}{weight_files.SUFFIX}"
