"""`TrainConfig`: every choice that a training run depends on, checked when made (no TensorFlow)."""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from srcnn_tf.data.photo_degradation import PhotoDegradation
from srcnn_tf.engines.devices import PRECISIONS, engine_name
from srcnn_tf.networks.architecture import LOW_GRID, Architecture
from srcnn_tf.networks.families.family import family_of, find_architecture
from srcnn_tf.networks.initialization import INITIALIZATIONS
from srcnn_tf.training.losses.loss import LOSSES
from srcnn_tf.training.optimizers.optimizer import OPTIMIZERS

PADDINGS = ("valid", "replicate")
PRECISION_CHOICES = ("auto", *PRECISIONS)


@dataclasses.dataclass(frozen=True)
class TrainConfig:
    """A recipe. The same recipe, data and machine give the same weights, bit for bit.

    Attributes:
      scale: enlargement; 1 is for networks on the low grid that clean photographs.
      network: a name, such as `srcnn-9-5-5`; see `networks.find_architecture`.
      initialization: what training starts from; see `initialization.draw_arrays`.
      initial_weights: a weight file to start from instead, of the same network, or what such a file
        is called in the package, such as `slim-10x16_x2`; or "".
      equivariant: whether the network treats all eight flips and rotations of a picture alike,
        which leaves it an eighth of its freedom; see `equivariance`. None is replaced by whether
        the network's family can.
      steps: how many batches.
      batch_size: crops in a batch.
      patch_size: side of the input crops, in pixels of the network's input.
      padding: `valid` has targets that are smaller by the network's halo, so that all that is
        learned from has its full neighborhood; `replicate` pads every layer's input by its edge, as
        whole pictures are, and has targets as large as the input: more of them.
      rescale_factors: factors, from 0.01 to 1, at which every picture is used.
      grid_offsets: at how many positions of the low-resolution grid every picture is used; at most
        scale x scale, all of which larger values mean.
      difficulty_exponent: how much more often pictures are drawn that bicubic gets right, between
        0, not at all, and 1, as mean PSNR weighs them; see `pipeline.balanced`. Sub-images ignore
        it.
      dihedral: whether crops are flipped and rotated at random.
      full_range: share of the crops that are stretched from Y's 16..235 to 0..255. Single-channel
        pictures are their own Y and have such values; a network that never saw them lifts blacks.
        It is replaced by 0 for networks in color, to which gray pictures are like others.
      compressed: share of the crops whose small picture is compressed at random, as photographs
        are; see `photo_degradation.PhotoDegradation` for this and what follows. If it and `noisy`
        are 0, small pictures stay as they are, not even rounded.
      webp: share of the compressed ones that are WebP's instead of JPEG's.
      recompressed: share of the compressed ones that JPEG compresses once more.
      noisy: share of the crops whose small picture has noise.
      noise_levels: the highest standard deviation of the noise, in 1/255 of white.
      qualities: lowest and highest quality of compression.
      loss: a name in `training.losses`: `mse`, `charbonnier`, `l1`.
      optimizer: a name in `training.optimizers`: `muon`, `adam`.
      learning_rate: the highest; it falls to `final_learning_rate` times that by half a cosine.
      final_learning_rate: a fraction of `learning_rate`; 1 keeps the rate as it is.
      adam_learning_rate: with Muon, the highest rate of what Muon leaves to Adam: biases and the
        last layer.
      weight_decay: with Muon, the part of its kernels that a step takes off, times the rate.
        Without it a deep network's kernels grow as long as it is trained, and it answers to what
        is no photograph with values thousands of times too large.
      warmup_steps: over which the rate rises from zero, but never more than a tenth of all steps.
      ema_decay: of the exponential moving average of the weights, which is what is evaluated and
        saved; 0 turns it off. Short runs have a smaller one: the average reaches back over a
        sixteenth of all steps at most.
      precision: `auto` is float32 on a CPU and mixed on a GPU with tensor cores.
      seed: of the initial weights, crops and their augmentation.
      validation_pictures: how many pictures are held out to choose `best` by, but never more than
        one in five; 0 trains on all.
      evaluate_every: steps between evaluations, each with a checkpoint.
      log_every: steps between log lines and reads of the loss.
      steps_per_call: training steps in each call into the graph, at most 10,000.
      engine: what computes gradients: `tensorflow`, `cpu`, or `auto`: the CPU engine where
        `train_step.uses_cpu_engine` and there is one replica, else TensorFlow. Both give the same
        gradients but for rounding. With `tensorflow`, its own ops cut the crops, too.
      jit_compile: whether XLA compiles what TensorFlow computes of the step; None for where that is
        faster, as `environment.uses_xla` judges, and can do it.

    Raises:
      ValueError: a value is none of these; the message names it.
    """

    scale: int
    network: str = "srcnn-9-5-5"
    initialization: str = "identity"
    initial_weights: str = ""
    equivariant: bool | None = None
    steps: int = 10_000
    batch_size: int = 16
    patch_size: int = 64
    padding: str = "valid"
    rescale_factors: tuple[float, ...] = (1.0,)
    grid_offsets: int = 16
    difficulty_exponent: float = 0.0
    dihedral: bool = True
    full_range: float = 0.25
    compressed: float = 0.0
    webp: float = 0.1
    recompressed: float = 0.15
    noisy: float = 0.0
    noise_levels: float = 10.0
    qualities: tuple[int, ...] = (5, 95)
    loss: str = "mse"
    optimizer: str = "muon"
    learning_rate: float = 1e-2
    final_learning_rate: float = 0.1
    adam_learning_rate: float = 1e-3
    weight_decay: float = 0.0
    warmup_steps: int = 100
    ema_decay: float = 0.998
    precision: str = "auto"
    seed: int = 1
    validation_pictures: int = 10
    evaluate_every: int = 500
    log_every: int = 100
    steps_per_call: int = 20
    engine: str = "auto"
    jit_compile: bool | None = None

    def __post_init__(self):
        self._set("rescale_factors", tuple(float(factor) for factor in self.rescale_factors))
        self._set("qualities", tuple(int(quality) for quality in self.qualities))
        self._set("engine", engine_name(self.engine))
        _require(self.engine != "numpy", "engine cannot be numpy, which computes no gradients")
        _require(self.scale >= 1, f"scale must be at least 1, not {self.scale}")
        self._check_network()
        self._check_photo()
        _one_of("initialization", self.initialization, INITIALIZATIONS)
        _one_of("optimizer", self.optimizer, OPTIMIZERS)
        _one_of("loss", self.loss, LOSSES)
        _one_of("precision", self.precision, PRECISION_CHOICES)
        for name in (
            "steps",
            "batch_size",
            "patch_size",
            "evaluate_every",
            "log_every",
            "steps_per_call",
            "grid_offsets",
        ):
            _require(
                getattr(self, name) >= 1, f"{name} must be at least 1, not {getattr(self, name)}"
            )
        for name in ("validation_pictures", "warmup_steps", "seed"):
            _require(getattr(self, name) >= 0, f"{name} must not be negative")
        for name, most in _MOST.items():
            value = getattr(self, name)
            _require(value <= most, f"{name} must be at most {most:,}, not {value:,}")
        _require(
            bool(self.rescale_factors)
            and all(_LEAST_FACTOR <= each <= 1 for each in self.rescale_factors),
            f"rescale_factors must be one or more factors from {_LEAST_FACTOR} to 1, not "
            f"{self.rescale_factors}",
        )
        for name in ("learning_rate", "adam_learning_rate"):
            rate = getattr(self, name)
            _require(math.isfinite(rate) and rate > 0, f"{name} must be positive, not {rate}")
        for name in (
            "full_range",
            "difficulty_exponent",
            "final_learning_rate",
            "compressed",
            "webp",
            "recompressed",
            "noisy",
        ):
            value = getattr(self, name)
            _require(0 <= value <= 1, f"{name} must be within 0 and 1, not {value}")
        _require(
            0 <= self.weight_decay * self.learning_rate < 1,
            f"weight_decay must be within 0 and 1 / learning_rate, not {self.weight_decay}",
        )
        _require(0 <= self.ema_decay < 1, f"ema_decay must be within 0 and 1, not {self.ema_decay}")

    def _check_network(self):
        built = self.architecture
        if built.channels > 1:
            self._set("full_range", 0.0)
        enlarged = self.scale if built.grid == LOW_GRID else 1
        _require(
            built.upscale == enlarged,
            f"{self.network} enlarges its {built.grid} input by {built.upscale}, not by {enlarged}",
        )
        equivariance = family_of(self.network).equivariance
        can = equivariance is not None and equivariance.supports(built)
        if self.equivariant is None:
            self._set("equivariant", can)
        _require(
            can or not self.equivariant,
            f"equivariant must be off for {self.network}, which cannot be built so",
        )
        _one_of("padding", self.padding, PADDINGS)
        border = self.border
        _require(
            self.patch_size > 2 * border,
            f"patch_size must be more than {2 * border} for {self.network}, which loses {border} "
            f"pixels on every side, not {self.patch_size}",
        )

    def _check_photo(self):
        _require(
            math.isfinite(self.noise_levels) and 0 <= self.noise_levels <= 255,
            f"noise_levels must be within 0 and 255, not {self.noise_levels}",
        )
        _require(
            len(self.qualities) == 2 and 1 <= self.qualities[0] <= self.qualities[1] <= 100,
            "qualities must be two, the lowest and the highest, within 1 and 100, not "
            f"{self.qualities}",
        )
        low = self.architecture.grid == LOW_GRID
        _require(
            not self.photo or self.architecture.channels == 1,
            f"compressed and noisy must be 0 for {self.network}: photographs are degraded in "
            "luminance, so choose a network on that, such as slim-10x16-photo",
        )
        _require(
            low or not self.photo,
            f"compressed and noisy must be 0 for {self.network}, which does not see the small "
            "picture; choose a network on the low grid, such as slim-10x16-photo",
        )
        _require(
            self.scale > 1 or (low and self.photo is not None),
            "scale 1 is for cleaning photographs; choose a network for that, such as "
            "--network=slim-10x16-photo, or a higher scale",
        )

    @property
    def photo(self) -> PhotoDegradation | None:
        """What small pictures go through; None if they stay as they are."""
        if not (self.compressed or self.noisy):
            return None
        low, high = self.qualities
        return PhotoDegradation(
            self.compressed,
            self.webp,
            self.recompressed,
            self.noisy,
            self.noise_levels,
            (low, high),
        )

    @property
    def architecture(self) -> Architecture:
        """What the network is made of."""
        return find_architecture(self.network, self.scale)

    @property
    def border(self) -> int:
        """How many pixels of the input the targets are smaller by on every side."""
        return self.architecture.halo if self.padding == "valid" else 0

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "TrainConfig":
        """Reads what `dataclasses.asdict` and JSON made of a recipe, of earlier versions too.

        A field that is missing has the value that everything had before the field existed.

        Raises:
          ValueError: a field is not known, with its name, or has no such value.
        """
        values = {_OLD_NAMES.get(name, name): value for name, value in values.items()}
        for name, meaningless in _REMOVED.items():
            if name in values and values[name] == meaningless:
                del values[name]
        known = {field.name for field in dataclasses.fields(cls)}
        unknown = sorted(set(values) - known)
        _require(
            not unknown,
            f"there is {', '.join(unknown)}, which this version does not know; use the version "
            "that wrote it",
        )
        for field in dataclasses.fields(cls):
            value = values.get(field.name, _NOTHING)
            kinds = _KINDS.get(getattr(field.type, "__name__", str(field.type)))
            _require(
                value is _NOTHING or kinds is None or type(value) in kinds,
                f"{field.name} cannot be {value!r}",
            )
        missing = sorted(known - set(values) - set(_BEFORE))
        _require(not missing, f"{', '.join(missing)} is missing")
        return cls(**{**_BEFORE, **values})

    def _set(self, name, value):
        object.__setattr__(self, name, value)


# What JSON may give for a field of a type; other types are left to the checks of their values.
_KINDS = {"int": (int,), "float": (int, float), "str": (str,)}
_NOTHING = object()
# What TensorFlow counts steps and pixels in, and random numbers are drawn from.
_MOST = {
    **dict.fromkeys(
        ("scale", "steps", "batch_size", "patch_size", "evaluate_every", "log_every"), 2**31 - 1
    ),
    **dict.fromkeys(("grid_offsets", "validation_pictures", "warmup_steps"), 2**31 - 1),
    "seed": 2**60,
    # Between two calls alone a run hears that it is to stop, and saves.
    "steps_per_call": 10_000,
}
# Less leaves nothing of any picture, and the kernel of the resize grows with its inverse.
_LEAST_FACTOR = 0.01
# Fields that were called otherwise.
_OLD_NAMES = {
    "initialisation": "initialization",
    "symmetric": "equivariant",
    "sizes": "rescale_factors",
    "shifts": "grid_offsets",
    "balance": "difficulty_exponent",
    "turns": "dihedral",
}
# Fields that came later than the first recipes, and what held before them.
_BEFORE = {
    "initial_weights": "",
    "equivariant": False,
    "padding": "valid",
    "difficulty_exponent": 0.0,
    "compressed": 0.0,
    "webp": 0.1,
    "recompressed": 0.15,
    "noisy": 0.0,
    "weight_decay": 0.0,
    "noise_levels": 10.0,
    "qualities": (5, 95),
    "engine": "tensorflow",
    "jit_compile": None,
}
# Fields that there were for a while, and the values with which they did nothing.
_REMOVED = {"teachers": [], "teacher_share": 1.0}


def _one_of(name, value, choices):
    # Compared one by one, since what came from a file may be no text at all.
    known = any(value == choice for choice in choices)
    _require(known, f"{name} must be one of {', '.join(choices)}, not {value!r}")


def _require(condition, sentence):
    if not condition:
        raise ValueError(f"In the training configuration {sentence}.")
