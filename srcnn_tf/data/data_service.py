"""Sub-images by TensorFlow's `tf.data` service: other machines prepare batches for the trainers.

Sharding is dynamic: the dispatcher hands each shard of records to one data worker, and each batch
goes to one trainer, so that no record is seen twice in an epoch, however many there are of either.
The order of batches is random, so a resumed run is not bit for bit one that was never stopped. What
a data worker holds when it dies is not seen again before the next epoch.
"""

import logging
import os
import socket
import time
from collections.abc import Sequence

import tensorflow as tf
import tensorflow_datasets as tfds

from srcnn_tf.data import record_files, streaming

PROTOCOL = "grpc"
_LOGGER = logging.getLogger(__name__)
_SECONDS_BETWEEN_LINES = 10.0


class DataServiceError(Exception):
    """A server cannot be started; the message says why and what to do."""


def served_batches(
    builder: tfds.core.DatasetBuilder,
    split: str,
    *,
    service: str,
    job: str,
    batch_size: int,
    border: int,
    seed: int,
    first_step: int = 0,
    dihedral: bool = True,
    full_range: float = 0.0,
    shard: tuple[int, int] = (0, 1),
) -> tf.data.Dataset:
    """Endless batches of sub-images, prepared by the workers of a service.

    The workers open the shards under the same paths as this process would.

    Args:
      builder: of a prepared dataset of sub-images, such as `image_folder/x3_subimages`.
      split: as TFDS has it.
      service: address of the dispatcher, `grpc://host:port`.
      job: name that all trainers of a run have in common, and no other run has.
      batch_size: this and what follows is as for `streaming.streamed_batches`, but `first_step`
        only chooses the random numbers: the records start with a new epoch.
      border: how much smaller the target is on every side.
      seed: of all random choices. Each worker counts its own batches, so the k-th of one is
        augmented as the k-th of another; their records differ.
      first_step: the step that the first batch is for.
      dihedral: whether sub-images are flipped and rotated.
      full_range: share of them that is stretched.
      shard: (i, n) of n trainers takes its part of the batch, whose records are whichever come.

    Raises:
      ValueError: the records are ArrayRecord files.
    """
    shards = streaming.shards_of(builder, split)
    if record_files.Files.of(shards).random_access:
        raise ValueError(
            f"{builder.data_dir} holds ArrayRecord files, and a tf.data service reads TFRecord "
            "files only; build the records without --file_format, into another --data_dir."
        )
    records = records_of_epochs(shards, seed=seed + first_step)
    batches = streaming.batches_of(
        records,
        streaming.subimage_size(builder),
        batch_size=batch_size // shard[1],
        border=border,
        seed=seed,
        first_step=first_step,
        dihedral=dihedral,
        full_range=full_range,
    )
    return served(batches, service=service, job=f"{job}@{first_step}").prefetch(tf.data.AUTOTUNE)


def records_of_epochs(
    shards: Sequence[tfds.core.utils.shard_utils.FileInstruction],
    *,
    seed: int,
    passes: int | None = None,
) -> tf.data.Dataset:
    """Records of shards in a form that a service can distribute; endless by default."""
    # Its own buffer is left out, since it would shuffle all epochs alike.
    records = streaming.records_of_epoch(shards, seed=seed, number=0, shuffle_buffer=1)
    return records.shuffle(streaming.SHUFFLE_BUFFER, seed=seed).repeat(passes)


def served(data: tf.data.Dataset, *, service: str, job: str) -> tf.data.Dataset:
    """Lets the workers of a service compute a dataset, shared out by its files."""
    return data.apply(
        tf.data.experimental.service.distribute(
            processing_mode=tf.data.experimental.service.ShardingPolicy.DYNAMIC,
            service=service,
            job_name=job,
        )
    )


def wait_for_dispatcher(service: str, seconds: float = 600.0) -> None:
    """Waits until something answers where a dispatcher should be; says so every ten seconds.

    TensorFlow would wait by itself, without a word, and deaf to signals.

    Args:
      service: its address, `grpc://host:port` or `host:port`.
      seconds: how long to wait.

    Raises:
      DataServiceError: it was not reached in that time, or the address is none.
    """
    address = service.removeprefix(f"{PROTOCOL}://")
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise DataServiceError(f"{service} is no address of a dispatcher; write host:port.")
    start = said = time.monotonic()
    while True:
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=2):
                return
        except OSError as error:
            now = time.monotonic()
            if now - start > seconds:
                raise DataServiceError(
                    f"The dispatcher at {address} was not reached within {seconds:.0f} s "
                    f"({error}); see that it runs, and that this machine may reach it."
                ) from error
            if now - said >= _SECONDS_BETWEEN_LINES:
                said = now
                _LOGGER.warning(
                    "waiting for the dispatcher at %s, for %.0f s already", address, now - start
                )
        time.sleep(0.5)


def start_dispatcher(
    port: int, work_dir: str | os.PathLike | None = None
) -> tf.data.experimental.service.DispatchServer:
    """Starts the server that shares out the work.

    Args:
      port: to listen on; 0 for any.
      work_dir: a folder for its journal, from which a dispatcher that is started again goes on
        (TensorFlow's fault-tolerant mode); None to keep everything in memory.

    Raises:
      DataServiceError: the port is taken, or the folder cannot be used.
    """
    config = tf.data.experimental.service.DispatcherConfig(
        port=port,
        protocol=PROTOCOL,
        work_dir=None if work_dir is None else str(work_dir),
        fault_tolerant_mode=work_dir is not None,
        # Ten minutes by default, which trainers at the end of their data would wait for.
        worker_timeout_ms=60_000,
    )
    return _started(tf.data.experimental.service.DispatchServer, config, port)


def start_worker(
    dispatcher: str, port: int, host: str = "localhost"
) -> tf.data.experimental.service.WorkerServer:
    """Starts a server that prepares batches.

    Args:
      dispatcher: its address, `host:port`.
      port: to listen on; 0 for any.
      host: the name by which the trainers reach this machine.

    Raises:
      DataServiceError: the port is taken, or the dispatcher was not reached within ten minutes.
    """
    wait_for_dispatcher(dispatcher)
    config = tf.data.experimental.service.WorkerConfig(
        dispatcher_address=dispatcher.removeprefix(f"{PROTOCOL}://"),
        # TensorFlow puts the port in where it was chosen by the system.
        worker_address=f"{host}:{port or '%port%'}",
        port=port,
        protocol=PROTOCOL,
        # It answered just now.
        dispatcher_timeout_ms=60_000,
        heartbeat_interval_ms=10_000,
    )
    return _started(tf.data.experimental.service.WorkerServer, config, port)


def _started(server, config, port):
    try:
        # gRPC would share the port with another server, and each would get half of the calls.
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("", port))
        return server(config, start=True)
    except (tf.errors.OpError, OSError, RuntimeError, ValueError) as error:
        raise DataServiceError(
            f"The server could not be started on port {port} ({str(error).splitlines()[0]}); see "
            "that the port is free, the dispatcher is running, and its folder can be written."
        ) from error
