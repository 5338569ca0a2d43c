"""Writes a network in formats that other software runs, and runs each file to check it.

bin/export --scale=2 --format=onnx
bin/export --model=runs/slim-10x16_x4 --scale=4 --format=savedmodel,keras,tflite,onnx --color
"""

import sys

from absl import flags

from srcnn_tf.exporting.contents import PRECISIONS
from srcnn_tf.exporting.formats.catalog import FORMATS
from srcnn_tf.imaging.degradation import SCALES
from srcnn_tf.programs import startup

MODEL = flags.DEFINE_string(
    "model",
    None,
    "A network that comes with srcnn_tf (default: srcnn-9-5-5), a weight file, or a run's folder.",
)
SCALE = flags.DEFINE_enum(
    "scale",
    "2",
    [str(scale) for scale in (1, *SCALES)],
    "How many times longer each side becomes; 1 is for networks that restore without enlarging.",
)
FORMAT = flags.DEFINE_list("format", "onnx", f"Comma-separated: {', '.join(FORMATS)}.")
COLOR = flags.DEFINE_bool(
    "color", False, "Take and give pictures, uint8 RGB, instead of float32 luminance."
)
PRECISION = flags.DEFINE_enum(
    "precision",
    "float32",
    PRECISIONS,
    "What layers compute in, or keep weights in. int8 is calibrated on photographs that come with "
    "scikit-image; what float16 and int8 lose on others of these is printed.",
)
OUTPUT = flags.DEFINE_string("output", ".", "The folder to write to.", short_name="o")
OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace files that exist.")


def _known(names):
    for name in names:
        if name not in FORMATS:
            raise flags.ValidationError(FORMATS.describe_unknown(name))
    return bool(names)


flags.register_validator("format", _known, "must name at least one format")


def main(argv):
    """Exports, and says of each file what it holds, how exact it is, and how to run it."""
    if len(argv) > 1:
        sys.exit(f"bin/export takes flags only; {argv[1]!r} needs a name, such as --model.")
    from srcnn_tf.exporting.checked_export import ExportError, export
    from srcnn_tf.networks.weights_info import WeightsError

    startup.configure_logging()
    try:
        if any(FORMATS[name].tensorflow for name in FORMAT.value):
            startup.start_tensorflow("cpu")
        # Runtimes and converters write there about themselves.
        with startup.standard_error_held_back():
            export(
                MODEL.value,
                int(SCALE.value),
                OUTPUT.value,
                FORMAT.value,
                color=COLOR.value,
                precision=PRECISION.value,
                overwrite=OVERWRITE.value,
                report=_say,
            )
    except (ExportError, OSError, ValueError, WeightsError, startup.DeviceError) as error:
        sys.exit(f"bin/export: {error}")


def _say(exported):
    print(exported.in_words(), flush=True)
    snippet = exported.snippet()
    if snippet:
        print("  to run it:\n")
        print("".join(f"    {line}".rstrip() + "\n" for line in snippet.splitlines()), flush=True)
