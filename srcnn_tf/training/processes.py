"""The processes that train together: which of them writes, and what they tell each other."""

import contextlib
import hashlib
from collections.abc import Iterator, Mapping

import numpy as np
import tensorflow as tf

from srcnn_tf.training import waiting


class ProcessLostError(Exception):
    """Another process has ended or cannot be reached; all of them must be started again."""


class Processes:
    """The processes of a strategy; where there is only one, nothing is sent.

    Each method must be called by all of them, in the same order: it waits for the others.

    Attributes:
      count: how many there are.
      index: of this one, from 0.
      is_chief: whether this one writes files.
    """

    def __init__(self, strategy: tf.distribute.Strategy):
        resolver = strategy.cluster_resolver
        cluster = resolver.cluster_spec().as_dict() if resolver else {}
        self.count = max(1, sum(len(cluster.get(job, [])) for job in ("chief", "worker")))
        self.index = resolver.task_id if cluster else 0
        self.is_chief = strategy.extended.should_checkpoint
        replicas = strategy.num_replicas_in_sync // self.count

        # Not compiled anew for every length: what is digest at each call has one.
        @tf.function(reduce_retracing=True)
        def summed(vector):
            reduced = strategy.run(_all_reduce, args=(vector,))
            # Each replica brings the same vector in, so that a process counts once for each.
            return strategy.experimental_local_results(reduced)[0] / replicas

        self._summed = summed

    def total(self, values: np.ndarray) -> np.ndarray:
        """Sums a float64 vector over all processes."""
        if self.count == 1:
            return np.asarray(values, np.float64)
        return self._summed(tf.constant(values, tf.float64)).numpy()

    def broadcast(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Returns the chief's arrays in every process.

        Args:
          arrays: of the same names, shapes and dtypes everywhere: floats of at most 64 bits, and
            integers below 2 ** 53. Their values count in the chief only.
        """
        if self.count == 1:
            return dict(arrays)
        # One vector, in a type that holds them all exactly, so that one message carries it.
        flat = np.concatenate([np.ravel(array).astype(np.float64) for array in arrays.values()])
        flat = self.total(flat if self.is_chief else np.zeros_like(flat))
        parts = np.split(flat, np.cumsum([np.size(array) for array in arrays.values()])[:-1])
        return {
            name: part.astype(np.asarray(array).dtype).reshape(np.shape(array))
            for (name, array), part in zip(arrays.items(), parts, strict=True)
        }

    def matches_chief(self, digest: bytes) -> bool:
        """Whether this process was digest the same as the chief."""
        # 48 bits of a digest, which float64 holds exactly.
        digest = hashlib.sha256(digest).digest()[:6]
        mine = {"digest": np.array(int.from_bytes(digest), np.float64)}
        return self.broadcast(mine) == mine

    @contextlib.contextmanager
    def translate_errors(self) -> Iterator[None]:
        """Turns what TensorFlow raises in the block when another process is lost into one error.

        While no step comes, it says that the others are waited for.

        Raises:
          ProcessLostError: that has happened.
        """
        others = self.count - 1
        processes = "the other process" if others == 1 else f"the other {others} processes"
        with contextlib.ExitStack() as entered:
            if others:
                entered.enter_context(waiting.waiting_for(f"{processes} of the cluster"))
            entered.enter_context(self._translated())
            yield

    @contextlib.contextmanager
    def _translated(self):
        try:
            yield
        except (
            tf.errors.UnavailableError,
            tf.errors.AbortedError,
            tf.errors.CancelledError,
            tf.errors.DeadlineExceededError,
            tf.errors.FailedPreconditionError,
            tf.errors.InternalError,
        ) as error:
            if self.count == 1:
                raise
            lines = [line for line in str(error).splitlines() if line.strip()]
            reason = next((line for line in lines if "aborted" in line), lines[-1])
            raise ProcessLostError(
                "Another process of this run has ended or cannot be reached "
                f"({reason}); start all of them again, and they go on from "
                "the last checkpoint."
            ) from error


def _all_reduce(vector):
    # A copy on the device of this replica: TensorFlow reduces between devices that it can name.
    return tf.distribute.get_replica_context().all_reduce(
        tf.distribute.ReduceOp.SUM, tf.identity(vector)
    )
