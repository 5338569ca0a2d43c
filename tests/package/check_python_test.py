"""`make` says in a sentence that a Python, or the environment of another one, cannot be used."""

import sys
import venv

import pytest
from check_python import complaint

_THIS = sys.version_info[:2]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / ".venv"
    venv.create(folder, with_pip=False, symlinks=True)
    (folder / "bin" / "pip").write_text(f"#!{folder}/bin/python3\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14)])
def test_pythons_that_are_not_admitted_are_named(tmp_path, version):
    assert f"Python 3.{version[1]}, and srcnn_tf needs 3.11" in complaint(tmp_path, version)


def test_no_environment_and_its_own_are_fine(tmp_path, environment):
    assert complaint(tmp_path / ".venv", _THIS) is None
    assert complaint(environment, _THIS) is None


def test_the_environment_of_another_python_is_named(environment):
    other = (3, 12) if _THIS != (3, 12) else (3, 13)
    assert "make clean" in complaint(environment, other)
    assert f"3.{_THIS[1]}, and this is 3.{other[1]};" in complaint(environment, other)


def test_an_environment_that_was_moved_is_named(environment):
    moved = environment.rename(environment.with_name("moved"))
    try:
        assert "was made elsewhere and moved" in complaint(moved, _THIS)
    finally:
        moved.rename(environment)


def test_a_python_that_is_gone_is_named(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "nowhere")
    assert "does not run" in complaint(tmp_path, _THIS)
