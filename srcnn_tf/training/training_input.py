"""What a run trains on: pictures kept in memory, or sub-images streamed from their shards."""

import contextlib
import functools
import hashlib
import operator
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import tensorflow as tf
import tensorflow_datasets as tfds

from srcnn_tf.data import data_service, pipeline, record_files, streaming
from srcnn_tf.data.device_crops import DeviceCrops
from srcnn_tf.data.photo_degradation import at_scale_1, degraded_validation
from srcnn_tf.networks.architecture import LOW_GRID
from srcnn_tf.training import waiting
from srcnn_tf.training.config import TrainConfig


class Subimages(NamedTuple):
    """Prepared sub-images, which are streamed.

    Attributes:
      builder: of the dataset.
      split: as TFDS has it.
      service: address of a `tf.data` service that reads them, `grpc://host:port`; "" for this
        process itself. Runs then are not repeatable bit for bit; see `data_service`.
      job: with a service, a name that the processes of this run share, and no other run has.
    """

    builder: tfds.core.DatasetBuilder
    split: str = "train"
    service: str = ""
    job: str = "train"


class SplitPictures(NamedTuple):
    """Pictures of a dataset that says itself which of them to validate with."""

    training: Sequence[pipeline.EvaluationPicture]
    validation: Sequence[pipeline.EvaluationPicture]


class PictureInput:
    """Pictures in memory, some of them held out.

    At scale 1 the pictures may be of any scale: only the originals count.

    Attributes:
      summary: what is trained on, in words.
      validation: the pictures held out; of a recipe for photographs, under several conditions.
    """

    def __init__(
        self,
        pictures: Sequence[pipeline.EvaluationPicture] | SplitPictures,
        config: TrainConfig,
    ):
        self._config = config
        split = isinstance(pictures, SplitPictures)
        training, validation = pictures if split else (pictures, ())
        if any(picture.given for picture in training) and (config.photo or config.scale == 1):
            raise ValueError(
                "The small pictures are given (lr/), and this recipe makes its own; name the "
                "folder hr/, or take another recipe."
            )
        if config.scale == 1:
            training, validation = at_scale_1(training), at_scale_1(validation)
        by_name = operator.attrgetter("filename")
        self._pictures = [*sorted(training, key=by_name), *sorted(validation, key=by_name)]
        count = config.validation_pictures
        if split:
            self._training = sorted(training, key=by_name)
            self.validation = pipeline.ranked(validation, count)
        else:
            self._training, self.validation = pipeline.hold_out(training, count)
        self.summary = f"{len(self._training)} pictures trained on" + (
            f", {len(self.validation)} held out" if self.validation else ""
        )
        if config.photo:
            self.validation = degraded_validation(self.validation, config.scale)
        self._packed = None

    def reading(self) -> contextlib.AbstractContextManager:
        """What to train within: nothing, since all has been read."""
        return contextlib.nullcontext()

    def digest(self) -> bytes:
        """Returns a digest of all pictures."""
        digest = hashlib.sha256()
        for picture in self._pictures:
            digest.update(picture.filename.encode() + picture.hr_y.tobytes())
            if picture.hr is not None:
                digest.update(picture.hr.tobytes())
            if picture.given:
                digest.update(picture.lr_y.tobytes())
        return digest.digest()

    def packed(self) -> pipeline.PackedPictures:
        """Returns what is trained on, laid end to end; it is made once."""
        if self._packed is None:
            config = self._config
            packed = pipeline.pack(
                self._training,
                config.scale,
                config.rescale_factors,
                config.patch_size,
                config.grid_offsets,
                config.architecture.grid,
                config.architecture.color_mode,
            )
            self._packed = pipeline.balanced(packed, config.difficulty_exponent)
        return self._packed

    def device_crops(
        self, device: str, *, border: int, first_step: int, jit_compile: bool = False
    ) -> DeviceCrops:
        """Returns the pictures on a device, and what the recipe cuts of them there."""
        return DeviceCrops(
            self.packed(),
            device,
            patch=self._config.patch_size,
            border=border,
            first_step=first_step,
            jit_compile=jit_compile,
            **_of_recipe(self._config),
        )

    def batches(
        self, *, border: int, first_step: int, shard: tuple[int, int] = (0, 1)
    ) -> tf.data.Dataset:
        """Returns the batches of the recipe; see `pipeline.training_batches`."""
        config = self._config
        return pipeline.training_batches(
            self.packed(),
            patch=config.patch_size,
            border=border,
            first_step=first_step,
            shard=shard,
            engine=config.engine,
            photo=config.photo,
            **_of_recipe(config),
        )


class SubimageInput:
    """Sub-images, none of them held out.

    Attributes:
      summary: what is trained on, in words.
      validation: no pictures.

    Raises:
      ValueError: the records are not sub-images, or the recipe wants of them what they do not hold.
      RecordsError: files are missing or cut.
    """

    validation = ()

    def __init__(self, subimages: Subimages, config: TrainConfig):
        self._config, self._subimages = config, subimages
        size = streaming.subimage_size(subimages.builder)
        if size != config.patch_size:
            raise ValueError(
                f"{subimages.builder.info.full_name} holds sub-images of {size} x {size} pixels; "
                f"give --patch_size={size}."
            )
        if config.architecture.channels > 1:
            raise ValueError(
                f"Sub-images are stored as luminance, and {config.network} sees color; train it on "
                "whole pictures, by another --preset."
            )
        if config.architecture.grid == LOW_GRID:
            raise ValueError(
                "Sub-images are stored on the bicubic grid, and a "
                f"{config.network} works on the low one; train it on whole pictures."
            )
        if (
            config.rescale_factors != (1.0,)
            or config.grid_offsets != 1
            or config.validation_pictures
        ):
            raise ValueError(
                "Sub-images hold no smaller or moved copies, and none are held out; use "
                "--preset=subimages, or --rescale_factors=1 --grid_offsets=1 "
                "--validation_pictures=0."
            )
        record_files.check_sizes(subimages.builder, subimages.split)
        split = subimages.builder.info.splits[subimages.split]
        self.summary = f"{split.num_examples:,} sub-images, {split.num_shards} shards trained on"

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """What to train within: names the file that turns out to be damaged, or the service.

        Raises:
          RecordsError: a file is damaged, or the dispatcher of the service was not reached.
        """
        with contextlib.ExitStack() as entered:
            service = self._subimages.service
            if service:
                try:
                    data_service.wait_for_dispatcher(service)
                except data_service.DataServiceError as error:
                    raise record_files.RecordsError(str(error)) from error
                entered.enter_context(waiting.waiting_for(f"batches from {service}"))
            entered.enter_context(record_files.streaming_errors(self._subimages.builder))
            yield

    def digest(self) -> bytes:
        """Returns a digest of what the records were built from, and of their shards."""
        builder, split = self._subimages.builder, self._subimages.split
        metadata = dict(builder.info.metadata or {})
        told = (
            builder.info.full_name,
            # Of the pictures themselves, wherever they lie.
            metadata.get("contents") or sorted(metadata.items()),
            [file.take for file in streaming.shards_of(builder, split)],
        )
        return hashlib.sha256(repr(told).encode()).digest()

    def batches(
        self, *, border: int, first_step: int, shard: tuple[int, int] = (0, 1)
    ) -> tf.data.Dataset:
        """Returns the batches of the recipe; see `streaming.streamed_batches`."""
        config, source = self._config, self._subimages
        make = streaming.streamed_batches
        if source.service:
            make = functools.partial(
                data_service.served_batches, service=source.service, job=source.job
            )
        return make(
            source.builder,
            source.split,
            border=border,
            first_step=first_step,
            shard=shard,
            **_of_recipe(config),
        )


def training_input(
    data: Sequence[pipeline.EvaluationPicture] | SplitPictures | Subimages, config: TrainConfig
) -> PictureInput | SubimageInput:
    """Returns the input for either kind of data."""
    return (SubimageInput if isinstance(data, Subimages) else PictureInput)(data, config)


def _of_recipe(config: TrainConfig) -> dict:
    """What batches of either kind take of the recipe."""
    return {
        "batch_size": config.batch_size,
        "seed": config.seed,
        "dihedral": config.dihedral,
        "full_range": config.full_range,
    }
