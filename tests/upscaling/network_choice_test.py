"""`--model=auto`: each picture gets the network that suits it, and is told which and why."""

import shutil

import numpy as np
import pytest
import skimage.data
from PIL import Image

from srcnn_tf.files.picture_files import read_picture
from srcnn_tf.imaging.resize import imresize
from srcnn_tf.networks import pretrained_weights
from srcnn_tf.networks.network import initial_network
from srcnn_tf.networks.weight_files import write_network
from srcnn_tf.networks.weights_info import WeightsError, WeightsInfo
from srcnn_tf.upscaling import whole_pictures
from srcnn_tf.upscaling.enlargers import Enlargers
from srcnn_tf.upscaling.network_choice import enlargers_for
from srcnn_tf.upscaling.sizing import Sizing
from srcnn_tf.upscaling.whole_pictures import upscale


@pytest.fixture
def photo_nets(tmp_path_factory, monkeypatch):
    """The package's networks, and untrained ones for photographs, for x1 and x2."""
    folder = tmp_path_factory.mktemp("pretrained")
    for path in pretrained_weights.FOLDER.glob("srcnn-9-5-5_*.safetensors"):
        shutil.copy(path, folder)
    for scale in (1, 2):
        network = initial_network("slim-4x8-photo", scale, "he", seed=scale)
        made = {"config": {"compressed": 0.5}}
        info = WeightsInfo("slim-4x8-photo", scale, "none", steps=0, provenance=made)
        write_network(folder / f"slim-4x8-photo_x{scale}.safetensors", network.replace(info=info))
    monkeypatch.setattr(pretrained_weights, "FOLDER", folder)
    whole_pictures._shipped_enlargers.cache_clear()
    yield
    whole_pictures._shipped_enlargers.cache_clear()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A clean file and a JPEG of one small picture."""
    folder = tmp_path_factory.mktemp("pictures")
    small = Image.fromarray(imresize(skimage.data.coffee()[:240, :320], 0.25))
    small.save(folder / "clean.png")
    small.save(folder / "jpeg.jpg", quality=60)
    return {path.stem: path for path in folder.iterdir()}


def _chosen(sizing, path, model="auto"):
    enlargers, why = enlargers_for(model, sizing).chosen_for(read_picture(path))
    names = [each.architecture.name for each in map(enlargers.network, enlargers.scales)]
    return names[0], why


def test_each_picture_gets_what_suits_it(photo_nets, pictures):
    clean = _chosen(Sizing(2), pictures["clean"])
    assert clean == ("srcnn-9-5-5", "srcnn-9-5-5: lossless, no blocks, no noise")
    jpeg = _chosen(Sizing(2), pictures["jpeg"])
    assert jpeg == ("slim-4x8-photo", "slim-4x8-photo: a JPEG of quality 60")


def test_clean_and_photo_overrule(photo_nets, pictures):
    assert _chosen(Sizing(2), pictures["jpeg"], "clean") == ("srcnn-9-5-5", "")
    assert _chosen(Sizing(2), pictures["clean"], "photo") == ("slim-4x8-photo", "")


def test_scales_without_a_photo_network_have_the_clean_one(photo_nets, pictures):
    assert _chosen(Sizing(3), pictures["jpeg"]) == ("srcnn-9-5-5", "")
    with pytest.raises(WeightsError, match=r"No network for photographs .* x3; choose"):
        enlargers_for("photo", Sizing(3))


def test_after_the_first_network_pictures_are_clean(photo_nets, pictures):
    enlargers = enlargers_for("photo", Sizing(4.5))
    steps = enlargers.plan(60, 60)
    assert steps.networks[0] == 2 and len(steps.networks) > 1
    names = [each.name for each in enlargers.in_order(steps)]
    assert names == ["slim-4x8-photo"] + ["srcnn-9-5-5"] * (len(names) - 1)


def test_scale_1_cleans_jpegs_and_leaves_clean_pictures_alone(photo_nets, pictures):
    untouched = upscale(Image.open(pictures["clean"]), 1)
    np.testing.assert_array_equal(untouched, Image.open(pictures["clean"]))
    cleaned = upscale(Image.open(pictures["jpeg"]), 1)
    assert cleaned.size == untouched.size
    assert np.any(np.asarray(cleaned) != np.asarray(Image.open(pictures["jpeg"])))
    _, why = enlargers_for("auto", Sizing(1)).chosen_for(read_picture(pictures["clean"]))
    assert why == "left as it is: lossless, no blocks, no noise"


def test_without_photo_networks_auto_is_the_clean_one(pictures, monkeypatch, tmp_path):
    for path in pretrained_weights.FOLDER.glob("srcnn-9-5-5_x2.safetensors"):
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(pretrained_weights, "FOLDER", tmp_path)
    enlargers = enlargers_for(None, Sizing(2))
    assert type(enlargers) is Enlargers
    assert _chosen(Sizing(2), pictures["jpeg"]) == ("srcnn-9-5-5", "")
    with pytest.raises(WeightsError, match="no network that does comes with srcnn_tf yet"):
        enlargers_for(None, Sizing(1))


def test_arrays_get_the_clean_network(photo_nets, pictures):
    pixels = np.asarray(Image.open(pictures["jpeg"]))
    expected = upscale(pixels, 2, "clean")
    np.testing.assert_array_equal(upscale(pixels, 2), expected)
