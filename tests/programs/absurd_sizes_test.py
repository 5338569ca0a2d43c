"""Sizes that no memory holds are refused up front, in one sentence with the estimate."""

import programs
import pytest


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--batch_size=100000000"], "training srcnn-9-5-5 on 100,000,000 crops of 64 x 64 needs"),
        (["--patch_size=1000000"], "on 16 crops of 1,000,000 x 1,000,000 needs at least about"),
        (
            ["--network=slim-99x999", "--patch_size=3000"],
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
