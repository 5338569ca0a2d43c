"""Draws a picture beside its enlargements, as JPEGs, what libraries call bicubic, or a run's curve.

bin/figure butterfly.bmp --scale=3
bin/figure butterfly.bmp --scale=3 --kernels
bin/figure --photos butterfly.bmp house.jpg --scale=2
bin/figure --curve=runs/srcnn-9-5-5_x3
bin/figure --frontier --scale=4 --time      # all networks, quality against cost
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
from srcnn_tf.programs import figure_runs, output_files, startup

SCALE = flags.DEFINE_enum(
    "scale",
    "3",
    [str(scale) for scale in (1, *SCALES)],
    "How much to shrink and enlarge; 1 is for --photos.",
)
WEIGHTS = flags.DEFINE_multi_string(
    "weights",
    [],
    "Networks to show, comma-separated or repeated, as of bin/benchmark: weight files or runs, "
    "also NAME=PATH; by default the 9-5-5 that comes with srcnn_tf, and `none` for none. With "
    "--photos by default what bin/upscale takes, and all networks for photographs.",
)
CROP = flags.DEFINE_list(
    "crop", None, "x,y,width,height of the inset; by default where the last network gains most."
)
ERROR = flags.DEFINE_bool("error", False, "Add maps of the error, on one color scale.")
KERNELS = flags.DEFINE_bool("kernels", False, "Compare what libraries call bicubic instead.")
PHOTOS = flags.DEFINE_bool(
    "photos",
    False,
    "A contact sheet instead: each picture shrunk, as JPEGs of several qualities, enlarged by "
    "Lanczos and by the networks, at 1:1 where the last two differ most. Takes several pictures.",
)
QUALITIES = flags.DEFINE_list(
    "qualities", ["lossless", "90", "70", "40", "15"], "Of --photos: 1 to 100, and lossless."
)
FRONTIER = flags.DEFINE_bool(
    "frontier",
    False,
    "The networks that come with srcnn_tf and published ones instead: quality against "
    "multiply-adds per output pixel. Writes a second picture, for dark pages.",
)
TIME = flags.DEFINE_bool(
    "time", False, "With --frontier: against time, too, measured now on this machine's processor."
)
DATASET = flags.DEFINE_enum(
    "dataset", "set5", ["set5", "set14", "bsd100"], "With --frontier: whose PSNR it is."
)
CURVE = flags.DEFINE_list(
    "curve",
    None,
    "Draw the curve of the run in this folder instead; of several, A,B, in one picture.",
)
FILTERS = flags.DEFINE_bool(
    "filters",
    False,
    "Draw the first layer's filters of a network, the first of --weights, instead.",
)
MAPS = flags.DEFINE_bool(
    "maps",
    False,
    "Draw what the layers of a network, the first of --weights, give for the picture.",
)
OUTPUT = flags.DEFINE_string(
    "output",
    None,
    "The PNG or JPEG to write (default: <picture>_x<scale>.png here, with _photos or _kernels, "
    "frontier_x<scale>.png, or <run>/curve.png).",
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
    "qualities",
    lambda values: (
        bool(values)
        and all(
            value == "lossless" or (value.isdecimal() and 1 <= int(value) <= 100)
            for value in values
        )
    ),
    "must be numbers from 1 to 100, or lossless, such as lossless,80,40",
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
    if PHOTOS.value:
        if len(argv) < 2:
            sys.exit("bin/figure --photos takes pictures: `bin/figure --photos a.jpg --scale=2`.")
        print(_draw_photos([pathlib.Path(name).expanduser() for name in argv[1:]]))
        return
    if SCALE.value == "1":
        sys.exit("bin/figure: --scale=1 shrinks and enlarges nothing; it is for --photos.")
    if importlib.util.find_spec("matplotlib") is None:
        sys.exit(
            "bin/figure: this needs matplotlib, which is not installed; "
            'pip install "srcnn_tf[datasets,plots]" brings it.'
        )
    if FRONTIER.value:
        if len(argv) > 1:
            sys.exit("bin/figure: --frontier draws all networks, and takes no picture.")
        path = _draw_frontier()
    elif CURVE.value:
        if len(argv) > 1:
            sys.exit("bin/figure: --curve draws a run, and takes no picture.")
        path = figure_runs.draw_curves(CURVE.value, OUTPUT.value)
    elif FILTERS.value:
        if len(argv) > 1:
            sys.exit("bin/figure: --filters draws a network, and takes no picture.")
        path = figure_runs.draw_filters(
            _contenders(int(SCALE.value)), int(SCALE.value), OUTPUT.value
        )
    elif len(argv) != 2:
        sys.exit("bin/figure takes one picture, such as `bin/figure butterfly.bmp --scale=3`.")
    elif MAPS.value:
        source, scale = pathlib.Path(argv[1]).expanduser(), int(SCALE.value)
        path = figure_runs.draw_maps(source, _contenders(scale), scale, OUTPUT.value)
    else:
        path = _draw_picture(pathlib.Path(argv[1]).expanduser())
    print(path)


def _draw_frontier():
    """Draws quality against cost, light and dark; returns both paths, a line each."""
    from srcnn_tf.networks.pretrained_list import list_pretrained
    from srcnn_tf.reporting.frontier_figure import draw_frontier_figures

    scale = int(SCALE.value)
    networks = [each for each in list_pretrained(scale) if not each.for_photos]
    timed = {}
    if TIME.value:
        startup.start_tensorflow("cpu")
        from srcnn_tf.throughput import network_times
        from srcnn_tf.training.environment import describe_device

        side = f"{network_times.WIDTH} x {network_times.HEIGHT}"
        timed = {
            "milliseconds": network_times.milliseconds(networks),
            "machine": f"for a plane of {side} in all, measured here: {describe_device()}",
        }
    path = pathlib.Path(OUTPUT.value or f"frontier_x{scale}.png")
    try:
        paths = draw_frontier_figures(networks, scale, DATASET.value, path, **timed)
    except OSError as error:
        sys.exit(f"bin/figure: {path} cannot be written ({error}); name another --output.")
    except ValueError as error:
        sys.exit(f"bin/figure: {error}")
    return "\n".join(map(str, paths))


def _draw_picture(source):
    scale = int(SCALE.value)
    suffix = "_kernels" if KERNELS.value else ""
    path = pathlib.Path(OUTPUT.value or f"{source.stem}_x{scale}{suffix}.png")
    contenders = [] if KERNELS.value else _contenders(scale)
    try:
        output_files.check_outputs([path], [source])
        image = read_image(source)
    except (ImageFileError, ValueError) as error:
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


def _draw_photos(sources):
    """Writes the contact sheet, by which network files are loaded once and checked first."""
    from srcnn_tf.files import atomic_files

    scale = int(SCALE.value)
    path = pathlib.Path(OUTPUT.value or f"{sources[0].stem}_x{scale}_photos.png")
    contenders = _contenders(scale, _photo_defaults(scale))
    if not contenders:
        sys.exit("bin/figure: --photos compares networks; name them by --weights.")
    try:
        output_files.check_outputs([path], sources)
        # Several may have one name.
        pictures = {_title(source, sources): read_image(source) for source in sources}
    except (ImageFileError, ValueError) as error:
        sys.exit(f"bin/figure: {error}")
    try:
        startup.start_tensorflow(DEVICE.value)
        from srcnn_tf.reporting.photo_sheet import encoded, photo_sheet
        from srcnn_tf.upscaling.whole_pictures import make_enlarger

        enlargers = {
            each.label: make_enlarger(each.files[scale].network, scale, device=DEVICE.value)
            for each in contenders
        }
        qualities = [None if each == "lossless" else int(each) for each in QUALITIES.value]
        sheet = photo_sheet(pictures, scale, enlargers, qualities)
        atomic_files.write_bytes(path, encoded(sheet, path.suffix))
    except startup.DeviceError as error:
        sys.exit(f"bin/figure: {error}")
    except ValueError as error:
        sys.exit(f"bin/figure: {error}")
    except OSError as error:
        sys.exit(f"bin/figure: {path} cannot be written ({error}); name another --output.")
    return path


def _title(source, sources):
    same = [each for each in sources if each.name == source.name]
    # Fonts have no signs for bytes that are no characters of the locale.
    return os.fsencode(source.name if len(same) == 1 else source).decode("utf-8", "replace")


def _photo_defaults(scale):
    """The default network where it has the scale, and those for photographs."""
    from srcnn_tf.networks.pretrained_list import DEFAULT, chosen_path, photo_networks
    from srcnn_tf.networks.pretrained_weights import pretrained_path

    paths = [chosen_path(DEFAULT, scale)] if scale > 1 else []
    paths += [pretrained_path(name, scale) for name in photo_networks(scale)]
    return [f"{path.stem.rpartition('_x')[0]}={path}" for path in paths]


def _contenders(scale, defaults=None):
    """Reads the networks, or ends the program with a sentence."""
    from srcnn_tf.networks.pretrained_weights import pretrained_path
    from srcnn_tf.networks.weight_arguments import read_contenders
    from srcnn_tf.networks.weights_info import WeightsError

    names = [name for value in WEIGHTS.value for name in value.split(",") if name]
    if names == ["none"]:
        return []
    if not names and defaults is None:
        defaults = [f"SRCNN={pretrained_path('srcnn-9-5-5', scale)}"]
    try:
        contenders = read_contenders(names or defaults)
    except WeightsError as error:
        sys.exit(f"bin/figure: {error}")
    for contender in contenders:
        if scale not in contender.files:
            given = ", ".join(f"x{each}" for each in contender.files)
            sys.exit(f"bin/figure: {contender.label} is for {given} and not for x{scale}.")
    return contenders
