"""What bin/figure draws of runs and networks: curves, filters, and the maps of a picture."""

import pathlib
import sys

from srcnn_tf.programs import output_files, startup


def draw_curves(folders: list[str], output: str | None) -> pathlib.Path:
    """Draws the curve of a run, or of several in one picture, or ends the program with a sentence.

    Args:
      folders: that bin/train wrote.
      output: the picture to write; None for `curve.png` in a run, `curves.png` here for several.
    """
    runs = [pathlib.Path(folder).expanduser() for folder in folders]
    for run in runs:
        if not (run / "metrics.jsonl").is_file():
            sys.exit(
                f"bin/figure: {run} holds no metrics.jsonl; name a folder that bin/train wrote."
            )
    startup.start_tensorflow("cpu")
    from srcnn_tf.plotting import curve_comparison
    from srcnn_tf.training.run_records import CURVE, METRICS, draw_run_curve, read_metrics

    path = pathlib.Path(output or (runs[0] / CURVE if len(runs) == 1 else "curves.png"))
    try:
        if len(runs) == 1:
            draw_run_curve(runs[0], path)
        else:
            names = [run.resolve().name for run in runs]
            if len(set(names)) < len(names):
                names = [str(run) for run in runs]
            lines = [read_metrics(run / METRICS) for run in runs]
            curve_comparison.draw_curves(dict(zip(names, lines, strict=True)), path)
    except OSError as error:
        sys.exit(f"bin/figure: {path} cannot be written ({error}); name another --output.")
    except (ValueError, KeyError, TypeError) as error:
        named = ", ".join(map(str, runs))
        sys.exit(f"bin/figure: the records in {named} are damaged ({error!r}); copy the run again.")
    return path


def draw_filters(contenders: list, scale: int, output: str | None) -> pathlib.Path:
    """Draws the first layer's filters of a network, or ends the program with a sentence.

    Args:
      contenders: the first is drawn.
      scale: of its weights.
      output: the picture to write; None for `<name>_x<scale>_filters.png` here.
    """
    from srcnn_tf.plotting.filter_figure import draw_filters as draw

    if not contenders:
        sys.exit("bin/figure: --filters needs a network; leave --weights=none out.")
    network = contenders[0].files[scale].network
    path = pathlib.Path(output or f"{network.name}_x{scale}_filters.png")
    try:
        kernel = network.arrays["conv1/kernel"]
        if kernel.shape[2] == 3:
            kernel = network.architecture.color_mode.weights_on_rgb(kernel)
        draw(kernel, path, f"{network.name} x{scale}, first layer")
    except OSError as error:
        sys.exit(f"bin/figure: {path} cannot be written ({error}); name another --output.")
    return path


def draw_maps(source: pathlib.Path, contenders: list, scale: int, output: str | None):
    """Draws what a network's layers give for a picture that was shrunk, or ends with a sentence.

    Args:
      source: the picture.
      contenders: the first is drawn.
      scale: by how much the picture is shrunk.
      output: the picture to write; None for `<picture>_x<scale>_maps.png` here.
    """
    from srcnn_tf.engines.numpy_engine import feature_maps
    from srcnn_tf.evaluation.inputs import network_input
    from srcnn_tf.files.image_files import ImageFileError, read_image
    from srcnn_tf.imaging.degradation import degrade
    from srcnn_tf.plotting.filter_figure import draw_maps as draw

    if not contenders:
        sys.exit("bin/figure: --maps needs a network; leave --weights=none out.")
    network = contenders[0].files[scale].network
    path = pathlib.Path(output or f"{source.stem}_x{scale}_maps.png")
    try:
        output_files.check_outputs([path], [source])
    except ValueError as error:
        sys.exit(f"bin/figure: {error}")
    try:
        plane = network_input(network.architecture, degrade(read_image(source), scale))
    except ImageFileError as error:
        sys.exit(f"bin/figure: {error}")
    except ValueError as error:
        sys.exit(f"bin/figure: {source}: {error}")
    results = feature_maps(network.architecture, network.arrays, plane)
    maps = {f"layer {number}": each for number, each in enumerate(results, start=1)}
    try:
        draw(
            maps,
            path,
            f"{source.name}, {network.name} x{scale}: the most distinct maps of each layer",
        )
    except OSError as error:
        sys.exit(f"bin/figure: {path} cannot be written ({error}); name another --output.")
    return path
