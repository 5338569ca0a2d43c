"""What a worker of a Beam build does: it places pictures in shards, and writes shards."""

import dataclasses
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import tensorflow_datasets as tfds
from tensorflow_datasets.core import hashing, naming
from tensorflow_datasets.core.utils import shard_utils

from srcnn_tf.files.image_files import ImageFileError
from tfds_builders.common.picture_examples import PictureExamples


@dataclasses.dataclass(frozen=True)
class SplitJob:
    """What every worker is told about a split; its methods run on the workers.

    Attributes:
      pictures: of the split.
      features: of the dataset.
      writer: TFDS's `ExampleWriter`.
      template: TFDS's names of shards.
      shards: how many.
    """

    pictures: PictureExamples
    features: tfds.features.FeaturesDict
    writer: Any
    template: naming.ShardedFileTemplate
    shards: int

    def assign_shards(self, _=None) -> Iterator[tuple[int, tuple[int, bytes]]]:
        """Yields (shard, (rank, name)) for every picture, in TFDS's shuffled order of keys."""
        names = shuffled(self.pictures.file_names(), self.template.split)
        ends = shard_utils.get_shard_boundaries(len(names), self.shards)
        shard = 0
        for rank, name in enumerate(names):
            shard += rank == ends[shard]
            # As bytes, since a name need not be UTF-8, and Beam takes no other strings.
            yield shard, (rank, os.fsencode(name))

    def write(self, shard_and_names: tuple[int, Iterable[tuple[int, bytes]]]) -> dict:
        """Writes one shard, whole or not at all; returns what is in it, or why it is not there."""
        shard, names = shard_and_names
        path = self.template.sharded_filepath(shard_index=shard, num_shards=self.shards)
        written = {"shard": shard, "examples": 0, "bytes": 0, "pictures": 0, "problems": []}
        try:
            with tfds.core.utils.incomplete_file(path) as temporary:
                self.writer.write(temporary, self._records(sorted(names), written))
        except write_errors() as error:
            # As an exception it would come back from the worker as a page of text.
            written["unwritten"] = getattr(error, "message", None) or str(error)
        return written

    def _records(self, names, written):
        """Yields (key, serialized example), as TFDS's writer takes them; fills in `written`."""
        from apache_beam.metrics import Metrics

        def count(what, number):
            Metrics.counter(self.pictures.dataset, what).inc(number)

        for rank, name in names:
            name = os.fsdecode(name)
            written["pictures"] += 1
            count("pictures", 1)
            try:
                pixels = self.pictures.read(name)
            except ImageFileError as error:
                count("skipped", 1)
                written["problems"].append(str(error))
                if self.pictures.config.strict:
                    return  # The build will be refused.
                continue
            count("pixels", pixels.shape[0] * pixels.shape[1])
            for _, example in self.pictures.examples_from(name, pixels):
                serialized = self.features.serialize_example(example)
                written["examples"] += 1
                written["bytes"] += len(serialized)
                yield rank, serialized


def write_errors() -> tuple[type[Exception], ...]:
    """Returns what a write that fails raises; an `except` asks only once something was raised.

    TensorFlow, whose file layer writes, is not loaded before: the program that starts a Beam build
    does without it.
    """
    import tensorflow as tf

    return OSError, tf.errors.OpError


def shuffled(names: Sequence[str], salt: str) -> list[str]:
    """Sorts names as TFDS sorts the keys of a split, whose name is the salt."""
    hasher = hashing.Hasher(salt)
    return sorted(names, key=lambda name: hasher.hash_key(os.fsencode(name)))
