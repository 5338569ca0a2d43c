"""A film that is stopped half-way, or finds no room: a sentence says so, and nothing is left."""

import resource
import shutil
import signal
import subprocess
import time

import clips
import programs
import pytest

pytest.importorskip(
    "av", reason='films are read by PyAV, which is not here; pip install "srcnn_tf[video]" has it'
)


@pytest.mark.parametrize(("number", "jobs"), [(signal.SIGINT, 1), (signal.SIGTERM, 2)])
def test_an_interruption_ends_soon_and_leaves_no_half_film(tmp_path, number, jobs):
    clips.write(tmp_path / "a.mp4", clips.pictures(200, (160, 120)), sound="aac")
    shutil.copy(tmp_path / "a.mp4", tmp_path / "b.mp4")
    process = subprocess.Popen(
        [*programs.command("upscale"), ".", "-o", "out", "--scale=4", f"--jobs={jobs}"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=programs.environment(),
    )  # fmt: skip
    end = time.monotonic() + 60
    while not (list((tmp_path / "out").glob(".*")) if (tmp_path / "out").exists() else []):
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(number)
    begun = time.monotonic()
    _, errors = process.communicate(timeout=60)
    assert time.monotonic() - begun < 15
    assert process.returncode == 128 + number
    assert errors.splitlines() == [
        f"bin/upscale: stopped by {number.name}; 0 of 2 done, which are kept; --skip_existing goes "
        "on from here."
    ]
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_a_film_that_finds_no_room_is_a_sentence(tmp_path, name):
    clips.write(tmp_path / name, clips.pictures(20, (160, 120)), options={"crf": "1"})

    def limits():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    result = programs.run(
        "upscale", name, "--model=slim-4x8", "--crf=1", cwd=tmp_path, limits=limits
    )
    programs.assert_one_sentence(result, "_x2.m", "cannot be written by libx264 (File too large)")
    assert [each.name for each in tmp_path.iterdir()] == [name]
