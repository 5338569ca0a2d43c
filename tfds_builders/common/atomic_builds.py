"""Atomic builds: one at a time, whole or not there, anew if pictures changed, clear errors.

TFDS itself writes to a folder `incomplete.<random>_<version>` and renames it when all is done. So
nothing half-made passes for a dataset; but two builds at once end with a traceback, a killed one
leaves its folder behind for ever, a full disk is a page of text, and records stay what they are
whatever becomes of the pictures.
"""

import contextlib
import logging
import os
import pathlib
import re
import sys
from collections.abc import Iterator

import tensorflow_datasets as tfds
from absl import app

from srcnn_tf.files import folder_lock
from tfds_builders.common import built_from
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.common.shard_writing import write_errors

_LOGGER = logging.getLogger(__name__)


class AtomicBuildMixin:
    """Beside `GeneratorBasedBuilder`, before it: how `download_and_prepare` goes about a build."""

    def why_outdated(self, manual_dir: str | os.PathLike | None) -> str | None:
        """Returns why the records on disk are not those of the pictures; None if they are.

        Published pictures never change; builders of others override this.

        Args:
          manual_dir: as the user named it, or None.
        """
        del manual_dir
        return None

    def download_and_prepare(self, **options) -> None:
        """Does what TFDS does, but waits for another process that builds the same records.

        Records of other pictures than are there now make way for new ones.

        Args:
          **options: TFDS's.

        Raises:
          DatasetUnavailableError: the records cannot be written, or the pictures cannot be had.
        """
        config = options.get("download_config") or tfds.download.DownloadConfig()
        reuse = config.download_mode == tfds.download.GenerateMode.REUSE_DATASET_IF_EXISTS
        with _translate_errors(self):
            there = self.data_path.exists()
            reason = self.why_outdated(config.manual_dir) if there and reuse else None
            if there and reason is None and not config.download_mode.overwrite_dataset:
                super().download_and_prepare(**options)  # Writes nothing, so it needs no lock.
                return
            found = built_from.read(self.data_path)
            with _locked(self):
                _remove_leftovers(self)
                built_meanwhile = (self.data_path.exists(), built_from.read(self.data_path)) != (
                    there,
                    found,
                )
                if built_meanwhile and self.data_path.exists():
                    reason = self.why_outdated(config.manual_dir) if reuse else None
                    self.info.read_from_directory(self.data_path)
                if reason is None or not self.data_path.exists():
                    super().download_and_prepare(**options)
                    return
                _LOGGER.warning("%s: %s; they are built anew.", self.info.full_name, reason)
                with _set_aside(self):
                    super().download_and_prepare(**options)


@contextlib.contextmanager
def _set_aside(builder) -> Iterator[None]:
    """Lets records be built where others are; those come back if that fails."""
    former = builder.data_path.parent / f"incomplete.FORMER_{builder.version}"  # A leftover's name.
    builder.data_path.rename(former)
    try:
        yield
    except BaseException:
        former.rename(builder.data_path)
        raise
    former.rmtree()


@contextlib.contextmanager
def _locked(builder) -> Iterator[None]:
    """Keeps other processes from building the same config; the lock ends with the process."""

    def log_waiting(holder):
        _LOGGER.warning(
            "%s is being built by process %s; waiting for it.", builder.info.full_name, holder
        )

    folder = os.fspath(builder.data_path.parent)
    # Remote file systems have no locks. There TFDS's rename decides who was first.
    with (
        contextlib.nullcontext()
        if "://" in folder
        else folder_lock.lock_folder(folder, log_waiting)
    ):
        yield


def _remove_leftovers(builder) -> None:
    """Removes what killed builds left; while the lock is held, no other build is using it."""
    ours = re.compile(rf"incomplete\.[A-Z0-9]{{6}}_{re.escape(str(builder.version))}")
    if builder.data_path.parent.exists():
        for path in builder.data_path.parent.iterdir():
            if ours.fullmatch(path.name):
                _LOGGER.info("Removing %s, left by a build that broke off.", path)
                path.rmtree()


@contextlib.contextmanager
def _translate_errors(builder) -> Iterator[None]:
    """Turns what a full disk or a read-only folder raises, in TensorFlow or not, into one error."""
    try:
        yield
    except AssertionError as error:
        # TFDS counts examples once all are written.
        if "number_of_shards" not in str(error):
            raise
        raise DatasetUnavailableError(
            f"{builder.info.full_name} has too few examples for that many shards; use a smaller"
            " --num_shards."
        ) from error
    except (RuntimeError, *write_errors()) as error:
        reason = _reason(error)
        if reason is None:
            raise
        raise DatasetUnavailableError(
            f"{builder.info.full_name} cannot be written to {builder.data_dir} ({reason}); make "
            "room, or give another --data_dir."
        ) from error


def _reason(error: BaseException | None) -> str | None:
    """Returns what the system said, however deep TFDS has wrapped it."""
    while error is not None:
        if isinstance(error, OSError):
            named = f"{error.filename}: " if error.filename else ""
            return f"{named}{error.strerror or error}"
        if isinstance(error, write_errors()):
            return error.message
        error = error.__cause__
    return None


class _OneSentenceHandler(app.ExceptionHandler):
    """Makes programs that leave exceptions to absl, such as `tfds`, show ours as a sentence."""

    def wants(self, exc):
        return isinstance(exc, DatasetUnavailableError)

    def handle(self, exc):
        # The handler cannot end the program; this is what Python calls when it ends.
        program = pathlib.Path(sys.argv[0]).name
        sys.excepthook = lambda kind, error, trace: print(f"{program}: {error}", file=sys.stderr)


app.install_exception_handler(_OneSentenceHandler())
