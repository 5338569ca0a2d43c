"""What is asked of clips and cannot be done is a sentence each, and nothing is written."""

import clips
import pytest
from PIL import Image

from srcnn_tf.files.image_files import ImageFileError
from srcnn_tf.upscaling import batch
from srcnn_tf.upscaling.inputs import plan_all
from srcnn_tf.upscaling.network_choice import enlargers_for
from srcnn_tf.upscaling.sizing import Sizing

pytest.importorskip(
    "av", reason='films are read by PyAV, which is not here; pip install "srcnn_tf[video]" has it'
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A film, an animation and a picture."""
    monkeypatch.chdir(tmp_path)
    clips.write(tmp_path / "a.mp4", clips.pictures(1))
    first, *rest = (Image.fromarray(each) for each in clips.pictures(3))
    first.save(tmp_path / "b.gif", save_all=True, append_images=rest, duration=40)
    first.save(tmp_path / "c.png")
    return tmp_path


@pytest.mark.parametrize(
    "source, output, extension, options, sentence",
    [
        ("a.mp4", None, "auto", {"compare": "sides"}, "a clip, and --compare is for pictures"),
        ("b.gif", None, "auto", {"restore": True}, "b.gif is a clip, and --restore is for"),
        ("a.mp4", "-", "auto", {}, "a.mp4 is a film, and needs a file to be written to"),
        ("b.gif", "-", "auto", {}, "b.gif is a clip; name a file for it by -o"),
        ("a.mp4", "x.png", "auto", {}, "x.png cannot hold a film; end its name in one of .mp4"),
        ("c.png", "x.mp4", "auto", {}, "x.mp4 would be a film, and c.png is none"),
        ("c.png", "x.gif", "auto", {}, "x.gif is of no format to write"),
        ("b.gif", None, "jpg", {}, "b_x2.jpg cannot hold an animation; use --ext=png or webp"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    folder, capsys, source, output, extension, options, sentence
):
    before = sorted(folder.iterdir())
    try:
        plan = plan_all([source], output, extension=extension)
    except ImageFileError as error:
        said = str(error)
    else:
        enlargers = enlargers_for("slim-4x8", Sizing(2))
        enlarger = enlargers.enlarger(2) if options.get("restore") else enlargers
        counts = batch.run(plan.jobs, enlarger, batch.BatchOptions(**options))
        assert counts.failed == 1
        said = capsys.readouterr().err
    assert sentence in said
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    "name, extension, target",
    [
        ("a.mp4", "auto", "a_x2.mp4"),
        ("a.mp4", "webm", "a_x2.webm"),
        ("a.mp4", "webp", "a_x2.mp4"),
        ("b.gif", "auto", "b_x2.gif"),
        ("b.gif", "mkv", "b_x2.gif"),
        ("b.gif", "webp", "b_x2.webp"),
        ("c.png", "gif", "c_x2.png"),
        ("c.png", "mov", "c_x2.png"),
    ],
)
def test_names_of_results(folder, name, extension, target):
    assert plan_all([name], extension=extension).jobs[0].target.name == target


def test_films_in_other_containers_become_mp4(folder):
    (folder / "a.mp4").rename(folder / "a.avi")
    assert plan_all(["a.avi"]).jobs[0].target.name == "a_x2.mp4"
    # TypeScript has the extension of transport streams.
    (folder / "code.ts").write_text("let x = 1")
    assert [each.source.name for each in plan_all(["."]).jobs] == ["a.avi", "b.gif", "c.png"]
