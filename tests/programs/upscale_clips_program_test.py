"""bin/upscale with films and animated pictures, as a user runs it."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios

import clips
import programs
import pytest
from PIL import Image

pytest.importorskip(
    "av", reason='films are read by PyAV, which is not here; pip install "srcnn_tf[video]" has it'
)


def _run(*arguments, cwd, **changes):
    return programs.run("upscale", *arguments, "--model=slim-4x8", cwd=cwd, **changes)


@pytest.fixture
def folder(tmp_path):
    """A film, an animation and a picture."""
    clips.write(tmp_path / "a.mp4", clips.pictures(), sound="aac")
    first, *rest = (Image.fromarray(each) for each in clips.pictures(3))
    first.save(tmp_path / "b.gif", save_all=True, append_images=rest, duration=40)
    first.save(tmp_path / "c.png")
    (tmp_path / "d.webm").write_bytes(b"no film")
    return tmp_path


def test_a_folder_of_all_kinds(folder):
    result = _run(".", "-o", "out", "--scale=1.5", "--json_lines", cwd=folder)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    lines = {each["source"]: each for each in map(json.loads, result.stdout.splitlines())}
    film = lines["a.mp4"]
    assert film["clip"] == "6 frames, h264, sound copied" and film["frames"] == 6
    assert (film["output_width"], film["output_height"]) == (72, 48)
    assert film["target"] == "out/a_x1.5.mp4" and lines["b.gif"]["target"] == "out/b_x1.5.gif"
    assert "d.webm is damaged, cut short or no film" in lines["d.webm"]["reason"]
    assert result.stderr.splitlines()[-1].startswith("3 done, 0 skipped, 1 failed; ")
    assert sorted(each.name for each in (folder / "out").iterdir()) == [
        "a_x1.5.mp4", "b_x1.5.gif", "c_x1.5.png",
    ]  # fmt: skip


def test_the_plan_of_a_film(folder):
    result = _run("-i", "a.mp4", "b.gif", "--dry_run", "--height=100", "--ext=webm", cwd=folder)
    assert result.returncode == 0, result.stderr
    film, animation = result.stdout.splitlines()[1:3]
    assert film == (
        "a.mp4 -> a_100h.webm: 48 x 32 to 150 x 100 (x4, then to 100 high; 6 frames, vp9, sound "
        "encoded anew as opus (no aac in WEBM))"
    )
    assert animation.startswith("b.gif -> b_100h.gif: 48 x 32 to 150 x 100 (x4, then to 100 high; ")
    assert not (folder / "a_100h.webm").exists()


@pytest.mark.slow
def test_without_pyav_a_sentence_says_what_to_install(folder):
    (folder / "stub").mkdir()
    (folder / "stub" / "av.py").write_text("raise ImportError")
    without = {"PYTHONPATH": str(folder / "stub")}
    sentence = 'a.mp4 is a film, which needs PyAV: pip install "srcnn_tf[video]" brings it.'
    programs.assert_one_sentence(_run("a.mp4", cwd=folder, **without), sentence)
    result = _run(".", "-o", "out", cwd=folder, **without)
    assert result.returncode == 0, result.stderr
    assert (folder / "out" / "b_x2.gif").is_file()
    assert 'not read: 1 .mp4 (pip install "srcnn_tf[video]"), 1 .webm (pip' in result.stdout


@pytest.mark.slow
def test_what_exists_is_skipped(folder):
    (folder / "a_x2.mp4").touch()
    result = _run("a*.mp4", "--skip_existing", cwd=folder)
    assert result.returncode == 0 and "skipped a.mp4: a_x2.mp4 exists" in result.stdout
    result = _run("a.mp4", cwd=folder)
    programs.assert_one_sentence(result, "a_x2.mp4 exists; use --overwrite or --skip_existing.")


@pytest.mark.slow
def test_a_terminal_sees_frames_and_their_rate(folder):
    terminal, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
    process = subprocess.Popen(
        [*programs.command("upscale"), "a.mp4", "--model=slim-4x8"],
        cwd=folder, stdout=subprocess.PIPE, stderr=other, env=programs.environment(),
    )  # fmt: skip
    os.close(other)
    said = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        said += part
    assert process.wait(60) == 0
    process.stdout.close()
    assert b"a.mp4: 6 of 6 frames, " in said and b" a second" in said
