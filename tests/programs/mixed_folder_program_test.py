"""A folder as people have it: forty files of all kinds, and what bin/upscale says of each."""

import json

import mixed_folder
import programs
import pytest
from PIL import Image

# What becomes of the files that are pictures; all others of them are done.
_FAILED = {
    "broken link.jpg": "is a link to nowhere.jpg, which does not exist",
    "cut short.jpg": "is damaged or cut short",
    "empty.jpg": "is empty (0 bytes)",
    "fax.tiff": "holds 2 pages or frames",
    "huge.png": "unpacks to more than 178,956,970 pixels",
    "measured.tif": "has 32-bit floating-point pixels",
    "sent by phone.jpg": 'is HEIC or HEIF, which needs a package: pip install "srcnn_tf[heif]"',
}
_NOT_READ = (
    'not read: 1 .heic (pip install "srcnn_tf[heif]"), 1 .mov (pip install '
    '"srcnn_tf[video]"), 1 .nef '
    "(develop them into TIFF or PNG with a raw converter), 1 .svg (save them as PNG in the size "
    "you want), 2 that are no picture"
)


@pytest.fixture
def folder(tmp_path):
    names = mixed_folder.write(tmp_path / "in")
    assert len(names) >= 40
    stub = tmp_path / "stub"
    stub.mkdir()
    for name in ("pillow_heif", "av"):
        (stub / f"{name}.py").write_text("raise ImportError")
    return tmp_path


@pytest.mark.slow
def test_every_file_is_done_named_or_counted(folder):
    result = programs.run(
        "upscale", "in", "-o", "out", "--recursive", "--device=cpu", "--json_lines", "--jobs=2",
        cwd=folder, PYTHONPATH=str(folder / "stub"),
    )  # fmt: skip
    assert result.returncode == 1
    assert "Traceback" not in result.stderr and "Warning" not in result.stderr
    found = {}
    for line in map(json.loads, result.stdout.splitlines()):
        found.setdefault(line["status"], {})[line["source"].removeprefix("in/")] = line
    assert {name: True for name in _FAILED} == {
        name: _FAILED[name] in line["reason"] for name, line in found["failed"].items()
    }
    assert len(found["done"]) == 30 and "below/deep.jpg" in found["done"]
    for line in found["done"].values():
        with Image.open(folder / line["target"]) as image:
            assert image.size == (line["output_width"], line["output_height"])
            assert image.size == (2 * line["input_width"], 2 * line["input_height"])
    *remarks, counts, not_read = result.stderr.splitlines()[1:]
    assert sorted(remarks) == [
        "in/icon.ico: its smaller size: not enlarged, and not kept",
        "in/two views.jpg: its second picture: not enlarged, and not kept",
    ]
    assert counts.startswith("30 done, 0 skipped, 7 failed; ")
    assert not_read == _NOT_READ
    assert len(list((folder / "out").rglob("*.*"))) == 30


def test_its_plan_is_what_is_done(folder):
    plan = programs.run(
        "upscale", "in/*", "-o", "out", "--max_side=60", "--dry_run", "--json_lines",
        cwd=folder, PYTHONPATH=str(folder / "stub"),
    )  # fmt: skip
    lines = [json.loads(line) for line in plan.stdout.splitlines()]
    planned = {line["target"]: line for line in lines if line["status"] == "planned"}
    assert len(planned) == 30 and not (folder / "out").exists()
    assert {max(line["output_width"], line["output_height"]) for line in planned.values()} == {60}
