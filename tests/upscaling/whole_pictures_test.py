"""`upscale` gives back the kind it was given, bigger, in place, in color, with alpha intact."""

import pathlib
import shutil

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import srcnn_tf
from srcnn_tf.engines.keras_models import create_network
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.networks import find_weights
from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.initialization import draw_arrays
from srcnn_tf.networks.weight_files import save_weights
from srcnn_tf.networks.weights_info import WeightsError, WeightsInfo
from srcnn_tf.upscaling import whole_pictures


@pytest.fixture(scope="module")
def network():
    return create_network("srcnn-9-1-5")


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "net.safetensors"
    arrays = draw_arrays(find_architecture("srcnn-9-1-5"), "identity", seed=0)
    save_weights(path, arrays, WeightsInfo("srcnn-9-1-5", 2, training_data="none", steps=0))
    return path


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
@pytest.mark.parametrize("channels", [(), (1,), (2,), (3,), (4,)])
def test_an_array_comes_back_as_it_was_and_a_flat_color_stays(network, dtype, channels):
    white = {np.uint8: 255, np.uint16: 65535}.get(dtype, 1.0)
    color = np.array([0.2, 0.7, 0.4, 1.0])[: channels[0] if channels else 1]
    if channels == (2,):
        color[1] = 1.0
    picture = np.broadcast_to(color * white, (5, 9, len(color))).astype(dtype)
    picture = picture.reshape((5, 9, *channels))

    result = srcnn_tf.upscale(picture, 3, network)

    assert result.dtype == dtype and result.shape == (15, 27, *channels)
    expected = np.broadcast_to(picture[0, 0], result.shape)
    np.testing.assert_allclose(result / white, expected / white, rtol=0, atol=1 / 255)


def test_a_gray_picture_is_its_own_luminance(network, photo):
    plane = photo[..., 0][:40, :50] / np.float32(255)

    result = srcnn_tf.upscale(plane, 2, network)

    expected = network(imresize(plane, 2)[None, ..., None]).numpy()[0, ..., 0]
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-5)


def test_color_is_the_papers_network_on_y_and_bicubic_on_cb_and_cr(photo):
    network = create_network("srcnn-9-1-5", initialization="he")
    picture = photo[:30, :40] / 255.0

    result = srcnn_tf.rgb_to_ycbcr(srcnn_tf.upscale(picture, 2, network))

    bigger = imresize(srcnn_tf.rgb_to_ycbcr(picture), 2)
    sharpened = network(bigger[None, ..., :1].astype(np.float32)).numpy()[0, ..., 0]
    assert np.abs(sharpened - bigger[..., 0]).max() > 0.1
    np.testing.assert_allclose(result[..., 0], sharpened, rtol=0, atol=1e-5)
    np.testing.assert_allclose(result[..., 1:], bigger[..., 1:], rtol=0, atol=1e-5)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_a_gradient_stays_where_it_was(network, scale):
    rows, columns = np.mgrid[:24, :30].astype(np.float32)
    picture = np.stack([rows / 50, columns / 50, (rows + columns) / 100], axis=2)

    result = srcnn_tf.upscale(picture, scale, network)

    # The center of pixel i lies at (i + 0.5) / scale - 0.5 of the input's pixels.
    rows, columns = ((np.indices(result.shape[:2]) + 0.5) / scale - 0.5).astype(np.float32)
    expected = np.stack([rows / 50, columns / 50, (rows + columns) / 100], axis=2)
    inner = (slice(4 * scale, -4 * scale),) * 2
    # Half a pixel's shift would be 0.005 and more.
    np.testing.assert_allclose(result[inner], expected[inner], rtol=0, atol=0.0015)


def test_16_bits_are_computed_in_float(network):
    ramp = np.linspace(20_000, 21_000, 60).astype(np.uint16)
    picture = np.broadcast_to(ramp[None, :, None], (20, 60, 3))

    result = srcnn_tf.upscale(picture, 2, network)

    # Through 8 bits there would be 5 levels.
    assert len(np.unique(result[20, 20:-20, 0])) > 60
    exact = srcnn_tf.upscale(picture / 65535.0, 2, network)
    np.testing.assert_allclose(result, np.clip(exact, 0, 1) * 65535, rtol=0, atol=0.51)


@pytest.mark.parametrize("channels", [2, 4])
def test_alpha_keeps_its_extremes_and_hidden_colors_do_not_bleed(channels):
    network = create_network("srcnn-9-5-5")
    picture = np.zeros((40, 40, channels), np.uint8)
    picture[:, :20] = 200
    picture[:, :20, -1] = 255  # The right half is hidden, and black underneath.

    result = srcnn_tf.upscale(picture, 3, network)

    assert (result[:, :54, -1] == 255).all() and (result[:, 66:, -1] == 0).all()
    visible = result[..., -1] > 0
    assert visible[:, 60:62].any()
    np.testing.assert_allclose(result[..., :-1][visible].astype(int), 200, rtol=0, atol=1)


def test_hidden_colors_of_islands_come_from_the_nearest(network):
    picture = np.zeros((30, 60, 4), np.uint8)
    picture[8:22, 5:20] = (250, 10, 10, 255)
    picture[8:22, 40:55] = (10, 10, 250, 255)

    result = srcnn_tf.upscale(picture, 2, network)

    visible = result[..., 3] > 0
    left, right = result[:, :60][visible[:, :60]], result[:, 60:][visible[:, 60:]]
    np.testing.assert_allclose(left[:, :3].astype(int) - (250, 10, 10), 0, atol=2)
    np.testing.assert_allclose(right[:, :3].astype(int) - (10, 10, 250), 0, atol=2)


def test_self_ensemble_turns_with_the_picture(photo):
    network = create_network("srcnn-9-1-5", initialization="he")
    picture = photo[:20, :31, 0] / 255.0

    result = srcnn_tf.upscale(picture, 2, network, self_ensemble=True)

    turned = srcnn_tf.upscale(picture.T, 2, network, self_ensemble=True)
    np.testing.assert_allclose(turned.T, result, rtol=0, atol=1e-4)
    assert np.abs(result - srcnn_tf.upscale(picture, 2, network)).max() > 1e-3


def test_a_pillow_image_gives_one_upright_with_what_was_said_about_it(network, photo):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker"
    image = Image.fromarray(photo[:20, :30])
    image.info.update({"dpi": (300.0, 300.0), "icc_profile": b"profile", "exif": exif.tobytes()})

    result = srcnn_tf.upscale(image, 2, network)

    assert isinstance(result, Image.Image) and result.mode == "RGB" and result.size == (40, 60)
    assert result.info["dpi"] == (300.0, 300.0) and result.info["icc_profile"] == b"profile"
    kept = Image.Exif()
    kept.load(result.info["exif"])
    assert dict(kept) == {0x010F: "Maker"}
    expected = srcnn_tf.upscale(np.rot90(photo[:20, :30], -1), 2, network)
    np.testing.assert_array_equal(np.asarray(result), expected)


def test_a_path_gives_the_path_of_the_bigger_picture(tmp_path, weights, photo):
    path = tmp_path / "photo.png"
    Image.fromarray(photo).save(path)

    written = srcnn_tf.upscale(str(path), 2, weights)

    assert written == tmp_path / "photo_x2.png"
    network = srcnn_tf.keras_model(srcnn_tf.load_network(weights, 2))
    np.testing.assert_array_equal(
        np.asarray(Image.open(written)), srcnn_tf.upscale(photo, 2, network)
    )
    with pytest.raises(FileExistsError, match=r"photo_x2\.png exists"):
        srcnn_tf.upscale(path, 2, weights)
    srcnn_tf.upscale(path, 2, weights, overwrite=True)
    assert srcnn_tf.upscale(path, 2, weights, output=tmp_path / "new" / "a.webp").is_file()


def test_what_cannot_be_enlarged_is_said(tmp_path, network, weights):
    with pytest.raises(TypeError, match="int32"):
        srcnn_tf.upscale(np.zeros((4, 4), np.int32), 2, network)
    with pytest.raises(ValueError, match="5"):
        srcnn_tf.upscale(np.zeros((4, 4, 5), np.uint8), 2, network)
    with pytest.raises(ValueError, match="have pixels"):
        srcnn_tf.upscale(np.zeros((0, 4), np.uint8), 2, network)
    with pytest.raises(ImageFileError, match="missing"):
        srcnn_tf.upscale(tmp_path / "missing.png", 2, network)
    with pytest.raises(WeightsError, match="for x2, not x3"):
        srcnn_tf.upscale(np.zeros((4, 4), np.uint8), 3, weights)
    with pytest.raises(ValueError, match="for x2, not x4"):
        loaded = srcnn_tf.load_network(weights, 2)
        srcnn_tf.upscale(np.zeros((4, 4), np.uint8), 4, loaded)
    with pytest.raises(WeightsError, match="srcnn-9-2-5"):
        srcnn_tf.upscale(np.zeros((4, 4), np.uint8), 7, "srcnn-9-2-5")


def test_weights_are_found_in_folders_of_scales(tmp_path, weights):
    for scale in (2, 3):
        folder = tmp_path / "runs" / f"x{scale}"
        folder.mkdir(parents=True)
        shutil.copy(weights, folder / "best.safetensors")
    with pytest.raises(WeightsError, match="both"):
        find_weights.read_model(tmp_path / "runs", 2)
    shutil.rmtree(tmp_path / "runs" / "x3")

    assert find_weights.read_model(tmp_path / "runs", 2).path.parent.name == "x2"


def test_when_memory_runs_out_the_result_is_the_same(network, photo, monkeypatch):
    expected = srcnn_tf.upscale(photo, 2, network)
    enlarger = whole_pictures.make_enlarger(network, 2)
    run = enlarger._runner._run

    def poor(plane):
        if plane.size > 130 * 130:
            raise tf.errors.ResourceExhaustedError(None, None, "OOM")
        return run(plane)

    monkeypatch.setattr(enlarger._runner, "_run", poor)

    np.testing.assert_array_equal(enlarger.enlarge(photo), expected)
    assert enlarger.tiler.side < 130


def test_the_default_is_what_is_shipped(tmp_path, monkeypatch):
    from srcnn_tf.networks import pretrained_weights

    monkeypatch.setattr(pretrained_weights, "FOLDER", pathlib.Path(tmp_path))
    whole_pictures._shipped_enlargers.cache_clear()
    with pytest.raises(WeightsError, match="No trained srcnn-9-5-5 for x2"):
        srcnn_tf.upscale(np.zeros((4, 4), np.uint8))
    arrays = draw_arrays(find_architecture("srcnn-9-5-5"), "identity", seed=0)
    info = WeightsInfo("srcnn-9-5-5", 2, training_data="none", steps=0)
    save_weights(tmp_path / "srcnn-9-5-5_x2.safetensors", arrays, info)

    assert srcnn_tf.upscale(np.zeros((4, 4), np.uint8)).shape == (8, 8)
    whole_pictures._shipped_enlargers.cache_clear()
