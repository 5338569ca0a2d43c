"""Killed programs resume, and end with the same results as programs that were never killed.

A few of the kills of `tests/robustness/faults_kill.py`, at the worst spots.
"""

import re
import signal

import faults_build
import faults_kill
import numpy as np
from PIL import Image

from srcnn_tf.networks.families.family import find_architecture
from srcnn_tf.networks.initialization import draw_arrays
from srcnn_tf.networks.weight_files import save_weights
from srcnn_tf.networks.weights_info import WeightsInfo

_KILLED = {"signal": signal.SIGKILL, "status": None}
_DONE = {"signal": None, "status": 0}


def _step(program, arguments, spot=None, number=1):
    return {"program": program, "arguments": arguments, "spot": spot, "number": number}


def test_run_killed_repeatedly_ends_the_same(tmp_path):
    faults_kill.write_photos(tmp_path / "photos")
    whole, killed = (faults_kill.training(tmp_path, name, 30) for name in ("whole", "killed"))
    spots = [("example", 3), ("half-written", 4), ("evaluation", 2), ("before rename", 3)]
    plan = [_step("train", whole), *(_step("train", killed, *spot) for spot in spots)]
    ends = faults_kill.carry_out(tmp_path, [*plan, _step("train", killed)])
    said = (tmp_path / "said.log").read_text()
    assert ends == [_DONE, *[_KILLED] * len(spots), _DONE], said
    assert faults_kill.differences(tmp_path / "whole", tmp_path / "killed") == []


def test_second_run_in_a_folder_is_told_which_process_has_it(tmp_path):
    faults_kill.write_photos(tmp_path / "photos")
    arguments = faults_kill.training(tmp_path, "run", 20)
    lock = tmp_path / "run" / ".lock"
    begun = f"until test -s {lock}; do sleep 0.1; done; cp {lock} {tmp_path}"
    plan = [
        {**_step("train", arguments, "evaluation"), "pause": 5, "behind": True},
        _step("/bin/sh", ["-c", begun]),
        _step("train", arguments),
    ]
    ends = faults_kill.carry_out(tmp_path, plan)
    said = (tmp_path / "said.log").read_text()
    assert ends == [_DONE, _DONE, {"signal": None, "status": 1}], said
    holder = (tmp_path / ".lock").read_text().strip()
    assert f"bin/train: {tmp_path / 'run'} is in use by process {holder}; wait for it" in said
    assert "Traceback" not in said


def test_build_killed_repeatedly_gives_the_same_records(tmp_path):
    """Each kill shows that the leftovers of the one before were not taken for a dataset."""
    faults_kill.write_photos(tmp_path / "photos")
    whole, killed = (faults_build.building(tmp_path, name) for name in ("whole", "killed"))
    on_beam = [*killed, "--beam_pipeline_options=runner=FnApiRunner"]
    plan = [_step("tfds", whole), _step("tfds", killed, "example", 3)]
    plan += [_step("tfds", killed, "record", 2), _step("tfds", on_beam, "record", 5)]
    plan += [_step("tfds", killed, "folder"), _step("tfds", killed)]
    ends = faults_kill.carry_out(tmp_path, plan)
    said = (tmp_path / "said.log").read_text()
    assert ends == [_DONE, *[_KILLED] * 4, _DONE], said
    assert faults_build.records(tmp_path / "killed") == faults_build.records(tmp_path / "whole")
    assert faults_build.leftovers(tmp_path / "killed") == []


def test_second_build_waits_and_says_so(tmp_path):
    faults_kill.write_photos(tmp_path / "photos")
    arguments = faults_build.building(tmp_path, "both")
    begun = f"until ls -d {tmp_path}/both/image_folder/x2/incomplete.*; do sleep 0.1; done"
    plan = [
        {**_step("tfds", arguments, "example", 3), "pause": 2, "behind": True},
        _step("/bin/sh", ["-c", begun]),
        _step("tfds", arguments),
        _step("tfds", faults_build.building(tmp_path, "one")),
    ]
    ends = faults_kill.carry_out(tmp_path, plan)
    said = (tmp_path / "said.log").read_text()
    assert ends == [_DONE] * 4, said
    assert re.search(r"image_folder/x2/1\.1\.0 is being built by process \d+; waiting for it", said)
    assert faults_build.records(tmp_path / "both") == faults_build.records(tmp_path / "one")
    assert faults_build.leftovers(tmp_path / "both") == []


def test_killed_upscale_leaves_no_partial_picture(tmp_path):
    source = faults_kill.write_photos(tmp_path / "photos", 2)
    arrays = draw_arrays(find_architecture("srcnn-9-1-5"), "identity", seed=0)
    save_weights(tmp_path / "n.safetensors", arrays, WeightsInfo("srcnn-9-1-5", 2, "none", 0))
    arguments = ["-i", source, "--skip_existing", f"--model={tmp_path / 'n.safetensors'}"]
    arguments = [str(argument) for argument in [*arguments, "--device=cpu", "-o"]]
    out, whole = tmp_path / "out", tmp_path / "whole"
    steps = [
        _step("upscale", [*arguments, str(out)], "half-written", 2),
        _step("upscale", [*arguments, str(whole)]),
    ]
    assert faults_kill.carry_out(tmp_path, steps) == [_KILLED, _DONE]
    assert [path.name for path in out.glob("[!.]*")] == ["0_x2.png"]

    assert faults_kill.carry_out(tmp_path, [_step("upscale", [*arguments, str(out)])]) == [_DONE]
    assert {path.name for path in out.iterdir()} == {"0_x2.png", "1_x2.png"}
    for path in out.iterdir():
        one, other = (np.asarray(Image.open(folder / path.name)) for folder in (out, whole))
        np.testing.assert_array_equal(one, other)
