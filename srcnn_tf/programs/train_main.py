"""Trains an SRCNN for one scale, resumes it where it stopped, and prints its scores.

bin/train --scale=4
"""

import dataclasses
import pathlib
import re
import shlex
import sys

from absl import flags

from srcnn_tf.data import catalog
from srcnn_tf.imaging.degradation import SCALES
from srcnn_tf.networks.families.family import COLORS, network_names
from srcnn_tf.networks.initialization import INITIALIZATIONS
from srcnn_tf.programs import plugins
from srcnn_tf.programs.startup import (
    CROP_PLACES,
    DEVICES,
    STRATEGIES,
    DeviceError,
    configure_logging,
    start_tensorflow,
)
from srcnn_tf.training.config import PADDINGS, PRECISION_CHOICES, TrainConfig
from srcnn_tf.training.config_file import read_config
from srcnn_tf.training.losses.loss import LOSSES
from srcnn_tf.training.optimizers.optimizer import OPTIMIZERS
from srcnn_tf.training.profiling import step_range
from srcnn_tf.training.recipes import recipe

SCALE = flags.DEFINE_enum(
    "scale",
    None,
    [str(scale) for scale in (1, *SCALES)],
    "How much to enlarge; 1, of networks for photographs, is to clean and not to enlarge.",
)
PRESET = flags.DEFINE_string(
    "preset",
    recipe.AUTO,
    "The recipe that the flags below change: auto, which is that of the network's family, or "
    + "; ".join(f"{name} ({each.description})" for name, each in recipe.RECIPES.items())
    + ".",
)
flags.DEFINE_alias("recipe", "preset")
CONFIG = flags.DEFINE_string(
    "config",
    None,
    "The config.json of a run, of this or an earlier version: its recipe, and its dataset unless "
    "--dataset names one; the flags below change it.",
)
WORKDIR = flags.DEFINE_string(
    "workdir",
    None,
    "Folder of the run, resumed if it holds one (default: runs/<network>_x<scale>).",
)
DATASET = flags.DEFINE_list(
    "dataset",
    ["auto"],
    "What to train on: auto (T91 if it can be had, else photographs that need no download), or any "
    f"of {catalog.listed('training')}; several, comma-separated, are trained on together. "
    f"{catalog.VARIABLE} names folders of further datasets.",
)
DATA_DIR = flags.DEFINE_string(
    "data_dir", None, "Where TFDS keeps prepared datasets (default: ~/tensorflow_datasets)."
)
MANUAL_DIR = flags.DEFINE_string(
    "manual_dir",
    None,
    "The dataset's pictures, or a folder that holds t91/, set5/, ..., instead of downloading.",
)
TEST_SETS = flags.DEFINE_list(
    "test_sets",
    ["auto"],
    "What the table at the end scores: none, auto (set5 and set14, at scale 1 live1, if these are "
    f"to be had, else sample_photos), or any of {catalog.listed('benchmark')}.",
)
CHECK_MEMORY = flags.DEFINE_bool(
    "check_memory", True, "Refuse pictures and steps that by their size will not fit into memory."
)
DATA_SERVICE = flags.DEFINE_string(
    "data_service",
    "",
    "grpc://host:port of a dispatcher (bin/data_service) whose workers read the sub-images; runs "
    "then are not repeatable bit for bit.",
)
STOP_AFTER = flags.DEFINE_integer(
    "stop_after", None, "Stop after this many steps, as a signal would; the same call goes on.", 0
)
DEVICE = flags.DEFINE_enum("device", "auto", DEVICES, "Where to train.")
STRATEGY = flags.DEFINE_enum(
    "strategy",
    "auto",
    STRATEGIES,
    "On how many devices: mirrored is all GPUs of this machine, multi_worker the cluster that the "
    "environment's TF_CONFIG names, auto what there is. --batch_size is shared by all of them.",
)
CROPS_ON = flags.DEFINE_enum(
    "crops_on",
    "auto",
    CROP_PLACES,
    "Where crops are cut, the same ones: host is the processor, device where the steps run; auto "
    "is a GPU that the pictures fit on, else the host.",
)
PROFILE = flags.DEFINE_string(
    "profile", None, "START:STOP, the steps of which to write a TensorBoard profile."
)

# One flag for each field of TrainConfig but the scale; without it the preset's value holds.
flags.DEFINE_string(
    "network",
    None,
    f"What to train: {', '.join(network_names())}, or one that a --plugin adds; any of them with "
    f"-{' or -'.join(COLORS)}, on three planes instead of luminance.",
)
flags.DEFINE_enum("initialization", None, INITIALIZATIONS, "What to start from.")
flags.DEFINE_alias("initialisation", "initialization")
flags.DEFINE_string(
    "initial_weights",
    None,
    "What to start from instead: a weight file, or slim-10x16_x2 and the like.",
)
flags.DEFINE_bool("equivariant", None, "Treat all eight flips and rotations of a picture alike.")
flags.DEFINE_alias("symmetric", "equivariant")
flags.DEFINE_integer("steps", None, "How many batches.", lower_bound=1)
flags.DEFINE_integer("batch_size", None, "Crops in a batch.", lower_bound=1)
flags.DEFINE_integer(
    "patch_size", None, "Side of the input crops, in pixels of what the network sees.", 1
)
flags.DEFINE_enum("padding", None, PADDINGS, "What layers see beyond the edge of a crop.")
flags.DEFINE_list("rescale_factors", None, "Factors, at most 1, at which every picture is used.")
flags.DEFINE_alias("sizes", "rescale_factors")
flags.DEFINE_integer(
    "grid_offsets", None, "Positions of the low-resolution grid over every picture."
)
flags.DEFINE_alias("shifts", "grid_offsets")
flags.DEFINE_float(
    "difficulty_exponent", None, "Draw easy pictures more often: 0 to 1, mean PSNR's weights."
)
flags.DEFINE_alias("balance", "difficulty_exponent")
flags.DEFINE_bool("dihedral", None, "Flip and rotate crops at random.")
flags.DEFINE_alias("turns", "dihedral")
flags.DEFINE_float("full_range", None, "Share of the crops stretched from Y's 16..235 to 0..255.")
flags.DEFINE_float(
    "compressed", None, "Share of the crops whose small picture is compressed as photographs are."
)
flags.DEFINE_float("webp", None, "Share of the compressed ones that are WebP's, not JPEG's.")
flags.DEFINE_float("recompressed", None, "Share of them that JPEG compresses once more.")
flags.DEFINE_float("noisy", None, "Share of the crops whose small picture has noise.")
flags.DEFINE_float("noise_levels", None, "The highest standard deviation of the noise, 0 to 255.")
flags.DEFINE_list("qualities", None, "Lowest and highest quality of compression, such as 5,95.")
flags.DEFINE_string("loss", None, f"What is minimized: {', '.join(LOSSES)}, or a --plugin's.")
flags.DEFINE_string(
    "optimizer", None, f"What minimizes it: {', '.join(OPTIMIZERS)}, or a --plugin's."
)
flags.DEFINE_float("learning_rate", None, "The highest rate.")
flags.DEFINE_float("final_learning_rate", None, "The rate at the last step, as a fraction of it.")
flags.DEFINE_float("adam_learning_rate", None, "With Muon: the rate of biases and last layer.")
flags.DEFINE_float("weight_decay", None, "With Muon: of kernels, times the rate, in each step.")
flags.DEFINE_integer("warmup_steps", None, "Steps over which the rate rises from zero.")
flags.DEFINE_float("ema_decay", None, "Of the moving average of the weights; 0 turns it off.")
flags.DEFINE_enum("precision", None, PRECISION_CHOICES, "What layers compute in.")
flags.DEFINE_integer("seed", None, "Of initial weights, crops and their augmentation.")
flags.DEFINE_integer("validation_pictures", None, "Pictures held out of training; 0 for none.")
flags.DEFINE_integer("evaluate_every", None, "Steps between evaluations and checkpoints.")
flags.DEFINE_integer("log_every", None, "Steps between log lines.")
flags.DEFINE_integer("steps_per_call", None, "Steps in each call into the graph.")
flags.DEFINE_enum(
    "engine",
    None,
    ["auto", "cpu", "tensorflow", "vector"],
    "What computes gradients; vector is an older name of cpu.",
)
flags.DEFINE_bool("jit_compile", None, "Compile the step with XLA (default: where that is faster).")


def _config():
    """Returns the recipe that the flags ask for.

    Raises:
      ValueError: there is no such recipe.
    """
    fields = [name for name in TrainConfig.__dataclass_fields__ if name != "scale"]
    changes = {name: flags.FLAGS[name].value for name in fields}
    changes = {name: value for name, value in changes.items() if value is not None}
    if SCALE.value:
        changes["scale"] = int(SCALE.value)
    if CONFIG.value:
        data, config = read_config(pathlib.Path(CONFIG.value))
        if DATASET.value == ["auto"] and set(data.split(",")) <= set(catalog.DATASETS):
            flags.FLAGS["dataset"].value = data.split(",")
        return dataclasses.replace(config, **changes)
    if not SCALE.value:
        raise ValueError("--scale must be given: how much to enlarge, such as --scale=4.")
    return recipe.preset(PRESET.value, **changes)


def _default_workdir(config):
    suffix = "" if PRESET.value in (recipe.AUTO, "default") else f"_{PRESET.value}"
    return pathlib.Path("runs") / f"{config.network}_x{config.scale}{suffix}"


def main(argv):
    """Chooses the data, trains, and prints the table."""
    if len(argv) > 1:
        sys.exit(f"bin/train takes flags only; {argv[1]!r} needs a name, such as --scale=4.")
    configure_logging()
    try:
        plugins.load()
        config = _config()
        profile = None if PROFILE.value is None else step_range(PROFILE.value)
        _check_data_service()
        _check_datasets()
        _check_step(config)
        start_tensorflow(DEVICE.value)
    except (ValueError, DeviceError, plugins.PluginError) as error:
        sys.exit(f"bin/train: {error}")

    from srcnn_tf.data.record_files import RecordsError
    from srcnn_tf.training import loop, strategies
    from tfds_builders.common.preparation import DatasetUnavailableError

    workdir = pathlib.Path(WORKDIR.value) if WORKDIR.value else _default_workdir(config)
    try:
        # Before anything is computed: a cluster cannot be joined later.
        strategy = strategies.create_strategy(STRATEGY.value)
        name, data = _training_data(config, workdir)
        result = loop.train(
            config,
            data,
            workdir,
            data=name,
            stop_after=STOP_AFTER.value,
            command=shlex.join(["bin/train", *sys.argv[1:]]),
            strategy=strategy,
            profile=profile,
            crops=CROPS_ON.value,
        )
    except (
        strategies.StrategyError,
        loop.TrainingError,
        DatasetUnavailableError,
        RecordsError,
        ValueError,
    ) as error:
        sys.exit(f"bin/train: {error}")
    except OSError as error:
        sys.exit(
            f"bin/train: {error.filename or workdir} cannot be written ({error.strerror or error});"
            " what was saved before is intact. Make room, or use another --workdir."
        )
    if not result.finished and result.checkpoint:
        print(f"stopped at step {result.step} of {config.steps}; saved {result.checkpoint}")
        print("the same command goes on from there")
    if result.interrupted and result.processes > 1:
        # Whatever manages a cluster takes 0 for done, and would not start the run again.
        sys.exit(
            f"bin/train: stopped by a signal at step {result.step}; start all processes again."
        )
    if not result.weights:
        return  # The chief has written and prints the results.
    print(f"weights: {result.weights}")
    if result.finished or STOP_AFTER.value is not None:
        _print_table(result, config)


def _streams():
    """Whether the recipe takes sub-images, which are read from disk."""
    if PRESET.value == recipe.AUTO:
        return False
    streams = recipe.find_recipe(PRESET.value).streams
    own = all(
        name in catalog.DATASETS and catalog.DATASETS[name].source == "user"
        for name in DATASET.value
    )
    return streams == "always" or (streams == "own" and own)


def _check_data_service():
    """Raises ValueError if there is nothing to be served, or no service."""
    if DATA_SERVICE.value and not re.fullmatch(r"grpc://[^/]+:\d+", DATA_SERVICE.value):
        raise ValueError(f"--data_service={DATA_SERVICE.value} is not grpc://host:port.")
    if DATA_SERVICE.value and not _streams():
        raise ValueError(
            "--data_service serves sub-images only, since cutting crops from pictures in memory "
            "costs less than sending them; use --preset=subimages."
        )


def _check_step(config):
    """Raises ValueError if no memory holds what one step takes."""
    from srcnn_tf.training.memory_check import step_check

    step = step_check(config)
    if CHECK_MEMORY.value and not step.fits:
        raise ValueError(f"{step}. Use a smaller --batch_size, --patch_size or --network.")


def _check_datasets():
    """Raises ValueError if a dataset that is asked for is not known, or not for that."""
    if DATASET.value != ["auto"]:
        several = len(catalog.chosen(DATASET.value, "training")) > 1
        if several and _streams():
            raise ValueError(f"--preset={PRESET.value} streams one dataset; name only one.")
    if TEST_SETS.value not in (["auto"], ["none"]):
        catalog.chosen(TEST_SETS.value, "benchmark")


def _training_data(config, workdir):
    """Returns the name and the pictures or sub-images to train on, and says which and why."""
    from srcnn_tf.data.pipeline import read_pictures
    from srcnn_tf.data.union import united
    from srcnn_tf.training.memory_check import memory_check
    from srcnn_tf.training.training_input import SplitPictures, Subimages
    from tfds_builders.common.preparation import prepared_builder
    from tfds_builders.common.training_choice import training_dataset_name

    names, reason = DATASET.value, "as --dataset says"
    if names == ["auto"]:
        name, reason = training_dataset_name(DATA_DIR.value, MANUAL_DIR.value, config.scale)
        names = [name]
    print(f"\n=== training on {','.join(names)}: {reason} ===\n", file=sys.stderr, flush=True)
    streamed = _streams()
    builders = {
        name: prepared_builder(
            name, config.scale, DATA_DIR.value, MANUAL_DIR.value, subimages=streamed
        )
        for name in names
    }
    splits = {name: catalog.DATASETS[name].roles["training"] for name in names}
    if streamed:
        ((name, builder),) = builders.items()
        if DATA_SERVICE.value:
            print(
                f"batches come from {DATA_SERVICE.value} in an order left to chance: this run "
                "cannot be repeated, or resumed, bit for bit",
                file=sys.stderr,
            )
        subimages = Subimages(builder, splits[name], DATA_SERVICE.value, str(workdir))
        return f"{name} sub-images", subimages
    # What the dataset itself sets apart to validate with, such as a folder's val/.
    apart = [name for name in names if "validation" in builders[name].info.splits]
    size = sum(builders[name].info.splits[splits[name]].num_bytes for name in names)
    size += sum(builders[name].info.splits["validation"].num_bytes for name in apart)
    choice = memory_check(int(size), config)
    print(f"memory: {choice}", file=sys.stderr, flush=True)
    if CHECK_MEMORY.value and not choice.fits:
        raise ValueError(
            f"{choice}. Use fewer --grid_offsets or --rescale_factors, or --preset=subimages "
            "--dataset=image_folder, which keeps nothing in memory; or --nocheck_memory."
        )
    color = config.architecture.channels > 1
    pictures = {name: read_pictures(builders[name], splits[name], color) for name in names}
    if not apart:
        return ",".join(names), united(pictures)
    validation = {name: read_pictures(builders[name], "validation", color) for name in apart}
    return ",".join(names), SplitPictures(united(pictures), united(validation))


def _print_table(result, config):
    """Prints the scores of the averaged network on the test sets that can be had."""
    from srcnn_tf.data.record_files import RecordsError
    from srcnn_tf.evaluation.benchmarking import ProtocolError, final_table
    from srcnn_tf.evaluation.protocols.catalog import chosen
    from tfds_builders.common.preparation import DatasetUnavailableError, prepared_builder

    automatic = TEST_SETS.value == ["auto"]
    names = catalog.DEFAULT_BENCHMARKS if automatic else TEST_SETS.value
    if names == ["none"]:
        return
    if automatic and config.scale == 1:
        names = catalog.DEBLOCKING_BENCHMARKS
    builders = {}
    for name in names:
        try:
            builders[name] = prepared_builder(name, config.scale, DATA_DIR.value, MANUAL_DIR.value)
        except DatasetUnavailableError as error:
            print(f"not available: {name}: {str(error).splitlines()[0]}")
            if automatic:
                break
    if automatic and not builders:
        name = catalog.FALLBACK
        builders[name] = prepared_builder(name, config.scale, DATA_DIR.value)
    if not builders:
        return
    for name in builders:
        roles = catalog.DATASETS[name].roles
        if name in DATASET.value and roles["training"] == roles["benchmark"]:
            print(f"note: {name} was trained on, so its scores say nothing about other pictures")
    try:
        scale = config.scale
        protocols = (*chosen("srcnn", scale),) if scale > 1 else ()
        if config.photo:
            protocols += chosen("compressed", scale)
        print(final_table(builders, result.network, scale, protocols=protocols))
    except (ProtocolError, RecordsError) as error:
        sys.exit(f"bin/train: {error}")
