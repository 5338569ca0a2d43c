"""bin/figure as a user runs it."""

import functools
import json

import benchmark_data
import numpy as np
import programs
import pytest
from PIL import Image

_run = functools.partial(programs.run, "figure")


@pytest.fixture
def picture(tmp_path, photo):
    Image.fromarray(photo).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def _pixels(path):
    with Image.open(path) as figure:
        return np.asarray(figure.convert("RGB"))


@pytest.mark.slow
def test_draws_a_picture_with_insets_scores_and_errors(tmp_path, picture):
    weights = benchmark_data.write_weights(tmp_path / "net.safetensors", 3)
    plain = _run(picture, "--scale=3", f"--weights=ours={weights}", cwd=tmp_path)
    assert plain.returncode == 0, plain.stderr
    assert plain.stdout.strip() == "photo_x3.png" and plain.stderr == ""
    arguments = [f"--weights={weights}", "--error", "--crop=10,20,40,30", "--output=b/figure.jpg"]
    errors = _run(picture, "--scale=3", *arguments, cwd=tmp_path)
    assert errors.returncode == 0, errors.stderr
    assert len(_pixels(tmp_path / "b" / "figure.jpg")) > len(_pixels(tmp_path / "photo_x3.png"))


@pytest.mark.slow
def test_photos_are_shown_at_several_qualities(tmp_path, picture):
    weights = benchmark_data.write_weights(tmp_path / "net.safetensors", 2)
    arguments = ["--photos", "--scale=2", f"--weights=a={weights}", f"--weights=b={weights}"]
    qualities = _run(picture, *arguments, "--qualities=lossless,30", cwd=tmp_path)
    assert qualities.returncode == 0, qualities.stderr
    assert qualities.stdout.strip() == "photo_x2_photos.png"
    two_rows = _pixels(tmp_path / "photo_x2_photos.png")
    # Four columns: original, Lanczos, and the networks.
    assert two_rows.shape[1] > 4 * 190
    one_row = _run(picture, *arguments, "--qualities=30", "--output=one.jpg", cwd=tmp_path)
    assert one_row.returncode == 0, one_row.stderr
    assert len(_pixels(tmp_path / "one.jpg")) < len(two_rows)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--photos"], "takes pictures"),
        (["photo.png", "--scale=1"], "it is for --photos"),
        (["photo.png", "--photos", "--qualities=best"], "numbers from 1 to 100"),
        (["photo.png", "--photos", "--weights=none"], "compares networks"),
        (["none.png", "--photos"], "none.png"),
    ],
)
def test_photos_say_what_they_need(tmp_path, picture, arguments, hint):
    result = _run(*arguments, cwd=tmp_path)
    assert result.returncode != 0 and hint in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_draws_quality_against_cost_for_light_and_dark_pages(tmp_path):
    done = _run("--frontier", "--scale=4", cwd=tmp_path, **programs.stub_tensorflow(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["frontier_x4.png", "frontier_x4_dark.png"]
    light, dark = (_pixels(tmp_path / name) for name in done.stdout.split())
    assert light.shape == dark.shape and light.mean() > 200 > 60 > dark.mean()


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["a.png", "--frontier"], "takes no picture"),
        (["--frontier", "--dataset=urban100"], "one of"),
    ],
)
def test_quality_against_cost_says_what_it_takes(tmp_path, arguments, hint):
    result = _run(*arguments, cwd=tmp_path)
    assert result.returncode != 0 and hint in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_draws_the_kernels(tmp_path, picture):
    result = _run("photo.png", "--kernels", "--scale=2", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert _pixels(tmp_path / "photo_x2_kernels.png").std() > 10


@pytest.mark.slow
def test_draws_the_curve_of_a_run(tmp_path):
    lines = [{"kind": "train", "step": step, "loss": 1 / step} for step in (1, 2, 3)]
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    result = _run("--curve=.", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert _pixels(tmp_path / "curve.png").std() > 10


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        ([], "takes one picture"),
        (["none.png", "--weights=none"], "none.png does not exist"),
        (["photo.png", "--crop=1,2,3"], "must be x,y,width,height"),
        (["photo.png", "--output=photo.gif"], "must be the name of a .png or .jpg file"),
        (["photo.png", "--weights=no.safetensors"], "There is no weight file no.safetensors"),
        (["photo.png", "--weights=x2.safetensors"], "is for x2 and not for x3"),
        (["--curve=."], "holds no metrics.jsonl"),
        (["--curve=a,b"], "a holds no metrics.jsonl"),
        (["--filters", "a.png"], "--filters draws a network, and takes no picture"),
        (["--filters", "--weights=none"], "--filters needs a network"),
    ],
)
def test_wrong_input_is_one_sentence_before_tensorflow_starts(
    tmp_path, picture, arguments, complaint
):
    benchmark_data.write_weights(tmp_path / "x2.safetensors", 2)
    stub = programs.stub_tensorflow(tmp_path)
    result = _run(*arguments, cwd=tmp_path, **stub)
    programs.assert_one_sentence(result, complaint)


@pytest.mark.slow
def test_a_crop_outside_the_picture_is_one_sentence(tmp_path, picture):
    result = _run("photo.png", "--weights=none", "--crop=190,0,50,50", cwd=tmp_path)
    assert result.returncode != 0
    assert "photo.png: The window 190,0,50,50 is not inside" in result.stderr
    assert "Traceback" not in result.stderr
