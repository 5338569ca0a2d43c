"""A closed or full standard output ends any program quietly or in one sentence."""

import os
import pathlib
import subprocess
import sys

import programs
import pytest
from PIL import Image

_PROGRAMS = ("benchmark", "data_service", "figure", "ship_weights", "train", "upscale")


def _pictures(folder, count=30):
    folder.mkdir()
    for number in range(count):
        Image.new("RGB", (8, 6), (number, 9, 9)).save(folder / f"{number:02}.png")


def _into_closed_pipe(program, *arguments, cwd, errors_too=False):
    """Runs a program whose output nobody reads; returns its status and what it said on error."""
    read, write = os.pipe()
    os.close(read)
    try:
        result = subprocess.run(
            programs.command(program, *arguments),
            stdout=write,
            stderr=write if errors_too else subprocess.PIPE,
            cwd=cwd,
            env=programs.environment(),
            timeout=100,
        )
    finally:
        os.close(write)
    return result.returncode, result.stderr or b""


@pytest.mark.parametrize("program", _PROGRAMS)
def test_help_into_a_closed_pipe_is_quiet(tmp_path, program):
    assert _into_closed_pipe(program, "--help", cwd=tmp_path) == (141, b"")


@pytest.mark.parametrize("flag", ["--help", "--helpshort"])
def test_help_that_was_asked_for_is_no_failure(tmp_path, flag):
    result = programs.run("upscale", flag, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "") and "--scale" in result.stdout


def test_a_reader_that_leaves_ends_work_quietly(tmp_path):
    _pictures(tmp_path / "in")
    arguments = "-i", "in", "-o", "out", "--device=cpu"
    assert _into_closed_pipe("upscale", *arguments, cwd=tmp_path) == (141, b"")
    assert not list(tmp_path.rglob("*.partial"))
    (tmp_path / "in" / "bad.png").write_text("no picture")
    assert _into_closed_pipe("upscale", *arguments, cwd=tmp_path, errors_too=True)[0] == 141


def test_lines_come_while_the_program_works(tmp_path):
    _pictures(tmp_path / "in", 1)
    arguments = programs.command("upscale", "-i", "in", "-o", "out", "--device=cpu")
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, cwd=tmp_path, env=programs.environment(), text=True
    ) as process:
        assert process.stdout.readline().startswith("enlarging by 2")
        process.kill()
    assert process.returncode == -9


def test_full_output_is_one_sentence(tmp_path):
    _pictures(tmp_path / "in", 1)
    with pathlib.Path("/dev/full").open("w") as full:
        result = subprocess.run(
            programs.command("upscale", "-i", "in", "-o", "out", "--device=cpu"),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=programs.environment(),
        )
    assert result.returncode == 1
    assert result.stderr == (
        "bin/upscale: standard output cannot be written (No space left on device).\n"
    )


@pytest.mark.parametrize("arguments", [[], ["upscale", "--help"]])
def test_the_package_as_a_program_does_likewise(tmp_path, arguments):
    with pathlib.Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "srcnn_tf", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=programs.environment(),
        )
    assert result.returncode == 1
    program = " ".join(["python -m srcnn_tf", *arguments[:1]])
    assert result.stderr == (
        f"{program}: standard output cannot be written (No space left on device).\n"
    )


def test_output_closed_from_the_start_hurts_nothing(tmp_path):
    _pictures(tmp_path / "in", 1)
    command = ["/bin/sh", "-c", '"$@" >&- 2>&-', "sh"]
    command += programs.command("upscale", "-i", "in", "-o", "out", "--device=cpu")
    result = subprocess.run(command, cwd=tmp_path, env=programs.environment())
    assert result.returncode == 0
    with Image.open(tmp_path / "out" / "00_x2.png") as picture:
        assert picture.size == (16, 12)


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_any_name_of_a_file_is_printed(tmp_path, locale):
    (tmp_path / "in").mkdir()
    for name in (b"\xff\xfe.png", "b\u00e9.png".encode()):
        with (tmp_path / "in" / os.fsdecode(name)).open("wb") as file:
            Image.new("L", (4, 4)).save(file, "PNG")
    variables = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    result = subprocess.run(
        programs.command("upscale", "-i", "in", "-o", "out", "--device=cpu"),
        capture_output=True,
        cwd=tmp_path,
        env=programs.environment(**variables),
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"2 done" in result.stdout and b"in/\xff\xfe.png" in result.stdout
