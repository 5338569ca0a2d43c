"""What a program writes replaces none of its inputs, and no weight file."""

import pathlib

import benchmark_data
import programs
import pytest

from srcnn_tf.programs.output_files import check_outputs


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    for name in ("a.png", "photos/b.png", "net.safetensors", "photos/config.json", "old.json"):
        (tmp_path / name).write_bytes(b"kept")
    (tmp_path / "link.json").symlink_to("net.safetensors")
    return tmp_path


@pytest.mark.parametrize(
    "outputs, inputs, hint",
    [
        (["a.png"], ["a.png"], "a.png is read, and would be replaced"),
        (["photos/../a.png"], ["a.png"], "is read, and would be replaced"),
        (["photos/b.png"], ["photos"], "b.png is read, and would be replaced"),
        (["photos/config.json"], ["photos"], "config.json is read, and would be replaced"),
        (["net.safetensors"], [], "net.safetensors is a weight file and would be replaced"),
        (["link.json"], [], "link.json is a weight file and would be replaced"),
        (["new.json", "photos/../new.json"], [], "would be written twice"),
    ],
)
def test_inputs_and_weights_are_refused(files, outputs, inputs, hint):
    with pytest.raises(ValueError, match=hint):
        check_outputs(outputs, inputs)


def test_other_files_may_be_replaced(files):
    check_outputs([None, "old.json", "photos/new.png"], ["a.png", "photos", "not there"])


@pytest.mark.parametrize(
    "program, arguments",
    [
        ("figure", ["a.png", "--output=a.png"]),
        ("figure", ["a.png", "--photos", "--output=./a.png"]),
        ("figure", ["a.png", "--maps", "--output=a.png"]),
        ("benchmark", ["--weights=w.safetensors", "--json=w.safetensors"]),
        ("benchmark", ["--weights=A=w.safetensors", "--datasets=photos", "--csv=photos/b.png"]),
        ("benchmark", ["--list", "--json=w.safetensors"]),
    ],
)
def test_programs_end_before_they_replace_an_input(files, program, arguments):
    benchmark_data.write_weights(files / "w.safetensors", 3)
    before = {each: each.read_bytes() for each in files.rglob("*") if each.is_file()}
    stub = programs.stub_tensorflow(files)
    result = programs.run(program, *arguments, cwd=files, **stub)
    programs.assert_one_sentence(result, "would be replaced", pathlib.Path(arguments[-1]).name[-5:])
    assert all(path.read_bytes() == content for path, content in before.items())
