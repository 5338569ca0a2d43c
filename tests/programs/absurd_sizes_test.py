"""Sizes that no memory holds are refused up front, in one sentence with the estimate."""

import numpy as np
import programs
import pytest
from PIL import Image

import srcnn_tf
from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.upscaling import memory_limit


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--batch_size=100000000"], "training srcnn-9-5-5 on 100,000,000 crops of 64 x 64 needs"),
        (["--patch_size=1000000"], "on 16 crops of 1,000,000 x 1,000,000 needs at least about"),
        (
            ["--network=slim-99x999", "--patch_size=3000", "--batch_size=16"],
            "training slim-99x999 on 16 crops of 3,000 x 3,000 needs at least about",
        ),
    ],
)
def test_a_step_that_memory_cannot_hold_is_not_begun(tmp_path, flags, sentence):
    done = programs.run("train", "--scale=4", *flags, cwd=tmp_path)
    programs.assert_one_sentence(done, sentence, "GB are available. Use a smaller --batch_size")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "flag",
    [
        "--steps=100000000000000000000",
        "--steps_per_call=1000000000",
        "--seed=99999999999999999999999",
    ],
)
def test_a_count_that_nothing_holds_is_not_begun(tmp_path, flag):
    done = programs.run("train", "--scale=4", flag, cwd=tmp_path)
    programs.assert_one_sentence(done, f"{flag.partition('=')[0][2:]} must be at most")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--tile=1000000"], "tiles of 1,000,000 x 1,000,000 pixels need at least about 20,000.0"),
        (["--tile=30000", "--jobs=1000"], "tiles of 30,000 x 30,000 pixels in 1,000 jobs need"),
    ],
)
def test_tiles_that_memory_cannot_hold_are_refused(tmp_path, flags, sentence):
    Image.new("L", (30, 20)).save(tmp_path / "a.png")
    done = programs.run("upscale", "a.png", *flags, cwd=tmp_path)
    programs.assert_one_sentence(done, sentence, "GB are available; choose smaller tiles")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_a_result_that_memory_cannot_hold_is_refused(monkeypatch):
    monkeypatch.setattr(memory_limit, "available_memory", lambda: 10**6)
    picture = np.zeros((300, 300, 3), np.uint8)
    with pytest.raises(ImageFileError, match="600 x 600 pixels, needs about"):
        srcnn_tf.upscale(Image.fromarray(picture), 2)
    with pytest.raises(ValueError, match="tiles of 512 x 512 pixels need at least"):
        srcnn_tf.upscale(picture, 2, tile=512)
