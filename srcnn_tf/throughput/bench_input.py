"""Cases: from prepared records to pictures, and from pictures to batches of augmented crops."""

import pathlib
import tempfile
import time
from collections.abc import Sequence

import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

from srcnn_tf.data.pipeline import (
    EvaluationPicture,
    PackedPictures,
    pack,
    read_pictures,
    training_batches,
)
from srcnn_tf.throughput.repeated_records import repeated_records
from srcnn_tf.throughput.targets import Rate, Ratio
from srcnn_tf.throughput.timing import Case, Contender

_OURS, _SINGLY = "training_batches", "one crop per element"
_PLAIN = "the same by TensorFlow's own ops"
_READER, _PARSER = "read_pictures", "reading and parsing alone"
_BORDER = 8
_TIMES = (1, 10, 100)


def crop_cases(pictures: Sequence[EvaluationPicture], quick: bool = False) -> list[Case]:
    """Crops from pictures that are in memory: the paper's batches and those of our recipe."""
    return [
        _crops(pictures, 91, 33, 0.0, count=2 if quick else 200),
        _crops(pictures, 16, 33 if quick else 64, 0.25, count=2 if quick else 300),
    ]


def crop_growth(pictures: Sequence[EvaluationPicture], quick: bool = False) -> list[Case]:
    """The same crops out of 1, 10 and 100 times as many pictures."""
    return [
        _crops(pictures, 91, 33, 0.0, 2 if quick else 200, times)
        for times in (_TIMES[:1] if quick else _TIMES)
    ]


def record_cases(builder: tfds.core.DatasetBuilder, quick: bool = False) -> list[Case]:
    """One epoch of records that nothing has cached, of 1, 10 and 100 times the dataset."""
    return [_records(builder, times) for times in (_TIMES[:1] if quick else _TIMES)]


def only_split(builder: tfds.core.DatasetBuilder) -> str:
    """The name of the dataset's one split."""
    return next(iter(builder.info.splits))


def _crops(pictures, batch, patch, full_range, count, times=0):
    inner = patch - 2 * _BORDER
    alone = not times

    def contenders():
        packed = pack(pictures, scale=3, rescale_factors=(1.0,), patch=patch)
        packed = _repeated(packed, times or 1)

        def batches(engine):
            return training_batches(
                packed,
                batch_size=batch,
                patch=patch,
                border=_BORDER,
                seed=1,
                full_range=full_range,
                engine=engine,
            )

        def contender(label, engine, kind):
            made = batches(engine)
            return Contender(label, _drain(made, count), lambda: next(iter(made))[0], True, kind)

        candidates = [contender(_OURS, "auto", "ours")]
        if alone:
            candidates.append(contender(_PLAIN, "tensorflow", "plain"))
            singly = _drain(
                _one_crop_per_element(pictures, batch, patch, full_range), max(1, count // 5), count
            )
            candidates.append(Contender(_SINGLY, singly, None, True, "plain"))
        return candidates

    targets = [Rate(_OURS, 100_000)] if patch == 33 else []
    return Case(
        "input",
        f"crops {patch} x {patch} -> {inner} x {inner}, batch {batch}, {len(pictures)} pictures"
        + ("" if alone else f" x {times}"),
        count * batch,
        "crops",
        contenders,
        [*targets, Ratio(_OURS, _SINGLY, 1 / 5)] if alone else [],
        headline=alone and patch == 33,
        series="" if alone else "crops out of more pictures",
    )


def _drain(batches, count, worth=None):
    """Returns a run that takes `count` batches in the graph, and says what `worth` would take."""
    few = batches.take(count)

    @tf.function
    def take():
        total = tf.constant(0.0)
        for inputs, targets in few:
            total += inputs[0, 0, 0, 0] + targets[0, 0, 0, 0]
        return total

    def run():
        # A new iterator each time: a prefetched batch would be made in another contender's turn.
        before = time.perf_counter()
        take().numpy()
        return (time.perf_counter() - before) * (worth or count) / count

    return run


def _repeated(packed: PackedPictures, times: int) -> PackedPictures:
    if times == 1:
        return packed
    starts = np.arange(times)[:, None] * len(packed.pixels) + packed.starts
    rows, columns = (np.tile(sides, times) for sides in (packed.rows, packed.columns))
    return PackedPictures(np.tile(packed.pixels, (times, 1)), starts.ravel(), rows, columns)


def _one_crop_per_element(pictures, batch, patch, full_range) -> tf.data.Dataset:
    """The pipeline as it is usually written: each element is a picture, then one of its crops."""

    def pairs():
        for picture in pictures:
            yield np.stack([picture.bicubic_y, picture.hr_y / np.float32(255)], axis=-1)

    def crop(pair):
        pair = tf.image.random_crop(pair, [patch, patch, 2])
        pair = tf.image.random_flip_left_right(tf.image.random_flip_up_down(pair))
        pair = tf.image.rot90(pair, tf.random.uniform([], 0, 4, tf.int32))
        stretch = tf.random.uniform([]) < full_range
        pair = tf.where(stretch, pair * (255 / 219) - 16 / 219, pair)
        return pair[..., :1], pair[_BORDER:-_BORDER, _BORDER:-_BORDER, 1:]

    shape = tf.TensorSpec([None, None, 2], tf.float32)
    return (
        tf.data.Dataset.from_generator(pairs, output_signature=shape)
        .cache()
        .repeat()
        .shuffle(len(pictures))
        .map(crop, num_parallel_calls=tf.data.AUTOTUNE)
        .batch(batch, drop_remainder=True)
        .prefetch(tf.data.AUTOTUNE)
    )


def _records(builder, times):
    split = only_split(builder)
    pictures = builder.info.splits[split].num_examples * times

    def contenders():
        folder = tempfile.TemporaryDirectory()
        source = repeated_records(builder, times, pathlib.Path(folder.name))
        files = [str(path) for path in sorted(pathlib.Path(folder.name).rglob("*.tfrecord-*"))]
        keys = source.info.features.get_serialized_info()
        parse = tfds.core.example_parser.ExampleParser(keys).parse_example

        def read_and_parse():
            records = tf.data.Dataset.from_tensor_slices(files).interleave(
                tf.data.TFRecordDataset,
                cycle_length=min(16, len(files)),
                num_parallel_calls=tf.data.AUTOTUNE,
            )
            parsed = records.map(parse, num_parallel_calls=tf.data.AUTOTUNE)
            return parsed.prefetch(tf.data.AUTOTUNE).reduce(0, lambda count, record: count + 1)

        # The folder lives as long as its reader.
        return [
            Contender(
                _READER, lambda: len(read_pictures(source, split)) and folder.name, kind="ours"
            ),
            Contender(_PARSER, lambda: int(read_and_parse())),
        ]

    return Case(
        "input",
        f"records of {builder.info.full_name}, {pictures:,} pictures, not cached",
        pictures,
        "pictures",
        contenders,
        # 60 % of the speed.
        [Ratio(_READER, _PARSER, 1 / 0.6)],
        rounds=3 if times > 1 else None,
        series="reading more records",
    )
