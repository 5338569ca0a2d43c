"""A file system that really is full, and one that is read-only, under every program that writes.

Each is a small tmpfs, which only root may mount; elsewhere these tests skip, and those of
`full_disk_test.py`, which need no privileges, remain.
"""

import re
import subprocess

import faults_build
import faults_kill
import numpy as np
import programs
import pytest
from PIL import Image

from srcnn_tf.training import checkpoints

_DONE = {"signal": None, "status": 0}
_REFUSED = {"signal": None, "status": 1}


@pytest.fixture
def disk(tmp_path):
    """A file system of 64 kB, mounted at `<tmp_path>/disk`."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _shell(script, folder):
    """Returns a line of a plan: what `script` does in `folder`."""
    arguments = ["-c", f"cd '{folder}' && {script}"]
    return {"program": "/bin/sh", "arguments": arguments}


def _remounted(folder, options):
    # From outside the folder, which would otherwise be in use.
    return _shell(f"mount -o remount,{options} '{folder}'", "/")


def _train(arguments):
    return {"program": "train", "arguments": arguments}


def _tfds(arguments):
    return {"program": "tfds", "arguments": arguments}


def _files(folder):
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_training_resumes_once_there_is_room(tmp_path, disk):
    faults_kill.write_photos(tmp_path / "photos")
    training = faults_kill.training(tmp_path, "disk", 20)
    full = "head -c 9m /dev/zero >filler 2>/dev/null"
    plan = [
        _remounted(disk, "size=1m"),
        _train([*training, "--stop_after=10"]),
        _shell(f"{full}; test -s filler", disk),
        _train(training),
        # Enough for log lines and weights, not for a checkpoint.
        _shell("truncate -s -100K filler && cp -r checkpoints ../kept", disk),
        _train(training),
        _shell("rm filler && diff -r checkpoints ../kept", disk),
        _remounted(disk, "ro"),
        _train(training),
        _remounted(disk, "rw"),
        _train(training),
        _train(faults_kill.training(tmp_path, "whole", 20)),
    ]
    ends = faults_kill.carry_out(tmp_path, plan)
    said = (tmp_path / "said.log").read_text()
    refused = [number for number, end in enumerate(ends) if end != _DONE]
    assert refused == [3, 5, 8] and all(ends[number] == _REFUSED for number in refused), said
    assert "Traceback" not in said
    reasons = [r"No space left on device"] * 2 + ["Read-only file system"]
    sentences = [line for line in said.splitlines() if line.startswith("bin/train: ")]
    for sentence, reason in zip(sentences, reasons, strict=True):
        assert re.search(rf"{disk}\S* cannot be written \({reason}\); .* intact", sentence), said
    assert checkpoints.restore(tmp_path / "kept")[0] == 10
    assert faults_kill.differences(tmp_path / "whole", disk) == []
    assert not list(disk.rglob("*.partial"))


def test_build_succeeds_once_there_is_room(tmp_path, disk):
    faults_kill.write_photos(tmp_path / "photos")
    build = faults_build.building(tmp_path, "disk")
    plan = [
        _tfds(build),
        _tfds([*build, "--beam_pipeline_options=runner=FnApiRunner"]),
        # bin/train builds what it needs itself.
        _train([*faults_kill.training(tmp_path, "run", 2), f"--data_dir={disk}"]),
        _shell("! find . -name '*tfrecord*' -o -name 'incomplete*' | grep .", disk),
        _remounted(disk, "ro"),
        _tfds(build),
        _remounted(disk, "rw,size=1m"),
        _tfds(build),
        _remounted(disk, "ro"),
        _tfds(build),  # Nothing is to be written.
        _tfds(faults_build.building(tmp_path, "whole")),
    ]
    ends = faults_kill.carry_out(tmp_path, plan)
    said = (tmp_path / "said.log").read_text()
    refused = [number for number, end in enumerate(ends) if end != _DONE]
    assert refused == [0, 1, 2, 5] and all(ends[number] == _REFUSED for number in refused), said
    assert "Traceback" not in said
    sentences = re.findall(
        rf"(tfds|bin/train): image_folder/x2/1\.1\.0 cannot be written to {disk}\S*"
        r" \((.*)\); make room",
        said,
    )
    assert [program for program, _ in sentences] == ["tfds", "tfds", "bin/train", "tfds"]
    assert all("No space left on device" in reason for _, reason in sentences[:3])
    assert "Read-only file system" in sentences[3][1]
    assert faults_build.records(disk) == faults_build.records(tmp_path / "whole")


@pytest.mark.parametrize("state", ["full", "ro"])
def test_upscale_leaves_no_partial_picture(tmp_path, disk, state):
    pixels = np.random.default_rng(0).integers(0, 256, (120, 120, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    if state == "ro":
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    result = programs.run(
        "upscale", "-i", "photo.png", "-o", "disk/out.png", "--device=cpu", cwd=tmp_path
    )
    reason = "No space left on device" if state == "full" else "Read-only file system"
    programs.assert_one_sentence(result, "disk/out.png cannot be written", reason)
    assert _files(disk) == set()
