"""bin/benchmark as a user runs it."""

import functools
import json

import benchmark_data
import programs
import pytest
from PIL import Image, ImageFilter

import srcnn_tf

_run = functools.partial(programs.run, "benchmark")


@pytest.fixture
def without_tensorflow(tmp_path):
    """An environment in which importing TensorFlow says so and fails."""
    return programs.stub_tensorflow(tmp_path)


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (["--scales=7"], "only these are known, each once: 1, 2, 3, 4"),
        (["--scales=1"], "The protocol srcnn enlarges; scale 1 is for compressed alone"),
        (["--protocol=y"], "There is no protocol 'y'; there is: srcnn, rgb, float, compressed"),
        (["--protocol=compressed", "--jpeg_quality=good"], "is no list such as 10,40,90"),
        (["--protocol=compressed", "--jpeg_quality=400"], "A JPEG's quality is 1 to 100, not 400"),
        (["--jpeg_quality=40"], "The protocol srcnn compresses nothing; choose compressed"),
        (["--shave=-1"], "--shave"),
        (["--results=nowhere"], "--results=nowhere is no folder; name one that holds pictures"),
        (["--results=site", "--results=a/../site"], "--results=a/../site is no folder"),
        (["--results=A=site", "--results=A=site"], "Two of --results are called A"),
        (["--datasets=site,site"], "Two of --datasets are called site; name one as NAME=FOLDER"),
        (["--lr_dir=site"], "--lr_dir holds the small pictures of one dataset"),
        (["--datasets=set5", "--lr_dir=none"], "--lr_dir=none is no folder"),
        (["--csv=."], "one of them is a folder"),
        (["--datasets=set6"], "There is no dataset 'set6'; there is: "),
        (["--datasets=t91"], "t91 is not a benchmark set; these are: "),
        (["--datasets=set5,set5"], "Choose benchmark sets, each once; there is: "),
        (["--wieghts=x"], "Unknown command line flag 'wieghts'"),
        (["--weights=no/such/x3.safetensors"], "no weight file no/such/x3.safetensors"),
        (["--networks=srcnn"], "No network srcnn comes with srcnn_tf; there is: "),
        (["--suite=throughput", "--list"], "--list is for --suite=quality"),
        (["--json=."], "one of them is a folder"),
        (["--metrics=psnr,lpips"], "no metric 'lpips'; there is: ifc, ms_ssim, nqm, psnr"),
        (["--metrics=ssim,ssim"], "Choose metrics, each once"),
        (["--plugin=none.py"], "--plugin takes Python files, and none.py is none"),
        (["--plugin=quits.py"], "The plugin quits.py fails (SystemExit(0)); run it by itself"),
        (["--plugin=bad.py"], "The plugin bad.py fails (ZeroDivisionError('division by zero'))"),
        (["--html=site"], "site/index.html is no report of srcnn_tf and would be overwritten"),
        (["--device=tpu"], "should be one of"),
    ],
)
def test_wrong_input_is_one_sentence_before_tensorflow_starts(
    tmp_path, without_tensorflow, arguments, complaint
):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("My holidays")
    (tmp_path / "bad.py").write_text("1 / 0")
    (tmp_path / "quits.py").write_text("import sys; sys.exit(0)")
    result = _run(*arguments, cwd=tmp_path, **without_tensorflow)
    programs.assert_one_sentence(result, complaint)


def test_weights_for_other_scales_than_asked_for_are_refused(tmp_path, without_tensorflow):
    path = benchmark_data.write_weights(tmp_path / "net.safetensors", 3)
    result = _run(f"--weights={path}", "--scales=2,4", cwd=tmp_path, **without_tensorflow)
    assert result.returncode != 0
    assert "the weights are for x3, and the scales to score are x2, x4" in result.stderr


def test_weights_that_are_not_scored_are_named(tmp_path, without_tensorflow):
    for scale in (2, 3):
        benchmark_data.write_weights(tmp_path / f"net{scale}.safetensors", scale)
    weights = "--weights=net2.safetensors,net3.safetensors"
    result = _run(weights, "--scales=2", cwd=tmp_path, **without_tensorflow)
    assert result.stdout == ("not scored: net3 for x3 (net3.safetensors), since x2 is asked for\n")
    result = _run(weights, cwd=tmp_path, **without_tensorflow)
    assert result.stdout == ""
    result = _run("--scales=2", cwd=tmp_path, **without_tensorflow)
    assert result.stdout == ""


def test_lists_what_comes_with_it(tmp_path, without_tensorflow):
    result = _run("--list", "--json=list.json", cwd=tmp_path, **without_tensorflow)
    assert result.returncode == 0, result.stderr
    known = srcnn_tf.list_pretrained()
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[2 : 2 + len(known)]] == [each.name for each in known]
    row = next(line for line in lines if line.startswith("srcnn-9-5-5 ") and " x3 " in line)
    assert all(text in row for text in ("57,281", "57,184", "32.90", "28.46", "T91", "Apache-2.0"))
    assert "default (the largest that costs no more than srcnn-9-5-5): x2 " in result.stdout
    written = json.loads((tmp_path / "list.json").read_text())
    assert [each["name"] for each in written] == [each.name for each in known]


@pytest.mark.slow
def test_scores_what_can_be_had_and_writes_it(tmp_path):
    benchmark_data.prepare("set5", 3, pictures=2, data_dir=tmp_path / "data")
    weights = benchmark_data.write_weights(tmp_path / "net.safetensors", 3)
    (tmp_path / "pictures" / "set14").mkdir(parents=True)
    result = _run(
        f"--weights=ours={weights}",
        "--data_dir=data",
        "--manual_dir=pictures",
        "--self_ensemble",
        "--per_image",
        "--json=out/scores.json",
        "--markdown=table.md",
        "--html=page",
        cwd=tmp_path,
    )
    assert result.returncode == 0, result.stderr
    assert "protocol: Y of BT.601" in result.stdout
    assert "Set5 x3 has 2 of the 5 pictures" in result.stdout
    assert "not available: set14" in result.stdout
    assert "noise1.png" in result.stdout
    assert not any(noise in result.stderr for noise in ("oneDNN", "I0000", "Traceback"))
    record = json.loads((tmp_path / "out" / "scores.json").read_text())
    (scores,) = record["results"]
    assert set(scores["mean"]["networks"]) == {"ours", "ours, self-ensemble"}
    assert len(scores["per_image"]) == 2 and list(record["unavailable"]) == ["set14"]
    mean = scores["mean"]["networks"]["ours"]["psnr"]
    assert f"| {mean:.2f} /" in (tmp_path / "table.md").read_text()
    page = (tmp_path / "page" / "index.html").read_text()
    assert f"{mean:.2f} /" in page and "noise1.png" in page
    # Original, bicubic, and the network alone and as an ensemble, of each of two pictures.
    assert len(list((tmp_path / "page" / "pictures" / "set5_x3").glob("*.png"))) == 8


_USER_METRIC = """
import numpy as np
from srcnn_tf.evaluation.metrics import catalog
from srcnn_tf.evaluation.metrics.metric import Metric

def mean_error(picture):
    return np.abs(picture.hr.astype(float) - picture.rgb).mean()

catalog.register(
    Metric("mae_rgb", "MAE", mean_error, 1, "levels", larger_is_better=False, needs_color=True)
)
"""


@pytest.mark.slow
def test_another_protocol_is_said_and_written(tmp_path):
    benchmark_data.prepare("set5", 3, pictures=2, data_dir=tmp_path / "data")
    weights = benchmark_data.write_weights(tmp_path / "net.safetensors", 3)
    result = _run(
        f"--weights=ours={weights}",
        "--data_dir=data",
        "--datasets=set5",
        "--protocol=compressed",
        "--jpeg_quality=30,90",
        "--json=scores.json",
        "--html=page",
        cwd=tmp_path,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("gray JPEG of quality q") == 1
    record = json.loads((tmp_path / "scores.json").read_text())
    poor, good = record["results"]
    assert (poor["condition"], good["condition"]) == ("q30", "q90")
    assert list(poor["mean"]["networks"]) == ["ours", "Lanczos"] and not poor["published"]
    assert poor["mean"]["bicubic"]["psnr"] < good["mean"]["bicubic"]["psnr"]
    page = (tmp_path / "page" / "index.html").read_text()
    assert "Set5 x3 q30" in page and "(published)" not in page
    assert (tmp_path / "page" / "pictures" / "set5_x3_q90").is_dir()


@pytest.mark.slow
def test_a_folder_of_pictures_and_results_of_another_program(tmp_path, photo):
    (tmp_path / "mine").mkdir()
    (tmp_path / "theirs").mkdir()
    for number in range(3):
        picture = Image.fromarray(photo[: 90 + 3 * number, :120])
        picture.save(tmp_path / "mine" / f"p{number}.png")
        picture.filter(ImageFilter.BoxBlur(1)).save(tmp_path / "theirs" / f"p{number}_x3.png")
    weights = benchmark_data.write_weights(tmp_path / "net.safetensors", 3)
    arguments = [f"--weights=ours={weights}", "--datasets=mine", "--results=Blur=theirs"]
    result = _run(*arguments, "--csv=scores.csv", "--html=page", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "mine     x3" in result.stdout
    assert "mine x3: Blur against ours" in result.stdout and "95 % interval" in result.stdout
    assert len((tmp_path / "scores.csv").read_text().splitlines()) == 1 + 3 * 3
    (tmp_path / "theirs" / "p1_x3.png").unlink()
    programs.assert_one_sentence(_run(*arguments, cwd=tmp_path), "no picture for p1.png of mine x3")


@pytest.mark.slow
def test_a_metric_from_a_users_file_is_in_every_output(tmp_path):
    benchmark_data.prepare("set5", 3, pictures=2, data_dir=tmp_path / "data")
    weights = benchmark_data.write_weights(tmp_path / "net.safetensors", 3)
    (tmp_path / "my_metric.py").write_text(_USER_METRIC)
    result = _run(
        f"--weights=ours={weights}",
        "--data_dir=data",
        "--datasets=set5",
        "--plugin=my_metric.py",
        "--metrics=mae_rgb,psnr_rgb",
        "--json=scores.json",
        "--html=page",
        cwd=tmp_path,
    )
    assert result.returncode == 0, result.stderr
    (scores,) = json.loads((tmp_path / "scores.json").read_text())["results"]
    mean = scores["mean"]["networks"]["ours"]
    assert list(mean) == ["mae_rgb", "psnr_rgb"] and 10 < mean["mae_rgb"] < 100
    gain = scores["mean"]["bicubic"]["mae_rgb"] - mean["mae_rgb"]
    for text in (result.stdout, (tmp_path / "page" / "index.html").read_text()):
        assert f"{mean['mae_rgb']:.1f} / {mean['psnr_rgb']:.2f}" in text
        assert "MAE in levels / PSNR of RGB in dB, with bicubic" in text
    assert f"{gain:+.1f} levels over bicubic" in result.stdout
    assert "Set5 x3 has 2 of the 5 pictures" in result.stdout


@pytest.mark.slow
def test_stops_when_bicubic_is_not_the_published_one(tmp_path):
    benchmark_data.prepare("set5", 2, pictures=5, data_dir=tmp_path / "data")
    result = _run("--data_dir=data", "--datasets=set5", "--scales=2", cwd=tmp_path)
    assert result.returncode != 0
    assert "protocol mismatch: Set5 x2" in result.stderr and "33.66" in result.stderr
    assert "Traceback" not in result.stderr and "Dataset" not in result.stdout


@pytest.mark.slow
def test_fails_when_no_data_set_can_be_had(tmp_path):
    (tmp_path / "pictures" / "set5").mkdir(parents=True)
    result = _run("--data_dir=data", "--manual_dir=pictures", "--datasets=set5", cwd=tmp_path)
    assert result.returncode != 0
    assert "not available: set5" in result.stdout and "nothing was scored" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_prepares_set5_and_reproduces_the_paper(tmp_path, shared_data):
    result = _run(
        f"--weights={shared_data / 'paper_weights' / '9-5-5_imagenet' / 'x3.mat'}",
        f"--manual_dir={shared_data}",
        "--data_dir=data",
        "--datasets=set5",
        "--json=scores.json",
        cwd=tmp_path,
    )
    assert result.returncode == 0, result.stderr
    assert "protocol verified: Set5 x3 bicubic 30.39 = published 30.39" in result.stdout
    (scores,) = json.loads((tmp_path / "scores.json").read_text())["results"]
    mean = scores["mean"]["networks"]["9-5-5_imagenet"]
    assert mean["psnr"] == pytest.approx(32.75, abs=0.01)
    assert mean["ssim"] == pytest.approx(0.9090, abs=0.0005)
