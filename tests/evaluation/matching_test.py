"""Results of other programs are found by the names that programs give."""

import pytest

from srcnn_tf.evaluation.matching import MatchingError, match_files

_SET = ("baby_GT.bmp", "bird_GT.bmp")


def _fill(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


@pytest.mark.parametrize(
    "pattern",
    [
        "{}.png",
        "{}_GT.png",
        "{}_x3.png",
        "{}x3.png",
        "x3_{}.png",
        "{}_SRCNN.png",
        "{}-x3-SRCNN-gray.bmp",
        "{}_SRF_3_HR.png",
        "SR_{}_3x.png",
        "x3/{}.png",
        "Set5/{}.png",
        "set5/X3/{}.png",
        "X3/Set5/{}_x3.png",
    ],
)
def test_usual_names_are_understood(tmp_path, pattern):
    expected = {name: pattern.format(name[:4]) for name in _SET}
    _fill(tmp_path, *expected.values(), "notes.txt")
    found = match_files(_SET, tmp_path, "set5", 3)
    assert {name: str(path.relative_to(tmp_path)) for name, path in found.items()} == expected


def test_other_scales_and_other_pictures_are_passed_over(tmp_path):
    for scale in (2, 3):
        _fill(tmp_path, f"baby_x{scale}.png", f"bird_x{scale}.png", f"x{scale}_bird.png")
    (tmp_path / "x3_bird.png").unlink()
    _fill(tmp_path, "babyface.png")
    found = match_files(_SET, tmp_path, "set5", 3)
    assert [path.name for path in found.values()] == ["baby_x3.png", "bird_x3.png"]


def test_the_longer_of_two_names_owns_a_file(tmp_path):
    _fill(tmp_path, "img_1_sr.png", "img_1_b_sr.png")
    found = match_files(("img_1.png", "img_1_b.png"), tmp_path, "own", 2)
    assert [path.name for path in found.values()] == ["img_1_sr.png", "img_1_b_sr.png"]


def test_the_plain_name_wins(tmp_path):
    _fill(tmp_path, "baby.png", "baby_bicubic.png", "bird.png")
    assert match_files(_SET, tmp_path, "set5", 2)["baby_GT.bmp"].name == "baby.png"


def test_none_is_no_error_and_some_are_one(tmp_path):
    assert match_files(_SET, tmp_path, "set5", 3) == {}
    _fill(tmp_path, "baby_x3.png")
    with pytest.raises(MatchingError, match=r"no picture for bird_GT.bmp of set5 x3; add it"):
        match_files(_SET, tmp_path, "set5", 3)
    _fill(tmp_path, "bird_a.png", "bird_b.png")
    with pytest.raises(MatchingError, match=r"several pictures for bird_GT.bmp: bird_a.png, "):
        match_files(_SET, tmp_path, "set5", 3)
