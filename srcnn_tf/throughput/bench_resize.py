"""Cases: `imresize` at all sizes, beside other resizes with the same kernel."""

import functools
import math

import numpy as np
from PIL import Image

from srcnn_tf.imaging.resize import imresize
from srcnn_tf.throughput import peers
from srcnn_tf.throughput.targets import Ratio
from srcnn_tf.throughput.timing import Case, Contender

_OURS, _OURS64, _OURS8 = "imresize float32", "imresize float64", "imresize uint8"
_PILLOW, _BASICSR, _TORCH = "Pillow, mode F", "BasicSR float32", "bicubic_pytorch float32"
_DENSE = "dense matrices float32"
_SIZES = ((64, 64), (256, 256), (1080, 1920), (4000, 4000), (8000, 8000))
_SCALES = (0.5, 1 / 3, 2, 3)
_LONGEST = 8000
_MEGAPIXELS = (0.1, 1, 4, 16)
# Only contenders that a target names get larger pictures; the others take seconds to minutes.
_ALL_PEERS_UP_TO = 1080 * 1920
# How much further from a border a result is compared than the kernel reaches: Pillow cuts its
# kernel off where the others mirror the picture.
_BORDER = 2


def resize_cases(threads: int, quick: bool = False) -> list[Case]:
    """Every size and scale up to 8,000 pixels a side; `quick` takes the smallest only."""
    sizes = ((48, 60),) if quick else _SIZES
    return [
        _case(height, width, scale, threads)
        for height, width in sizes
        for scale in _SCALES
        if max(height, width) * max(scale, 1) <= _LONGEST
    ]


def resize_growth(threads: int, quick: bool = False) -> list[Case]:
    """How the cost grows with the pixels of the larger picture."""
    cases = []
    for scale in (0.5, 2):
        for megapixels in (0.002,) if quick else _MEGAPIXELS:
            side = round(math.sqrt(megapixels * 1e6) / max(scale, 1) / 2) * 2
            cases.append(_case(side, side, scale, threads, series=True))
    return cases


def _case(height, width, scale, threads, series=False):
    # A whole number of pixels comes out, so that all agree on where the kernel stands.
    unit = 3 if scale in (1 / 3, 3) else 2
    height, width = height // unit * unit, width // unit * unit
    missing = {}
    if not series:
        missing = {
            _BASICSR: peers.missing("basicsr", "torch"),
            _TORCH: peers.missing("bicubic_pytorch", "torch"),
        }
    missing = {label: reason for label, reason in missing.items() if reason}
    targets = [Ratio(_OURS, _PILLOW, 1.5)]
    if not series:
        targets += [Ratio(_OURS64, _BASICSR, 1), Ratio(_OURS8, _BASICSR, 1)]
    result = round(height * scale), round(width * scale)
    larger = max(height * width, result[0] * result[1])

    def contenders():
        wanted = [_OURS, _OURS64, _OURS8, _PILLOW]
        if not series:
            wanted.append(_BASICSR)
            if larger <= _ALL_PEERS_UP_TO:
                wanted += [_TORCH, _DENSE]
        # Smooth enough to be a picture, and with every level in it.
        rows, columns = np.mgrid[:height, :width].astype(np.float32)
        levels = np.rint(127.5 + 127.4 * np.sin(rows / 7) * np.cos(columns / 11)).astype(np.uint8)
        del rows, columns
        inputs = {
            np.uint8: levels,
            np.float32: levels / np.float32(255),
            np.float64: levels / 255.0,
        }
        return [
            _contender(label, inputs, scale, result, threads)
            for label in wanted
            if label not in missing
        ]

    how = {0.5: "to half", 1 / 3: "to a third"}.get(scale, f"x {scale:g}")
    return Case(
        "resize",
        f"resize {width} x {height} {how}",
        larger / 1e6,
        "megapixels",
        contenders,
        targets,
        missing,
        rounds=3 if larger > 10e6 else None,
        headline=not series and (height, width, scale) == (1080, 1920, 0.5),
        series=f"resize {how}" if series else "",
    )


def _contender(label, inputs, scale, size, threads):
    dtype = {_OURS64: np.float64, _OURS8: np.uint8}.get(label, np.float32)
    image = inputs[dtype]
    run = {
        _OURS: lambda: imresize(image, size=size),
        _OURS64: lambda: imresize(image, size=size),
        _OURS8: lambda: imresize(image, size=size),
        _PILLOW: lambda: _pillow(image, size),
        _DENSE: lambda: _dense(image, size),
        _BASICSR: lambda: _basicsr(threads)(image, scale),
        _TORCH: lambda: _bicubic_pytorch(image, size, threads),
    }[label]
    white = 255 if dtype == np.uint8 else 1
    kind = "ours" if label in (_OURS, _OURS64, _OURS8) else "plain" if label == _DENSE else "peer"
    return Contender(label, run, lambda: _inside(run(), scale) / white, kind=kind)


def _inside(result, scale):
    """The result without its border, thinned where it is large, as float32."""
    result = result.reshape(result.shape[:2])
    border = math.ceil(2 * max(scale, 1)) + _BORDER
    if min(result.shape) > 2 * border:
        result = result[border:-border, border:-border]
    step = max(1, max(result.shape) // 2000)
    return result[::step, ::step].astype(np.float32)


def _pillow(image, size):
    return np.asarray(Image.fromarray(image).resize(size[::-1], Image.Resampling.BICUBIC))


def _dense(image, size):
    """The shortest code: a dense matrix for each direction, from old pixels to new ones."""
    for axis in (0, 1):
        side = image.shape[0]
        matrix = imresize(np.eye(side, dtype=np.float32), size=(size[axis], side))
        image = (matrix @ image).T
    return image


@functools.lru_cache(maxsize=1)
def _basicsr(threads):
    peers.torch(threads)
    return peers.module_of_file("basicsr", "utils/matlab_functions.py").imresize


def _bicubic_pytorch(image, size, threads):
    torch = peers.torch(threads)
    from bicubic_pytorch import core

    return core.imresize(torch.from_numpy(image)[None, None], sizes=size).numpy()[0, 0]
