"""Makes pictures bigger: one, or a folder of them.

bin/upscale -i photo.jpg
bin/upscale -i photos -o bigger --scale=4 --recursive --skip_existing
bin/upscale -i photos -o restored --scale=3 --restore   # shrinks first, and scores what comes back
"""

import os
import sys

from absl import flags

from srcnn_tf.engines.devices import PRECISIONS
from srcnn_tf.imaging.degradation import SCALES
from srcnn_tf.programs import startup

EXTENSIONS = ("auto", "png", "jpg", "webp")
AFTER_A_SIGNAL = "--skip_existing goes on from here."

INPUT = flags.DEFINE_string("input", None, "A picture, or a folder of pictures.", short_name="i")
OUTPUT = flags.DEFINE_string(
    "output",
    None,
    "What to write: a file, or a folder (default: beside the input, its name with the suffix).",
    short_name="o",
)
SCALE = flags.DEFINE_enum(
    "scale", "2", [str(scale) for scale in SCALES], "How many times longer each side becomes."
)
MODEL = flags.DEFINE_string(
    "model",
    None,
    "A network that comes with srcnn_tf (default: srcnn-9-5-5), a weight file (.safetensors, or "
    "x3.mat of the paper's authors), a run's folder, or a folder of several scales.",
)
RESTORE = flags.DEFINE_bool(
    "restore",
    False,
    "Shrink each picture by the scale, enlarge it again, and print PSNR and SSIM of bicubic's and "
    "the network's result. Writes the network's.",
)
COMPARE = flags.DEFINE_bool(
    "compare",
    False,
    "Write bicubic's result at the left and the network's at the right; with --restore the "
    "original, bicubic's and the network's.",
)
RECURSIVE = flags.DEFINE_bool("recursive", False, "Read folders below too, and keep their tree.")
SUFFIX = flags.DEFINE_string(
    "suffix",
    None,
    "What is added to names (default: _x<scale>, _x<scale>_restored, with _compare at the end).",
)
EXT = flags.DEFINE_enum(
    "ext", "auto", EXTENSIONS, "Format to write; auto keeps the input's if it can be written."
)
QUALITY = flags.DEFINE_integer("quality", 95, "Of JPEG, WebP and AVIF.", 1, 100)
SKIP_EXISTING = flags.DEFINE_bool("skip_existing", False, "Leave out what has a result already.")
OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace results that exist.")
TILE = flags.DEFINE_string(
    "tile", "auto", "Longest side of what is worked on at once, in pixels of the result."
)
MAX_PIXELS = flags.DEFINE_integer(
    "max_pixels", 178_956_970, "Refuse files with more pixels, which may be attacks on memory.", 1
)
SELF_ENSEMBLE = flags.DEFINE_bool(
    "self_ensemble", False, "Average over eight flips and turns: slower, slightly better."
)
DEVICE = flags.DEFINE_enum(
    "device", "auto", startup.DEVICES, "Where the network runs; auto takes a GPU if there is one."
)
PRECISION = flags.DEFINE_enum("precision", "float32", PRECISIONS, "What layers compute in.")

flags.mark_flag_as_required("input")
flags.register_validator(
    "tile",
    lambda value: value == "auto" or (value.isdecimal() and int(value) > 0),
    "must be auto or a number of pixels",
)
flags.register_validator(
    "suffix", lambda value: value is None or os.sep not in value, "must not hold a path"
)
flags.register_multi_flags_validator(
    ["skip_existing", "overwrite"],
    lambda values: not all(values.values()),
    "exclude each other; choose one",
)


def main(argv):
    """Plans, loads the network, and enlarges picture after picture."""
    if len(argv) > 1:
        sys.exit(f"bin/upscale takes flags only; {argv[1]!r} needs a name, such as -i.")
    from srcnn_tf.files.image_files import ImageFileError
    from srcnn_tf.networks.find_weights import read_model
    from srcnn_tf.networks.weights_info import WeightsError
    from srcnn_tf.upscaling.plan import plan

    try:
        planned = plan(
            INPUT.value,
            OUTPUT.value,
            suffix=_suffix(),
            extension=EXT.value,
            recursive=RECURSIVE.value,
        )
        file = read_model(MODEL.value, int(SCALE.value))
        startup.configure_logging()
        _start(file.network)
    except (ImageFileError, OSError, WeightsError, startup.DeviceError) as error:
        sys.exit(f"bin/upscale: {error}")
    batch = _run(planned, file)
    sys.exit(1 if batch.failed else 0)


def _suffix():
    if SUFFIX.value is not None:
        return SUFFIX.value
    restored = "_restored" if RESTORE.value else ""
    return f"_x{SCALE.value}{restored}" + ("_compare" if COMPARE.value else "")


def _start(network):
    """Prepares TensorFlow, where it will be loaded."""
    from srcnn_tf.engines import runners

    if not runners.needs_tensorflow(network.architecture, PRECISION.value, DEVICE.value):
        return
    startup.start_tensorflow(DEVICE.value)
    import tensorflow as tf

    # TF32 would round the products on newer GPUs, and results should not depend on the device.
    tf.config.experimental.enable_tensor_float_32_execution(False)


def _run(planned, file):
    """Says what runs where, works on every picture, and returns the batch."""
    from srcnn_tf.upscaling import batch, whole_pictures

    enlarger = whole_pictures.make_enlarger(
        file.network,
        int(SCALE.value),
        None if TILE.value == "auto" else int(TILE.value),
        SELF_ENSEMBLE.value,
        PRECISION.value,
        DEVICE.value,
    )
    tensorflow = sys.modules.get("tensorflow")
    gpu = tensorflow and tensorflow.config.list_physical_devices("GPU")
    device = "GPU" if gpu else "CPU"
    doing = "shrinking, restoring and scoring" if RESTORE.value else "enlarging"
    print(f"{doing} by {SCALE.value} with {file.network.name} ({file.path}) on the {device}")
    options = batch.BatchOptions(
        restore=RESTORE.value,
        compare=COMPARE.value,
        overwrite=OVERWRITE.value,
        skip_existing=SKIP_EXISTING.value,
        quality=QUALITY.value,
        max_pixels=MAX_PIXELS.value,
    )
    batch = batch.run(planned.jobs, enlarger, options)
    if batch.scores:
        print(batch.mean_scores())
    print(batch.summary())
    if planned.left_out:
        print(f"not read: {planned.left_out}")
    return batch
