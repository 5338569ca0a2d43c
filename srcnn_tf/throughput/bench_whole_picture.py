"""Case: a 12-megapixel JPEG from file to file, beside what no way around it can save."""

import pathlib
import tempfile

import numpy as np
from PIL import Image

from srcnn_tf.engines.runners import Runner, runner
from srcnn_tf.files.picture_files import read_picture
from srcnn_tf.files.picture_writing import Canvas, write_picture
from srcnn_tf.imaging.color import rgb_to_y
from srcnn_tf.imaging.tiling import Tile, Tiler
from srcnn_tf.networks.network import initial_network
from srcnn_tf.throughput.targets import Ratio
from srcnn_tf.throughput.timing import Case, Contender
from srcnn_tf.upscaling.enlargers import make_enlarger
from srcnn_tf.upscaling.enlarging import Enlarger
from srcnn_tf.upscaling.whole_pictures import upscale

WHOLE, PARTS = "upscale, file to file", "decode, network, encode, one after the other"
_NETWORK, _SCALE = "slim-10x16", 2
_ROUNDS = 5


def picture_case(quick: bool = False) -> Case:
    """The whole call; its three unavoidable parts in turn and each; and the rest, by one core."""
    height, width = (60, 80) if quick else (3000, 4000)
    return Case(
        "whole",
        f"JPEG of {width} x {height} to JPEG, {_NETWORK}, x{_SCALE}",
        height * width / 1e6,
        "megapixels",
        lambda: _contenders(height, width),
        [Ratio(WHOLE, PARTS, 1.3)],
        rounds=_ROUNDS,
        headline=True,
    )


def _contenders(height, width):
    folder = tempfile.TemporaryDirectory()
    source, target = (pathlib.Path(folder.name) / name for name in ("small.jpg", "large.jpg"))
    Image.fromarray(_pixels(height, width)).save(source, quality=90)
    network = initial_network(_NETWORK, _SCALE, "he", 1)
    run, picture = runner(network, device="cpu"), read_picture(source)
    plane = rgb_to_y(picture.pixels.astype(np.float32) / 255)
    enlarged = make_enlarger(network, _SCALE, device="cpu").enlarge(picture.pixels)
    canvas = Canvas(*enlarged.shape, enlarged.dtype)
    canvas.put(Tile(0, enlarged.shape[0], 0, enlarged.shape[1]), enlarged)
    repeated = Runner(
        network.architecture,
        "cpu",
        lambda plane: plane.repeat(_SCALE, axis=0).repeat(_SCALE, axis=1),
    )
    rest = Enlarger(_SCALE, Tiler(512), repeated)

    def whole(folder=folder):  # Which holds the files as long as this function lives.
        upscale(source, _SCALE, network, output=target, overwrite=True)

    def decode():
        read_picture(source)

    def encode():
        write_picture(target, canvas, picture.metadata, picture.jpeg)

    def parts():
        decode()
        run(plane)
        encode()

    return [
        Contender(WHOLE, whole, kind="ours"),
        Contender(PARTS, parts, kind="limit"),
        Contender("decode", decode, kind="limit"),
        Contender("network, luminance alone", lambda: run(plane), kind="limit"),
        Contender("encode", encode, kind="limit"),
        Contender(
            "the rest: color there and back, bicubic of Cb and Cr, rounding; one core",
            lambda: rest.enlarge(picture.pixels),
            kind="limit",
        ),
    ]


def _pixels(height, width) -> np.ndarray:
    """Waves in three colors and a little noise: edges and texture, as a camera's JPEG has."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    noise = np.random.default_rng(0).normal(0, 3, (height, width)).astype(np.float32)
    planes = [
        128 + 70 * np.sin(rows / (9 + k)) * np.cos(columns / (13 + k)) + noise for k in range(3)
    ]
    return np.clip(np.stack(planes, axis=-1), 0, 255).astype(np.uint8)
