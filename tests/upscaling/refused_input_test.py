"""Empty names, numbers that are none, and links to nowhere are one sentence, not a guess."""

import numpy as np
import pytest
from PIL import Image

from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.networks.find_weights import load_network
from srcnn_tf.networks.weight_arguments import read_contenders
from srcnn_tf.networks.weights_info import WeightsError
from srcnn_tf.upscaling.inputs import plan_all
from srcnn_tf.upscaling.whole_pictures import upscale


@pytest.mark.parametrize(
    "call",
    [
        lambda: plan_all([""]),
        lambda: plan_all(["a.png", ""]),
        lambda: plan_all(["a.png"], ""),
        lambda: upscale(""),
        lambda: upscale("a.png", output=""),
        lambda: upscale(np.zeros((4, 4), np.uint8), model=""),
        lambda: load_network(""),
        lambda: read_contenders([""]),
    ],
)
def test_an_empty_name_is_not_the_folder_here(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((ImageFileError, WeightsError), match="An empty name is no "):
        call()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("value_range", [None, "0..1", "0..255", "-1..1"])
def test_numbers_that_are_not_finite(value, dtype, value_range):
    picture = np.zeros((4, 5, 3), dtype)
    picture[1, 2, 0] = value
    with pytest.raises(ValueError, match="no finite numbers"):
        upscale(picture, range=value_range)


def test_a_link_to_nowhere_is_not_replaced(tmp_path, photo):
    link = tmp_path / "link.png"
    link.symlink_to("nowhere")
    Image.fromarray(photo[:8, :8]).save(tmp_path / "a.png")
    with pytest.raises(FileExistsError, match=r"link\.png exists"):
        upscale(tmp_path / "a.png", output=link)
    assert link.is_symlink()
