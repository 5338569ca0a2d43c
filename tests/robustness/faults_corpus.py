"""Small valid files of every kind that is read, and damaging them at random."""

import io
import struct
import zlib

import numpy as np
import scipy.io
import tifffile
from PIL import Image

from srcnn_tf.files.sixteen_bit import write_sixteen_bit_png
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.initialization import draw_arrays
from srcnn_tf.networks.weight_files import save_weights
from srcnn_tf.networks.weights_info import WeightsInfo

_WHOLE_NUMBERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
_FORMATS = {
    "RGB": "PNG JPEG BMP TIFF WEBP AVIF GIF PPM TGA PCX SGI JPEG2000 ICO DDS IM",
    "L": "PNG JPEG TIFF GIF PPM TGA",
    "LA": "PNG TIFF",
    "RGBA": "PNG TIFF WEBP TGA",
    "P": "PNG GIF BMP",
    "1": "PNG TIFF PPM MSP XBM",
    "I;16": "PNG TIFF",
    "CMYK": "JPEG TIFF",
}


def pictures() -> list[bytes]:
    """Returns picture files of 13 x 9 pixels: all modes, 16 bits, EXIF, several pages."""
    random = np.random.default_rng(0)
    source = Image.fromarray(random.integers(0, 256, (9, 13, 3), np.uint8))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "camera"
    files = []
    Image.init()
    for mode, formats in _FORMATS.items():
        image = source.convert("L").convert(mode) if mode == "I;16" else source.convert(mode)
        for form in formats.split():
            if form in Image.SAVE or (Image.init() and form in Image.SAVE):
                options = {"exif": exif} if form in ("PNG", "JPEG", "WEBP") else {}
                files.append(_bytes(lambda file: image.save(file, form, **options)))  # noqa: B023
    files.append(_bytes(lambda f: source.save(f, "TIFF", compression="tiff_lzw")))
    files.append(_bytes(lambda f: source.save(f, "JPEG", progressive=True)))
    files.append(_bytes(lambda f: source.save(f, "GIF", save_all=True, append_images=[source])))
    for channels in (1, 2, 3, 4):
        deep = random.integers(0, 65536, (9, 13, channels), np.uint16)
        files.append(_bytes(lambda f: write_sixteen_bit_png(f, deep, b"icc", None, (72, 72))))  # noqa: B023
        kind = "rgb" if channels > 2 else "minisblack"
        for compression in (None, "zlib", "lzw"):
            options = {"photometric": kind, "compression": compression, "metadata": None}
            files.append(_bytes(lambda f: tifffile.imwrite(f, deep, **options)))  # noqa: B023
    return files


def weight_files(folder) -> list[bytes]:
    """Returns one weight file of ours for each network; `folder` is written in."""
    path = folder / "valid.safetensors"
    files = []
    for name in ("srcnn-9-1-5", "srcnn-9-5-5"):
        arrays = draw_arrays(find_architecture(name), "identity", seed=0)
        save_weights(path, arrays, WeightsInfo(name, 3, training_data="none", steps=1))
        files.append(path.read_bytes())
    path.unlink()
    return files


def authors_files() -> list[bytes]:
    """Returns `.mat` files: as the authors', compressed, and with cells, structs and objects."""
    random = np.random.default_rng(0)
    filters = {"biases_conv1": random.normal(size=(64, 1)), "biases_conv2": np.zeros((32, 1))}
    filters |= {"biases_conv3": np.zeros((1, 1)), "weights_conv1": random.normal(size=(81, 64))}
    filters |= {
        "weights_conv2": random.normal(size=(64, 1, 32)),
        "weights_conv3": np.ones((32, 25)),
    }
    flat = {name: array.reshape(len(array), -1) for name, array in filters.items()}
    odd = {"weights_conv1": np.array([[1, "text"]], object), "biases_conv1": {"a": 1, "b": [2]}}
    return [
        _bytes(lambda f: scipy.io.savemat(f, filters)),
        _bytes(lambda f: scipy.io.savemat(f, filters, do_compression=True)),
        _bytes(lambda f: scipy.io.savemat(f, flat, format="4")),
        _bytes(lambda f: scipy.io.savemat(f, {**filters, **odd})),
    ]


def damaged(content: bytes, others: list[bytes], random: np.random.Generator) -> bytes:
    """Returns `content` after one to four changes; checksums of PNG are mended half of the time."""
    result = bytearray(content)
    for _ in range(random.integers(1, 5)):
        if not result:
            break
        # Headers are short and matter most.
        reach = len(result) if random.random() < 0.5 else min(len(result), 400)
        place = int(random.integers(reach))
        length = int(random.integers(1, 17))
        match random.integers(7):
            case 0:
                result[place] ^= 1 << int(random.integers(8))
            case 1:
                result[place : place + length] = random.bytes(length)
            case 2:
                size = int(random.choice([1, 2, 4, 8]))
                number = int(random.choice(np.array(_WHOLE_NUMBERS, np.uint64))) % 256**size
                order = "big" if random.random() < 0.5 else "little"
                result[place : place + size] = number.to_bytes(size, order)
            case 3:
                del result[place:]
            case 4:
                del result[place : place + length]
            case 5:
                result[place:place] = result[place : place + length] * int(random.integers(1, 50))
            case 6:
                other = others[random.integers(len(others))]
                result[place : place + length] = other[place : place + 4 * length]
    if result.startswith(b"\x89PNG") and random.random() < 0.5:
        mend_png(result)
    return bytes(result)


def mend_png(content: bytearray) -> None:
    """Makes the checksums of a PNG file right again, in place."""
    begin = 8
    while begin + 12 <= len(content):
        (length,) = struct.unpack(">I", content[begin : begin + 4])
        end = begin + 8 + length
        if end + 4 > len(content):
            return
        content[end : end + 4] = struct.pack(">I", zlib.crc32(content[begin + 4 : end]))
        begin = end + 4


def _bytes(save) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()
