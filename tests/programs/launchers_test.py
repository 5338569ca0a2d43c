"""A launcher in bin/ that is run by a Python without the package says what to do."""

import subprocess
import sys

import programs
import pytest


@pytest.mark.parametrize(
    "path", sorted((programs.CHECKOUT / "bin").iterdir()), ids=lambda p: p.name
)
def test_a_python_without_the_package_is_told_what_to_do(path, tmp_path):
    done = subprocess.run(
        # Without the site's packages, as in an environment where nothing was installed.
        [sys.executable, "-I", "-S", str(path), "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"bin/{path.name}: this Python has no ")
    assert "source .venv/bin/activate" in done.stderr and done.stderr.count("\n") == 1
