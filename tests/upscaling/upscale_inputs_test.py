"""What a command line names: several files and folders, patterns, results of earlier calls."""

import pytest
from PIL import Image

from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.upscaling.inputs import plan_all


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.png", "b.jpg", "in/c.png", "in/deep/d.webp", "other/c.png", "[e].png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (3, 2)).save(path)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "in" / "x.cr2").write_bytes(b"raw")


def _targets(*sources, output=None, **options):
    plan = plan_all(sources, output, **options)
    assert not any(job.problem for job in plan.jobs), plan.jobs
    return [job.target.as_posix() for job in plan.jobs]


def test_files_and_folders_mixed(tmp_path):
    assert _targets("a.png", "b.jpg") == ["a_x2.png", "b_x2.jpg"]
    assert _targets("a.png", "in", "b.jpg") == [
        "a_x2.png", f"{tmp_path}/in_x2/c_x2.png", "b_x2.jpg"
    ]  # fmt: skip
    # A folder keeps a folder of its name, so that those of several do not meet.
    assert _targets("in", "other", "a.png", output="out", recursive=True, suffix="") == [
        "out/in/c.png", "out/in/deep/d.webp", "out/other/c.png", "out/a.png"
    ]  # fmt: skip
    assert _targets("in", output="out") == ["out/c_x2.png"]


def test_a_name_that_is_too_long_stops_no_other():
    for name in ("a" * 300, "*" + "a" * 300):
        plan = plan_all(["a.png", name])
        assert [bool(job.problem) for job in plan.jobs] == [True, False]
    with pytest.raises(ImageFileError, match="too long a name"):
        plan_all(["a.png"], "a" * 300)


def test_each_picture_once():
    assert _targets("a.png", "./a.png", "*.png") == ["a_x2.png", "[e]_x2.png"]
    assert _targets("in", "in/c.png", output="out") == ["out/in/c_x2.png"]


def test_patterns_that_no_shell_has_expanded():
    assert _targets("*.png", output="out") == ["out/[e]_x2.png", "out/a_x2.png"]
    assert _targets("**/*.webp") == ["in/deep/d_x2.webp"]
    # A name that only looks like one.
    assert _targets("[e].png") == ["[e]_x2.png"]
    plan = plan_all(["*"], "out")
    assert "1 that is no picture" in plan.left_out and "1 .cr2 (develop them" in plan.left_out
    assert _targets("a*", output="big.webp") == ["big.webp"]


def test_results_of_an_earlier_call_are_not_enlarged_again(tmp_path):
    for name in ("a_x2.png", "b_x2.jpg"):
        Image.new("L", (3, 2)).save(tmp_path / name)
    plan = plan_all(["a.png", "a_x2.png", "b.jpg", "b_x2.jpg"])
    assert [job.source.name for job in plan.jobs] == ["a.png", "b.jpg"]
    assert plan.left_out == "2 whose names end in _x2, as results do"
    # Alone, it is meant.
    assert _targets("a_x2.png") == ["a_x2_x2.png"]


def test_what_is_missing_stops_no_other():
    plan = plan_all(["a.png", "gone.png", "*.tif"])
    problems = {str(job.source): job.problem for job in plan.jobs}
    assert problems["a.png"] == ""
    assert problems["gone.png"] == "gone.png does not exist; check the name."
    assert problems["*.tif"].startswith("no file matches *.tif")


def test_one_name_for_two_results_stops_no_other():
    plan = plan_all(["in/c.png", "other/c.png", "a.png"], "out")
    assert [bool(job.problem) for job in plan.jobs] == [False, True, False]
    assert "would both become out/c_x2.png" in plan.jobs[1].problem


@pytest.mark.parametrize(
    "sources, output, complaint",
    [
        (["*.tif"], None, "no file matches"),
        (["gone.png"], None, "does not exist"),
        (["a.png", "b.jpg"], "big.png", "big.png would be one file, and there are 2 pictures"),
        (["a.png", "b.jpg"], "notes.txt", "notes.txt would be one file"),
        (["-", "a.png"], None, "name it alone"),
        (["a.png", "b.jpg"], "-", "name one file"),
        (["in"], "-", "name one file"),
        (["*.txt"], None, r"no picture to enlarge in \*.txt \(not read: 1 that is no picture"),
    ],
)
def test_what_is_unclear_is_refused(sources, output, complaint):
    with pytest.raises(ImageFileError, match=complaint):
        plan_all(sources, output)
