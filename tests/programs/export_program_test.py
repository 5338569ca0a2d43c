"""bin/export as a user runs it."""

import functools

import programs
import pytest

_run = functools.partial(programs.run, "export")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--format=onyx"], "Did you mean onnx?"),
        (["--format="], "must name at least one format"),
        (["--scale=5"], "should be one of"),
        (["--precision=float8"], "should be one of"),
        (["onnx"], "takes flags only"),
        (["--model=missing.safetensors"], "missing.safetensors"),
        (["--format=onnx", "--output=file"], "file"),
    ],
)
def test_a_wrong_call_is_one_sentence(tmp_path, arguments, complaint):
    stub = programs.stub_tensorflow(tmp_path)
    (tmp_path / "file").touch()
    before = sorted(tmp_path.iterdir())
    result = _run(*arguments, cwd=tmp_path, **stub)
    programs.assert_one_sentence(result, complaint)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.slow
def test_onnx_is_written_checked_and_explained_without_tensorflow(tmp_path):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    stub = programs.stub_tensorflow(tmp_path)
    result = _run("--model=srcnn-9-1-5", "--color", "--output=made", cwd=tmp_path, **stub)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert (tmp_path / "made" / "srcnn-9-1-5_x2_color.onnx").is_file()
    assert "picture uint8 (batch, height, width, 3)" in result.stdout
    assert "of values differ from upscale's" in result.stdout
    assert 'onnxruntime.InferenceSession("made/srcnn-9-1-5_x2_color.onnx")' in result.stdout
    again = _run("--model=srcnn-9-1-5", "--color", "--output=made", cwd=tmp_path, **stub)
    programs.assert_one_sentence(again, "exists", "--overwrite")
