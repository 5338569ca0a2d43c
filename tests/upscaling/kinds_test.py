"""`upscale` gives back bytes, file objects, lists, tensors, batches and ranges as it takes them."""

import io
import types

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import srcnn_tf
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.networks.network import initial_network


@pytest.fixture(scope="module")
def network():
    return initial_network("srcnn-9-1-5")


@pytest.fixture(scope="module")
def small(photo):
    return photo[:20, :30]


def _bytes(pixels, form, **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, form, **options)
    return file.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_bytes_give_bytes_of_the_same_format(network, small, form):
    result = srcnn_tf.upscale(_bytes(small, form), 2, network)
    assert isinstance(result, bytes)
    with Image.open(io.BytesIO(result)) as image:
        assert (image.format, image.size) == (form, (60, 40))


def test_bytes_of_what_cannot_be_written_give_png_and_16_bits_stay(network, small):
    with Image.open(io.BytesIO(srcnn_tf.upscale(_bytes(small, "GIF"), 2, network))) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
    deep = np.full((4, 5), 30_001, np.uint16)
    with Image.open(io.BytesIO(srcnn_tf.upscale(_bytes(deep, "PNG"), 2, network))) as image:
        assert image.mode == "I;16" and abs(int(np.asarray(image)[3, 3]) - 30_001) < 257


def test_metadata_goes_through_memory(network, small):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    result = srcnn_tf.upscale(_bytes(small, "JPEG", exif=exif, dpi=(300, 300)), 2, network)
    with Image.open(io.BytesIO(result)) as image:
        assert image.size == (40, 60) and image.info["dpi"] == (300, 300)
        assert dict(image.getexif())[0x010F] == "Maker"


def test_a_file_object_gives_a_file_object(network, small, tmp_path):
    Image.fromarray(small).save(tmp_path / "a.png")
    with (tmp_path / "a.png").open("rb") as file:
        result = srcnn_tf.upscale(file, 2, network)
    assert Image.open(result).size == (60, 40)
    with (tmp_path / "a.png").open("rb") as file:
        written = srcnn_tf.upscale(file, 2, network, output=tmp_path / "b.webp")
    assert written == tmp_path / "b.webp" and Image.open(written).format == "WEBP"
    with pytest.raises(TypeError, match="mode 'rb'"):
        srcnn_tf.upscale(io.StringIO("text"), 2, network)


@pytest.mark.parametrize(
    "data, complaint",
    [
        (b"", "the picture is empty"),
        (b"no picture", "the picture is not a picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "the picture is "),
    ],
)
def test_bytes_that_are_no_picture_are_one_sentence(network, data, complaint):
    with pytest.raises(ImageFileError, match=complaint):
        srcnn_tf.upscale(data, 2, network)


def test_a_list_gives_a_generator_of_what_each_was(network, small, tmp_path):
    Image.fromarray(small).save(tmp_path / "a.png")
    results = srcnn_tf.upscale([small, tmp_path / "a.png", Image.fromarray(small)], 2, network)
    assert isinstance(results, types.GeneratorType)
    assert next(results).shape == (40, 60, 3)
    assert not (tmp_path / "a_x2.png").exists()  # Each is made when it is asked for.
    assert next(results) == tmp_path / "a_x2.png" and (tmp_path / "a_x2.png").exists()
    assert next(results).size == (60, 40)
    assert len(list(srcnn_tf.upscale((small for _ in range(2)), 2, network))) == 2
    with pytest.raises(ValueError, match="one picture"):
        srcnn_tf.upscale([small], 2, network, output="a.png")


def test_a_batch_gives_a_batch(network, small):
    batch = np.stack([small, small[::-1]])
    result = srcnn_tf.upscale(batch, 2, network)
    for picture, bigger in zip(batch, result, strict=True):
        np.testing.assert_array_equal(bigger, srcnn_tf.upscale(picture, 2, network))
    assert srcnn_tf.upscale(batch[:0], 2, network).shape == (0, 40, 60, 3)
    with pytest.raises(ValueError, match=r"batches \(N, H, W"):
        srcnn_tf.upscale(np.zeros((1, 2, 3, 4, 1), np.uint8), 2, network)


@pytest.mark.parametrize("dtype", [tf.uint8, tf.float32, tf.float16, tf.bfloat16])
def test_a_tensor_gives_a_tensor(network, small, dtype):
    white = 255 if dtype == tf.uint8 else 1.0
    tensor = tf.cast(tf.constant(small[None], tf.float32) / 255 * white, dtype)
    result = srcnn_tf.upscale(tensor, 2, network)
    assert tf.is_tensor(result) and result.dtype == dtype and result.shape == (1, 40, 60, 3)
    expected = srcnn_tf.upscale(small / np.float32(255), 2, network)
    found = tf.cast(result, tf.float32).numpy()[0] / white
    np.testing.assert_allclose(found, expected.clip(0, 1 if white == 255 else 9), atol=0.02)


def test_a_dataset_of_tensors_maps(network, small):
    dataset = tf.data.Dataset.from_tensors(small).map(
        lambda picture: srcnn_tf.upscale(picture, 2, network)
    )
    assert dataset.element_spec.shape == (40, 60, 3)
    (result,) = dataset
    np.testing.assert_array_equal(result, srcnn_tf.upscale(small, 2, network))


@pytest.mark.parametrize(
    "name, low, high",
    [("0..1", 0, 1), ("0..255", 0, 255), ("0..65535", 0, 65535), ("-1..1", -1, 1)],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_range_by_name(network, small, name, low, high, dtype):
    picture = (small / 255).astype(dtype)
    expected = srcnn_tf.upscale(picture, 2, network)
    result = srcnn_tf.upscale(picture * (high - low) + low, 2, network, range=name)
    assert result.dtype == dtype
    np.testing.assert_allclose((result - low) / (high - low), expected, rtol=0, atol=2e-6)


def test_integers_of_a_range_come_back_rounded(network, small):
    result = srcnn_tf.upscale(small.astype(np.int32), 2, network, range="0..255")
    assert result.dtype == np.int32
    assert np.abs(result - srcnn_tf.upscale(small, 2, network).astype(int)).max() <= 1
    same = srcnn_tf.upscale(small, 2, network, range="0..255")
    np.testing.assert_array_equal(same, srcnn_tf.upscale(small, 2, network))


def test_ranges_that_cannot_be_are_refused(network, small):
    with pytest.raises(ValueError, match=r"go from 0 to \d+, and floats .* range='0\.\.255'"):
        srcnn_tf.upscale(np.append(small, np.zeros_like(small), axis=0) / 1.0, 2, network)
    with pytest.raises(ValueError, match="go from -1 "):
        srcnn_tf.upscale(np.linspace(-1, 1, 12).reshape(3, 4), 2, network)
    with pytest.raises(ValueError, match=r"one of 0\.\.1, 0\.\.255"):
        srcnn_tf.upscale(small, 2, network, range="0-255")
    with pytest.raises(ValueError, match="cannot hold the shades"):
        srcnn_tf.upscale(small, 2, network, range="0..1")
    with pytest.raises(ValueError, match="files know their own"):
        srcnn_tf.upscale(Image.fromarray(small), 2, network, range="0..255")


def test_any_factor(network, small, tmp_path):
    picture = small / 255.0
    double = srcnn_tf.upscale(picture, 2, network)
    network = network.replace(info=None)
    # A network without a name for its scale cannot be chained.
    with pytest.raises(ValueError, match="choose 2, 3 or 4"):
        srcnn_tf.upscale(picture, 1.5, network)
    assert double.shape == (40, 60, 3)
    expected = imresize(srcnn_tf.upscale(picture, 2), size=(30, 45))
    np.testing.assert_allclose(srcnn_tf.upscale(picture, 1.5), expected, rtol=0, atol=1e-5)
    Image.fromarray(small).save(tmp_path / "a.png")
    assert srcnn_tf.upscale(tmp_path / "a.png", 1.5) == tmp_path / "a_x1.5.png"
    with pytest.raises(ValueError, match="from 1 to 64"):
        srcnn_tf.upscale(picture, 0.5)


def test_equivariant_networks_are_not_averaged_over_turns(small, caplog):
    caplog.set_level("INFO", "srcnn_tf")
    plain = srcnn_tf.upscale(small, 3, "srcnn-9-5-5")
    assert not caplog.messages
    averaged = srcnn_tf.upscale(small, 3, "srcnn-9-5-5", self_ensemble=True)
    np.testing.assert_array_equal(averaged, plain)
    srcnn_tf.upscale(small, 3, srcnn_tf.load_network("srcnn-9-5-5", 3), self_ensemble=True)
    assert "self-ensemble gains nothing" in caplog.messages[-1]
    count = len(caplog.messages)
    averaged = srcnn_tf.upscale(small, 3, "srcnn-9-1-5", self_ensemble=True)
    assert len(caplog.messages) == count
    assert (averaged != srcnn_tf.upscale(small, 3, "srcnn-9-1-5")).any()
