"""bin/upscale as it is asked for more: sizes, streams, plans, JSON, several jobs, comparisons."""

import fcntl
import io
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import time

import numpy as np
import programs
import pytest
from PIL import Image

import srcnn_tf
from srcnn_tf.files.jpeg_quality import read_settings
from srcnn_tf.files.picture_writing import FORMATS
from srcnn_tf.programs import upscale_flags
from srcnn_tf.upscaling import comparing
from srcnn_tf.upscaling.clips import options


@pytest.fixture
def pictures(tmp_path, photo):
    """A folder with a photograph in several formats."""
    image = Image.fromarray(photo[:40, :60])
    image.save(tmp_path / "a.png")
    image.save(tmp_path / "b.jpg", quality=71, subsampling="4:2:2")
    image.convert("L").save(tmp_path / "c.webp")
    return tmp_path


def _run(*arguments, cwd, **options):
    return programs.run("upscale", *arguments, "--device=cpu", cwd=cwd, **options)


def _size(path):
    with Image.open(path) as image:
        return image.size


@pytest.mark.slow
def test_any_size_with_the_plan_said(pictures):
    result = _run("a.png", "--scale=1.5", "--model=srcnn-9-5-5", cwd=pictures)
    assert result.returncode == 0, result.stderr
    assert "enlarging by 1.5 (x2, then to 1.5 times) with srcnn-9-5-5" in result.stdout
    assert "a.png -> a_x1.5.png: 60 x 40 to 90 x 60 (x2, then to 1.5 times), " in result.stdout
    assert _size(pictures / "a_x1.5.png") == (90, 60)

    result = _run("a.png", "c.webp", "--max_side=300", "-o", "out", cwd=pictures)
    assert "(x3, then x2, then to 300 on the longer side; slim-" in result.stdout
    assert _size(pictures / "out" / "c_max300.webp") == (300, 200)

    result = _run("a.png", "--width=60", cwd=pictures)
    assert result.returncode == 0
    assert "skipped a.png: it has 60 x 40 pixels already" in result.stdout
    assert "0 done, 1 skipped, 0 failed" in result.stdout


def test_scale_one_takes_a_network_that_cleans(pictures):
    network = srcnn_tf.initial_network("srcnn-9-1-5")
    info = srcnn_tf.WeightsInfo("srcnn-9-1-5", 1, training_data="none", steps=0)
    srcnn_tf.write_network(pictures / "clean.safetensors", network.replace(info=info))
    result = _run("a.png", "--scale=1", "--model=clean.safetensors", cwd=pictures)
    assert result.returncode == 0, result.stderr
    assert "60 x 40 to 60 x 40" in result.stdout and _size(pictures / "a_x1.png") == (60, 40)


@pytest.mark.slow
def test_standard_input_to_standard_output(pictures):
    command = [*programs.command("upscale"), "-", "--device=cpu"]
    data = (pictures / "b.jpg").read_bytes()
    done = subprocess.run(command, input=data, capture_output=True, env=programs.environment())
    assert done.returncode == 0, done.stderr
    with Image.open(io.BytesIO(done.stdout)) as image:
        assert (image.format, image.size) == ("JPEG", (120, 80))
    assert b"standard input -> -: 60 x 40 to 120 x 80" in done.stderr

    done = subprocess.run([*command, "-o", "-", "--ext=png"], input=b"none", capture_output=True)
    assert done.returncode == 1 and done.stdout == b""
    assert b"failed: standard input is not a picture that can be read here" in done.stderr
    written = subprocess.run([*command, "-o", "x.webp"], input=data, cwd=pictures)
    assert written.returncode == 0 and _size(pictures / "x.webp") == (120, 80)

    done = subprocess.run(
        [*programs.command("upscale"), "a.png", "-o", "-"], cwd=pictures, capture_output=True
    )
    assert done.stdout.startswith(b"\x89PNG")


def test_a_reader_of_the_picture_that_leaves_ends_it_quietly(pictures):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*programs.command("upscale"), "a.png", "-o", "-", "--device=cpu"],
        cwd=pictures, stdout=write, stderr=subprocess.PIPE, env=programs.environment(),
    )  # fmt: skip
    os.close(write)
    assert done.returncode == 141 and b"cannot" not in done.stderr


def test_no_picture_goes_to_a_terminal(pictures):
    master, slave = pty.openpty()
    done = subprocess.run(
        [*programs.command("upscale"), "a.png", "-o", "-"],
        cwd=pictures, stdout=slave, stderr=subprocess.PIPE, env=programs.environment(),
    )  # fmt: skip
    os.close(slave)
    os.close(master)
    assert done.returncode == 1 and b"would be written to the terminal; use > FILE" in done.stderr


def test_a_dry_run_says_the_plan_and_writes_nothing(pictures):
    before = sorted(pictures.iterdir())
    names = ("*.png", "b.jpg", "gone.png", "--model=srcnn-9-5-5")
    result = _run(*names, "--megapixels=0.1", "--dry_run", cwd=pictures)
    assert result.returncode == 1
    assert result.stderr == "failed: gone.png does not exist; check the name.\n"
    assert "dry run: enlarging to 0.1 megapixels with srcnn-9-5-5" in result.stdout
    assert "b.jpg -> b_0.1mp.jpg: 60 x 40 to 387 x 258 (x4, then x2, then to 0.1" in result.stdout
    assert "2 to do, 0 skipped, 1 failed; 0.20 megapixels would be written" in result.stdout
    assert sorted(pictures.iterdir()) == before


@pytest.mark.slow
def test_a_line_of_json_for_each_picture(pictures):
    (pictures / "bad.png").write_bytes(b"no picture")
    result = _run("a.png", "bad.png", "c.webp", "--json_lines", "--jobs=2", cwd=pictures)
    assert result.returncode == 1
    found = {line["source"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert set(found) == {"a.png", "bad.png", "c.webp"}
    assert found["a.png"].pop("seconds") > 0
    assert found["a.png"].pop("choice") == "slim-10x16: lossless, no blocks, no noise"
    assert found["a.png"] == {
        "status": "done", "source": "a.png", "target": "a_x2.png",
        "input_width": 60, "input_height": 40, "output_width": 120, "output_height": 80,
    }  # fmt: skip
    assert found["bad.png"]["status"] == "failed"
    assert found["bad.png"]["reason"].startswith("bad.png is not a picture")
    assert "2 done, 0 skipped, 1 failed" in result.stderr

    result = _run("a.png", "--restore", "--json_lines", cwd=pictures)
    (line,) = map(json.loads, result.stdout.splitlines())
    assert line["network"]["psnr"] > 10 and set(line["bicubic"]) == {"psnr", "ssim"}


@pytest.mark.slow
def test_several_at_a_time_write_what_one_after_the_other_does(pictures):
    _run("a.png", "b.jpg", "c.webp", "-o", "one", cwd=pictures)
    result = _run("a.png", "b.jpg", "c.webp", "-o", "three", "--jobs=3", cwd=pictures)
    assert "3 done, 0 skipped, 0 failed" in result.stdout
    for path in (pictures / "one").iterdir():
        assert (pictures / "three" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.slow
def test_the_quality_of_a_jpeg_is_kept_on_request(pictures):
    result = _run("b.jpg", "--quality=auto", cwd=pictures)
    assert "JPEG quality 71 as before" in result.stdout
    with Image.open(pictures / "b.jpg") as before, Image.open(pictures / "b_x2.jpg") as after:
        assert after.quantization == before.quantization
        assert read_settings(after) == read_settings(before)
    result = _run("a.png", "--quality=auto", "--ext=jpeg", cwd=pictures)
    with Image.open(pictures / "a_x2.jpeg") as after:
        assert read_settings(after).quality == 95


@pytest.mark.slow
def test_results_are_compared_in_one_picture_or_on_a_page(pictures):
    for arguments in (["--compare=split"], ["--compare", "--suffix=_sides"], ["--compare=html"]):
        result = _run("a.png", "--model=srcnn-9-5-5", *arguments, cwd=pictures)
        assert result.returncode == 0, result.stderr
    assert _size(pictures / "a_x2_compare.png") == (120, 80)
    assert _size(pictures / "a_sides.png") == (240, 80)
    page = (pictures / "a_x2_compare.html").read_text()
    assert page.count("data:image/png;base64,") == 2 and "srcnn-9-5-5" in page
    result = _run("a.png", "--restore", "--compare=html", "-o", "r.html", cwd=pictures)
    assert (pictures / "r.html").read_text().count("data:image/png;base64,") == 3
    result = _run("a.png", "--compare=html", "-o", "r.png", cwd=pictures)
    programs.assert_one_sentence(result, "r.png will be a page; end its name in .html.")


def test_self_ensemble_that_gains_nothing_is_left_out(pictures):
    result = _run("a.png", "--scale=3", "--model=srcnn-9-5-5", "--self_ensemble", cwd=pictures)
    assert "srcnn-9-5-5 for x3 gives a turned picture's result turned" in result.stderr


def test_flags_are_those_of_the_library():
    assert set(upscale_flags.EXTENSIONS) == {"auto", *(name[1:] for name in FORMATS)}
    containers = {".gif", *options.CONTAINERS}
    assert set(upscale_flags.CLIP_EXTENSIONS) == {name[1:] for name in containers}
    assert upscale_flags.STYLES == comparing.STYLES


def test_every_program_has_a_version(tmp_path):
    for program in ("upscale", "train", "figure"):
        done = programs.run(program, "--version", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, f"bin/{program} {srcnn_tf.__version__}\n")
    done = programs.run("upscale", "--help", cwd=tmp_path)
    assert done.returncode == 0 and "--[no]version" in done.stdout and "--max_side" in done.stdout


def test_other_tools_words_for_flags_are_understood(tmp_path):
    assert programs.run("upscale", "-h", cwd=tmp_path).returncode == 0
    for given, meant in (("--force", "--overwrite"), ("-j=4", "--jobs"), ("--scal=3", "--scale")):
        result = programs.run("upscale", "a.png", given, cwd=tmp_path)
        programs.assert_one_sentence(result, f"; did you mean {meant}? (--help lists the flags)")
    result = programs.run("upscale", "--compare", "split", "a.png", cwd=tmp_path)
    programs.assert_one_sentence(result, "write --compare=split, with the sign =.")


@pytest.mark.slow
def test_a_terminal_shows_how_far_a_big_picture_is(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (150, 200, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    done = subprocess.run(
        [*programs.command("upscale"), "a.png", "--device=cpu", "--scale=6"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=slave, env=programs.environment(),
    )  # fmt: skip
    os.close(slave)
    said = os.read(master, 1 << 16).decode()
    os.close(master)
    assert done.returncode == 0
    assert re.search(r"\d\d%\|.*0 of 1, a\.png: \d+% \[\d\d:\d\d<\d\d:\d\d\]", said), said
    assert "0 of 1, a.png: writing" in said


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interruption_keeps_what_is_done_and_says_how_much(tmp_path, jobs):
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "0.png")
    for number in range(1, 4):
        Image.fromarray(pixels).resize((3200, 2400)).save(tmp_path / f"{number}.png")
    process = subprocess.Popen(
        [*programs.command("upscale"), "*.png", "-o", "out", "--device=cpu", f"--jobs={jobs}"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=programs.environment(),
    )  # fmt: skip
    while "->" not in process.stdout.readline():
        assert process.poll() is None
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.splitlines() == [
        "bin/upscale: stopped by SIGINT; 1 of 4 done, which are kept; --skip_existing goes on from "
        "here."
    ]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["0_x2.png"]


@pytest.mark.parametrize(
    "arguments, hint",
    [
        ([""], "An empty name is no file or folder"),
        (["a.png", "--model="], "An empty name is no network"),
        (["a.png", "--strength=nan"], "--strength=nan: must be a finite number"),
        (["a.png", "--scale=inf"], "--scale=inf: must be a finite number"),
        (["a.png", "--megapixels=1e9"], "a.png: 60 x 40 pixels would become"),
        (["a" * 300 + ".png"], "is too long a name for a file"),
        (["a.png", "-o", "a" * 300 + ".png"], "is too long a name for a file"),
        (["a.png", "--model=" + "a" * 300], "aaa cannot be read (File name too long)"),
        (["a.png", "--codec=av1"], "--codec is for films, and there is none here"),
        (["a.png", "b.jpg", "--crf=20"], "--crf is for films, and there is none here"),
        (["a.png", "-o", "link.png"], "link.png exists; use --overwrite"),
    ],
)
def test_what_would_be_guessed_or_ignored_is_refused(pictures, arguments, hint):
    (pictures / "link.png").symlink_to("nowhere")
    before = sorted(pictures.iterdir())
    stub = programs.stub_tensorflow(pictures / "elsewhere")
    result = _run(*arguments, cwd=pictures, **stub)
    assert result.returncode == 1 and hint in result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert sorted(each for each in pictures.iterdir() if each.name != "elsewhere") == before
