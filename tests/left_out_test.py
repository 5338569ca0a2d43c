"""Every test run ends by saying which tests did not run, and why, in words for a user."""

import pathlib
import subprocess
import sys

_TESTS = """
import pytest

def test_plain():
    pass

def test_real(shared_data):
    pass

@pytest.mark.slow
def test_long():
    pass
"""


def _run(folder, *arguments):
    conftest = pathlib.Path(__file__).with_name("conftest.py")
    (folder / "conftest.py").write_text(conftest.read_text())
    (folder / "sample_test.py").write_text(_TESTS)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", ".", *arguments],
        cwd=folder,
        env={"SRCNN_TF_REFERENCE_DATA": str(folder / "none"), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout


def test_run_names_what_was_skipped_and_the_cure(tmp_path):
    said = _run(tmp_path)
    assert "1 skipped: the reference data" in said
    assert "let SRCNN_TF_REFERENCE_DATA name its folder" in said
    assert "2 passed, 1 skipped" in said


def test_run_names_what_was_not_selected(tmp_path):
    said = _run(tmp_path, "-m", "not slow and not reference_data")
    assert "1 not selected by this call: slow" in said
    assert "1 passed, 2 deselected" in said
