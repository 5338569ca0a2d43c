"""Generating records on Apache Beam, where the user names a runner; Beam is loaded only then.

TFDS's own Beam writer sends every record through the runner, twice. Runners on one machine hold
that in memory, and distributed ones ship it between hosts. Here a picture travels as its name: the
names are grouped by the shard that they belong to, and whoever has a shard reads, degrades and
writes its pictures one after the other. So memory is that of one picture and a list of names.
"""

import contextlib
import dataclasses
import json
import math
import os
from collections.abc import Mapping

import tensorflow_datasets as tfds

from srcnn_tf.files.image_files import ImageFileError
from tfds_builders.common.manifest import DatasetUnavailableError
from tfds_builders.common.picture_examples import PictureExamples
from tfds_builders.common.shard_writing import SplitJob, shuffled, write_errors

_SAMPLE = 20  # pictures from which the size of all records is estimated


class BeamMixin:
    """Beside `GeneratorBasedBuilder`: Beam if `DownloadConfig` has its options or a runner.

    `tfds build --beam_pipeline_options=...` sets the former. The builder's `_split_generators` must
    return `PictureExamples`.
    """

    def _generate_splits(self, dl_manager, download_config):
        if download_config.beam_options is None and download_config.beam_runner is None:
            # Of sub-images there are more than pictures, how many more is known in the end.
            shards = download_config.num_shards
            if shards and not self.builder_config.subimage_size:
                for pictures in self._split_generators(dl_manager).values():
                    if isinstance(pictures, PictureExamples):
                        _check_shards(self, len(pictures.file_names()), shards)
            return super()._generate_splits(dl_manager, download_config)
        splits = self._split_generators(dl_manager)
        return _generate(self, splits, download_config)


def _generate(
    builder: tfds.core.GeneratorBasedBuilder,
    splits: Mapping[str, PictureExamples],
    download_config: tfds.download.DownloadConfig,
) -> list[tfds.core.SplitInfo]:
    """Writes all shards of all splits, and returns what TFDS keeps of each split."""
    import apache_beam as beam

    jobs = {split: _job(builder, split, splits[split], download_config) for split in splits}
    # The runner's workers may be anywhere, so their reports come back as files beside the records.
    reports = {split: tfds.core.Path(builder.data_dir) / f"{split}.shards.json" for split in splits}
    with beam.Pipeline(
        runner=download_config.beam_runner, options=download_config.beam_options
    ) as pipeline:
        for split, job in jobs.items():
            _ = (
                pipeline
                | f"{split}: start" >> beam.Create([None])
                | f"{split}: pictures" >> beam.FlatMap(job.assign_shards)
                | f"{split}: shards" >> beam.GroupByKey()
                | f"{split}: write" >> beam.Map(job.write)
                | f"{split}: gather" >> beam.combiners.ToList()
                | f"{split}: report" >> beam.Map(_save, os.fspath(reports[split]))
            )
    return [_split_info(jobs[split], reports[split]) for split in splits]


def _job(builder, split, pictures, download_config) -> SplitJob:
    if download_config.max_examples_per_split is not None:
        raise DatasetUnavailableError(
            f"{builder.name}: --max_examples_per_split does not go with Beam; leave one out."
        )
    names = pictures.file_names()
    shards = download_config.num_shards
    _check_shards(builder, len(names), shards or 1)
    return SplitJob(
        # Workers need not share this process's folder.
        dataclasses.replace(pictures, folder=pictures.folder.absolute()),
        builder.info.features,
        builder._example_writer(),
        builder._get_filename_template(split_name=split),
        shards or _number_of_shards(names, pictures, builder.info.features, download_config),
    )


def _check_shards(builder, pictures: int, shards: int) -> None:
    """Raises DatasetUnavailableError before anything is read for more shards than pictures."""
    if shards > pictures:
        raise DatasetUnavailableError(
            f"{builder.name}: {pictures} pictures cannot fill {shards} shards; use"
            f" --num_shards={pictures} or fewer."
        )


def _number_of_shards(names, pictures, features, download_config) -> int:
    """TFDS's rule, with the size of all records estimated from a few, and with the user's limit."""
    sample = shuffled(names, "")[:_SAMPLE]
    examples, size = 0, 0
    for name in sample:
        with contextlib.suppress(ImageFileError):
            for _, example in pictures.examples_of(name):
                examples += 1
                size += len(features.serialize_example(example))
    growth = len(names) / len(sample)
    size = round(size * growth)
    shards = download_config.get_shard_config().get_number_shards(
        size, round(examples * growth), uses_precise_sharding=False
    )
    # TFDS 4.9.10 takes the limit and then overlooks it.
    return min(max(shards, math.ceil(size / download_config.max_shard_size)), len(names))


def _save(written: list[dict], path: str) -> None:
    path = tfds.core.Path(path)
    try:
        _write_report(written, path)
    except write_errors() as error:
        # The build has failed, so that its shards make way for the report of why.
        for shard in path.parent.glob("*.tfrecord*"):
            shard.unlink()
        problem = getattr(error, "message", None) or f"{path}: {error.strerror or error}"
        _write_report([*written, {"unwritten": problem}], path)


def _write_report(written, path):
    with tfds.core.utils.incomplete_file(path) as temporary:
        temporary.write_text(json.dumps(written))


def _split_info(job, report) -> tfds.core.SplitInfo:
    """Reads what the workers reported, names what was skipped, and describes the split."""
    shards = json.loads(report.read_text())
    report.unlink()
    for unwritten in (written["unwritten"] for written in shards if "unwritten" in written):
        raise OSError(unwritten)  # Which becomes a sentence as any other does.
    shards.sort(key=lambda written: written["shard"])
    for problem in sorted(problem for written in shards for problem in written["problems"]):
        job.pictures.report_problem(problem)
    skipped = sum(len(written["problems"]) for written in shards)
    job.pictures.report_counts(sum(written["pictures"] for written in shards), skipped)
    return tfds.core.SplitInfo(
        name=job.template.split,
        shard_lengths=[written["examples"] for written in shards],
        num_bytes=sum(written["bytes"] for written in shards),
        filename_template=job.template,
    )
