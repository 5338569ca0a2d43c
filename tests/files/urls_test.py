"""A URL where a file is wanted is called a URL, and shown as it was given."""

import programs
import pytest

from srcnn_tf.files import urls
from srcnn_tf.files.image_files import ImageFileError, read_image
from srcnn_tf.networks.weight_files import read_weights
from srcnn_tf.networks.weights_info import WeightsError


@pytest.mark.parametrize("name", ["https://host/a.png", "https:/host/a.png", "S3://b/a.png"])
def test_urls_are_told_and_shown_whole(name):
    scheme, _, rest = name.partition(":")
    assert urls.problem(name) == (
        f"{scheme}://{rest.lstrip('/')} is a URL; download it, and name the file."
    )


@pytest.mark.parametrize("name", ["a.png", "/a/b.png", "c:/a.png", "http:", "x/https://a"])
def test_names_of_files_are_not_urls(name):
    assert urls.problem(name) is None


def test_all_that_read_files_say_so(tmp_path):
    with pytest.raises(ImageFileError, match=r"https://host/a\.png is a URL"):
        read_image("https://host/a.png")
    with pytest.raises(WeightsError, match=r"https://host/a\.safetensors is a URL"):
        read_weights("https://host/a.safetensors")
    for program, arguments in {
        "upscale": ["-i", "https://host/a"],
        "benchmark": ["--weights=https://host/a"],
        "figure": ["https://host/a", "--weights=none"],
    }.items():
        result = programs.run(program, *arguments, cwd=tmp_path)
        programs.assert_one_sentence(result, f"bin/{program}: https://host/a is a URL; download")
