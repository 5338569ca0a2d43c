"""Draws a picture beside its enlargements, what libraries call bicubic, or the curve of a run.

bin/figure butterfly.bmp --scale=3
bin/figure butterfly.bmp --scale=3 --kernels
bin/figure --curve=runs/srcnn-9-5-5_x3
"""

import importlib.util
import os
import pathlib
import sys

from absl import flags

from srcnn_tf.files.image_files import ImageFileError, read_image
from srcnn_tf.imaging.degradation import SCALES
from srcnn_tf.imaging.windows import Window
from srcnn_tf.plotting import style
from srcnn_tf.programs import startup

SCALE = flags.DEFINE_enum(
    "scale", "3", [str(scale) for scale in SCALES], "How much to shrink and enlarge."
)
WEIGHTS = flags.DEFINE_multi_string(
    "weights",
    [],
    "Networks to show, comma-separated or repeated, as of bin/benchmark: weight files or runs, "
    "also NAME=PATH; by default the 9-5-5 that comes with srcnn_tf, and `none` for none.",
)
CROP = flags.DEFINE_list(
    "crop", None, "x,y,width,height of the inset; by default where the last network gains most."
)
ERROR = flags.DEFINE_bool("error", False, "Add maps of the error, on one color scale.")
KERNELS = flags.DEFINE_bool("kernels", False, "Compare what libraries call bicubic instead.")
CURVE = flags.DEFINE_string("curve", None, "Draw the curve of the run in this folder instead.")
OUTPUT = flags.DEFINE_string(
    "output",
    None,
    "The PNG or JPEG to write (default: <picture>_x<scale>.png here, or <run>/curve.png).",
)
DEVICE = flags.DEFINE_enum("device", "auto", startup.DEVICES, "Where networks run.")


def _is_window(values):
    try:
        x, y, width, height = (int(value) for value in values)
    except ValueError:
        return False
    return x >= 0 and y >= 0 and width >= 4 and height >= 4


flags.register_validator(
    "crop",
    lambda values: values is None or _is_window(values),
    "must be x,y,width,height in whole pixels, sides at least 4, such as 40,60,64,48",
)
flags.register_validator(
    "output",
    lambda name: (
        name is None
        or (
            name.lower().endswith((".png", *style.JPEG_SUFFIXES))
            and not pathlib.Path(name).is_dir()
        )
    ),
    "must be the name of a .png or .jpg file",
)


def main(argv):
    """Checks what was asked for, then draws it."""
    if importlib.util.find_spec("matplotlib") is None:
        sys.exit(
            "bin/figure: this needs matplotlib, which is not installed; "
            'pip install "srcnn_tf[datasets,plots]" brings it.'
        )
    if CURVE.value:
        if len(argv) > 1:
            sys.exit("bin/figure: --curve draws a run, and takes no picture.")
        path = _draw_curve(pathlib.Path(CURVE.value).expanduser())
    elif len(argv) != 2:
        sys.exit("bin/figure takes one picture, such as `bin/figure butterfly.bmp --scale=3`.")
    else:
        path = _draw_picture(pathlib.Path(argv[1]).expanduser())
    print(path)


def _draw_curve(run):
    if not (run / "metrics.jsonl").is_file():
        sys.exit(f"bin/figure: {run} holds no metrics.jsonl; name a folder that bin/train wrote.")
    startup.start_tensorflow("cpu")
    from srcnn_tf.training.run_records import CURVE as CURVE_NAME
    from srcnn_tf.training.run_records import draw_run_curve

    path = pathlib.Path(OUTPUT.value) if OUTPUT.value else run / CURVE_NAME
    try:
        draw_run_curve(run, path)
    except OSError as error:
        sys.exit(f"bin/figure: {path} cannot be written ({error}); name another --output.")
    except (ValueError, KeyError, TypeError) as error:
        sys.exit(f"bin/figure: the records in {run} are damaged ({error!r}); copy the run again.")
    return path


def _draw_picture(source):
    scale = int(SCALE.value)
    suffix = "_kernels" if KERNELS.value else ""
    path = pathlib.Path(OUTPUT.value or f"{source.stem}_x{scale}{suffix}.png")
    contenders = [] if KERNELS.value else _contenders(scale)
    try:
        image = read_image(source)
    except ImageFileError as error:
        sys.exit(f"bin/figure: {error}")
    try:
        startup.start_tensorflow(DEVICE.value)
        # Modules that load TensorFlow are imported only when everything given is in order.
        from srcnn_tf.reporting.picture_figures import draw_kernel_figure, draw_picture_figure

        window = Window(*(int(value) for value in CROP.value)) if CROP.value else None
        # Fonts have no signs for bytes that are no characters of the locale.
        title = f"{os.fsencode(source.name).decode('utf-8', 'replace')}, x{scale}"
        if KERNELS.value:
            draw_kernel_figure(image, scale, path, title, window)
        else:
            draw_picture_figure(image, scale, path, title, contenders, window, ERROR.value)
    except startup.DeviceError as error:
        sys.exit(f"bin/figure: {error}")
    except ValueError as error:
        sys.exit(f"bin/figure: {source}: {error}")
    except OSError as error:
        sys.exit(f"bin/figure: {path} cannot be written ({error}); name another --output.")
    return path


def _contenders(scale):
    """Reads the networks, or ends the program with a sentence."""
    from srcnn_tf.networks.pretrained_weights import pretrained_path
    from srcnn_tf.networks.weight_arguments import read_contenders
    from srcnn_tf.networks.weights_info import WeightsError

    names = [name for value in WEIGHTS.value for name in value.split(",") if name]
    if names == ["none"]:
        return []
    try:
        contenders = read_contenders(names or [f"SRCNN={pretrained_path('srcnn-9-5-5', scale)}"])
    except WeightsError as error:
        sys.exit(f"bin/figure: {error}")
    for contender in contenders:
        if scale not in contender.files:
            given = ", ".join(f"x{each}" for each in contender.files)
            sys.exit(f"bin/figure: {contender.label} is for {given} and not for x{scale}.")
    return contenders
