"""`TrainConfig`: every choice that a training run depends on, checked when made (no TensorFlow)."""

import dataclasses
import math

from srcnn_tf.engines.devices import ENGINES
from srcnn_tf.networks.architecture import INITIALIZATIONS, architecture

OPTIMIZERS = ("muon", "adam")
LOSSES = ("mse", "charbonnier")
PRECISION_CHOICES = ("auto", "float32", "mixed_float16", "mixed_bfloat16")


@dataclasses.dataclass(frozen=True)
class TrainConfig:
    """A recipe. The same recipe, data and machine give the same weights, bit for bit.

    Attributes:
      scale: enlargement, at least 2.
      network: a name of `srcnn_tf.networks.architecture.ARCHITECTURES`.
      initialization: what training starts from; see `architecture.initial_weights`.
      initial_weights: a weight file to start from instead, or "".
      symmetric: whether the network treats all eight turns and flips of a picture alike, which
        leaves it an eighth of its freedom; see `symmetry`.
      steps: how many batches.
      batch_size: crops in a batch.
      patch_size: side of the input crops; targets are smaller by the network's border.
      sizes: factors, at most 1, at which every picture is used.
      shifts: at how many positions of the low-resolution grid every picture is used; at most scale
        x scale, all of which larger values mean.
      balance: how much more often pictures are drawn that bicubic gets right, between 0, not at
        all, and 1, as mean PSNR weighs them; see `pipeline.balanced`. Sub-images ignore it.
      turns: whether crops are flipped and turned at random.
      full_range: share of the crops that are stretched from Y's 16..235 to 0..255. Single-channel
        pictures are their own Y and have such values; a network that never saw them lifts blacks.
      loss: `mse`, or `charbonnier` (sqrt(error^2 + 1e-6), arXiv:1710.01992).
      optimizer: `muon` or `adam`; see `srcnn_tf.training.optimizers`.
      learning_rate: the highest; it falls to `final_learning_rate` times that by half a cosine.
      final_learning_rate: a fraction of `learning_rate`; 1 keeps the rate as it is.
      adam_learning_rate: with Muon, the highest rate of what Muon leaves to Adam: biases and the
        last layer.
      warmup_steps: over which the rate rises from zero, but never more than a tenth of all steps.
      ema_decay: of the exponential moving average of the weights, which is what is evaluated and
        saved; 0 turns it off. Short runs have a smaller one: the average reaches back over a
        sixteenth of all steps at most.
      precision: `auto` is float32 on a CPU and mixed on a GPU with tensor cores.
      seed: of the initial weights, crops and turns.
      validation_pictures: how many pictures are held out to choose `best` by, but never more than
        one in five; 0 trains on all.
      evaluate_every: steps between evaluations, each with a checkpoint.
      log_every: steps between log lines and reads of the loss.
      steps_per_call: training steps in each call into the graph.
      engine: what computes gradients: `tensorflow`, the kernels of `vector`, or `auto`: those
        kernels where `runner.suits_cpu_engine` and there is one replica, else TensorFlow. Both
        give the same gradients but for rounding. With `tensorflow`, its own ops cut the crops, too.
      jit_compile: whether XLA compiles what TensorFlow computes of the step; None for where that is
        faster, as `environment.uses_xla` judges.
    """

    scale: int
    network: str = "srcnn-9-5-5"
    initialization: str = "identity"
    initial_weights: str = ""
    symmetric: bool = True
    steps: int = 10_000
    batch_size: int = 16
    patch_size: int = 64
    sizes: tuple[float, ...] = (1.0,)
    shifts: int = 16
    balance: float = 0.0
    turns: bool = True
    full_range: float = 0.25
    loss: str = "mse"
    optimizer: str = "muon"
    learning_rate: float = 1e-2
    final_learning_rate: float = 0.1
    adam_learning_rate: float = 1e-3
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
        object.__setattr__(self, "sizes", tuple(float(size) for size in self.sizes))
        border = architecture(self.network).radius
        _one_of("initialization", self.initialization, INITIALIZATIONS)
        _one_of("optimizer", self.optimizer, OPTIMIZERS)
        _one_of("loss", self.loss, LOSSES)
        _one_of("engine", self.engine, ENGINES)
        _one_of("precision", self.precision, PRECISION_CHOICES)
        _require(self.scale >= 2, f"scale must be at least 2, not {self.scale}")
        for name in (
            "steps",
            "batch_size",
            "evaluate_every",
            "log_every",
            "steps_per_call",
            "shifts",
        ):
            _require(
                getattr(self, name) >= 1, f"{name} must be at least 1, not {getattr(self, name)}"
            )
        for name in ("validation_pictures", "warmup_steps", "seed"):
            _require(getattr(self, name) >= 0, f"{name} must not be negative")
        _require(
            self.patch_size > 2 * border,
            f"patch_size must be more than {2 * border} for {self.network}, which loses {border} "
            f"pixels on every side, not {self.patch_size}",
        )
        _require(
            bool(self.sizes) and all(0 < size <= 1 for size in self.sizes),
            f"sizes must be one or more factors above 0 and at most 1, not {self.sizes}",
        )
        for name in ("learning_rate", "adam_learning_rate"):
            rate = getattr(self, name)
            _require(math.isfinite(rate) and rate > 0, f"{name} must be positive, not {rate}")
        _require(
            0 <= self.full_range <= 1, f"full_range must be within 0 and 1, not {self.full_range}"
        )
        _require(0 <= self.balance <= 1, f"balance must be within 0 and 1, not {self.balance}")
        _require(0 <= self.final_learning_rate <= 1, "final_learning_rate must be within 0 and 1")
        _require(0 <= self.ema_decay < 1, f"ema_decay must be within 0 and 1, not {self.ema_decay}")


_SHIPPED = {
    "steps": 20_000,
    "ema_decay": 0.999,
    "precision": "float32",
    "validation_pictures": 0,
    "evaluate_every": 1000,
}
PRESETS = {
    "default": {},
    # The recipe of the shipped 9-5-5 for x3 and x4, chosen on pictures held out of T91.
    "shipped": _SHIPPED,
    # That of the shipped 9-5-5 for x2 and 9-1-5 for x4, chosen likewise.
    "shipped_plain": {**_SHIPPED, "symmetric": False},
    # That of the shipped 9-1-5 for x2 and x3.
    "shipped_sizes": {
        "symmetric": False,
        "steps": 12_000,
        "sizes": (1.0, 0.9, 0.8, 0.7, 0.6),
        "final_learning_rate": 0.0,
        "ema_decay": 0.98,
        "precision": "mixed_bfloat16",
        "validation_pictures": 0,
        "evaluate_every": 1000,
        "jit_compile": False,
    },
    # For sub-images as the paper has them, which hold neither smaller nor shifted copies.
    "subimages": {
        "batch_size": 128,
        "patch_size": 33,
        "sizes": (1.0,),
        "shifts": 1,
        "validation_pictures": 0,
    },
    # The recipe of the README that this project set out from: a batch of 91, one random crop from
    # each of the 91 pictures, 100 steps an epoch, 1000 epochs, no augmentation. It names neither
    # optimizer nor initialization: Adam at 3e-4 and He's are what such programs used.
    "seed": {
        "initialization": "he",
        "symmetric": False,
        "balance": 0.0,
        "steps": 100_000,
        "batch_size": 91,
        "patch_size": 33,
        "sizes": (1.0,),
        "shifts": 1,
        "turns": False,
        "full_range": 0.0,
        "optimizer": "adam",
        "learning_rate": 3e-4,
        "final_learning_rate": 1.0,
        "warmup_steps": 0,
        "ema_decay": 0.0,
        "validation_pictures": 0,
        "evaluate_every": 1000,
    },
}


def preset(name: str, **changes) -> TrainConfig:
    """Returns the recipe of that name with `changes` made to it.

    Raises:
      ValueError: no such preset, or a value that `TrainConfig` does not take.
    """
    if name not in PRESETS:
        raise ValueError(f"There is no preset {name!r}; the presets are {', '.join(PRESETS)}.")
    return TrainConfig(**{**PRESETS[name], **changes})


def _one_of(name, value, choices):
    _require(value in choices, f"{name} must be one of {', '.join(choices)}, not {value!r}")


def _require(condition, sentence):
    if not condition:
        raise ValueError(f"In the training configuration {sentence}.")
