"""The flags of `bin/upscale`, and the options that they stand for."""

import os

from absl import flags

from srcnn_tf.engines.devices import PRECISIONS
from srcnn_tf.programs import startup

# As `upscaling.comparing` and `files.picture_writing` have them, which would take long to import
# for a `--help`; tests compare them.
STYLES = ("sides", "split", "html")
EXTENSIONS = ("auto", "png", "jpg", "jpeg", "jpe", "jfif", "webp", "bmp", "tif", "tiff", "avif")
CLIP_EXTENSIONS = ("gif", "mp4", "m4v", "mov", "mkv", "webm")

INPUT = flags.DEFINE_string(
    "input", None, "A picture, clip or folder, as what is named without a flag.", short_name="i"
)
OUTPUT = flags.DEFINE_string(
    "output",
    None,
    "What to write: a file, a folder, or - for standard output (default: beside the input, its "
    "name with the suffix).",
    short_name="o",
)
SCALE = flags.DEFINE_float(
    "scale",
    None,
    "How many times longer each side becomes, 1.5 or 8, say (default: 2). Between 2, 3 and 4, and "
    "above, the next larger networks run, and an exact resize follows. 1 cleans without enlarging, "
    "by a network that does.",
)
WIDTH = flags.DEFINE_integer("width", None, "Of the result, in pixels; its shape stays.", 1)
HEIGHT = flags.DEFINE_integer("height", None, "Of the result, in pixels; its shape stays.", 1)
MEGAPIXELS = flags.DEFINE_float("megapixels", None, "Of the result, in millions of pixels.", 1e-6)
MAX_SIDE = flags.DEFINE_integer(
    "max_side",
    None,
    "Of the result's longer side, in pixels. Of several sizes, and --scale, the smallest counts.",
    1,
)
MODEL = flags.DEFINE_string(
    "model",
    None,
    "auto (unless it is given) chooses for each picture between default, for clean ones, and "
    "photo, for compressed or noisy ones; default (the best that costs no more than srcnn-9-5-5), "
    "clean (the same), photo, fast or best for all pictures; a name such as srcnn-9-5-5 "
    "(bin/benchmark --list shows all); or a weight file (.safetensors, or x3.mat of the paper's "
    "authors), a run's folder, a folder of several scales.",
)
STRENGTH = flags.DEFINE_float(
    "strength", 1.0, "How much of what the network does: 0, bicubic alone, to 1, all.", 0.0, 1.0
)
RESTORE = flags.DEFINE_bool(
    "restore",
    False,
    "Shrink each picture by the scale, enlarge it again, and print PSNR and SSIM of bicubic's and "
    "the network's result. Writes the network's.",
)
COMPARE = flags.DEFINE_flag(
    flags.Flag(
        flags.EnumParser(["", *STYLES, "true", "false"]),
        flags.ArgumentSerializer(),
        "compare",
        "",
        "<sides|split|html>: Write bicubic's result at the left and the network's at the right; "
        "with --restore the original, bicubic's and the network's. sides (the default) puts the "
        "pictures side by side, split makes one picture, parted and labeled, and html a page on "
        "which an edge is drawn over them.",
        boolean=True,
    )
)
RECURSIVE = flags.DEFINE_bool("recursive", False, "Read folders below too, and keep their tree.")
SUFFIX = flags.DEFINE_string(
    "suffix",
    None,
    "What is added to names (default: _x<scale>, _<width>w and so on, _x<scale>_restored, with "
    "_compare at the end).",
)
EXT = flags.DEFINE_enum(
    "ext",
    "auto",
    EXTENSIONS + CLIP_EXTENSIONS,
    "Format to write; auto keeps the input's if it can be written. That of films is for films, gif "
    "for animations, and the others for pictures and animations.",
)
CODEC = flags.DEFINE_string(
    "codec",
    "auto",
    "Of films: auto (h264; hevc for more than 8 bits; vp9 in webm), h264, hevc, vp9, av1, ffv1 "
    "(lossless), or any video encoder of FFmpeg's. More with --crf.",
)
CRF = flags.DEFINE_float(
    "crf",
    None,
    "Of films: the constant rate factor, lower for better and larger (default: 18 for h264, 20 for "
    "hevc, 24 for vp9 and av1).",
    0,
    63,
)
QUALITY = flags.DEFINE_string(
    "quality",
    "95",
    "Of JPEG, WebP and AVIF, 1 to 100; auto keeps a JPEG's own quality and subsampling.",
)
SKIP_EXISTING = flags.DEFINE_bool("skip_existing", False, "Leave out what has a result already.")
OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace results that exist.")
DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be done to each picture; do nothing.")
JOBS = flags.DEFINE_integer(
    "jobs",
    None,
    "How many pictures are worked on at a time (default: 1; on a GPU 3, so that reading, the "
    "network and writing overlap). One uses all cores while its network runs, so that "
    "this gains where reading and writing takes long; memory grows with it.",
    1,
    1024,
)
JSON_LINES = flags.DEFINE_bool(
    "json_lines", False, "Print a line of JSON for each picture; all else goes to standard error."
)
TILE = flags.DEFINE_string(
    "tile", "auto", "Longest side of what is worked on at once, in pixels of the result."
)
MAX_PIXELS = flags.DEFINE_integer(
    "max_pixels", 178_956_970, "Refuse files with more pixels, which may be attacks on memory.", 1
)
SELF_ENSEMBLE = flags.DEFINE_bool(
    "self_ensemble",
    False,
    "Average over eight flips and turns: slower, slightly better. Left out, which is said, for "
    "networks that treat all of these alike.",
)
DEVICE = flags.DEFINE_enum(
    "device", "auto", startup.DEVICES, "Where the network runs; auto takes a GPU if there is one."
)
PRECISION = flags.DEFINE_enum(
    "precision",
    "float32",
    PRECISIONS,
    "What layers compute in: a mixed one is faster on a GPU, and mixed_bfloat16 on processors with "
    "AVX512-BF16 (see README.md of srcnn_tf/engines).",
)

flags.register_validator(
    "tile",
    lambda value: value == "auto" or (value.isdecimal() and int(value) > 0),
    "must be auto or a number of pixels",
)
flags.register_validator(
    "suffix", lambda value: value is None or os.sep not in value, "must not hold a path"
)
flags.register_validator(
    "quality",
    lambda value: value == "auto" or (value.isdecimal() and 1 <= int(value) <= 100),
    "must be auto or a number from 1 to 100",
)
flags.register_multi_flags_validator(
    ["skip_existing", "overwrite"],
    lambda values: not all(values.values()),
    "exclude each other; choose one",
)


def compare_style() -> str:
    """Returns how results are compared: one of `STYLES`, or nothing."""
    return {"true": STYLES[0], "false": ""}.get(COMPARE.value, COMPARE.value)


def quality() -> int | str:
    """Returns the quality, or `auto`."""
    return "auto" if QUALITY.value == "auto" else int(QUALITY.value)


def tile() -> int | None:
    """Returns the side of tiles, or None for the default."""
    return None if TILE.value == "auto" else int(TILE.value)
