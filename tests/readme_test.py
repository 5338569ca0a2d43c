"""Python in README and the packages' pages runs as it stands, and links lead somewhere."""

import pathlib
import re
import subprocess
import sys

import clips
import programs
import pytest
from PIL import Image

from srcnn_tf.data import catalog

_PAGES = [
    path
    for pattern in (
        "*.md",
        ".github/*.md",
        "srcnn_tf/**/*.md",
        "tests/**/*.md",
        "tfds_builders/**/*.md",
    )
    for path in sorted(programs.CHECKOUT.glob(pattern))
]
_SNIPPETS = [
    snippet
    for page in _PAGES
    for snippet in re.findall(
        r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
]


def _title(snippet):
    """The first line that says what it is about."""
    return next(line for line in snippet.splitlines() if line and "import" not in line)[:30]


def test_pages_have_snippets():
    assert len(_SNIPPETS) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("snippet", _SNIPPETS, ids=_title)
def test_snippet_runs(tmp_path, photo, snippet):
    Image.fromarray(photo).save(tmp_path / "photo.jpg")
    if "clip.mp4" in snippet:
        pytest.importorskip("av", reason='films need PyAV: pip install "srcnn_tf[video]"')
        clips.write(tmp_path / "clip.mp4", clips.pictures())
    result = subprocess.run(
        [sys.executable, "-c", snippet],
        cwd=tmp_path,
        env=programs.environment(HOME=str(tmp_path), TFDS_DATA_DIR=str(tmp_path / "datasets")),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.slow
def test_pairing_of_planes_is_as_readme_says(tmp_path):
    """Both are 1.0 for white, so that the two differ little."""
    snippet = next(snippet for snippet in _SNIPPETS if "tfds.load" in snippet)
    check = "\nimport numpy as np\nprint(np.abs(np.asarray(x) - np.asarray(y)).mean())"
    result = subprocess.run(
        [sys.executable, "-c", snippet + check],
        env=programs.environment(HOME=str(tmp_path), TFDS_DATA_DIR=str(tmp_path / "datasets")),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    assert float(result.stdout.splitlines()[-1]) < 0.1


@pytest.mark.parametrize("page", _PAGES, ids=lambda path: str(path.relative_to(programs.CHECKOUT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:|#", target):
            assert (page.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("page", _PAGES, ids=lambda path: str(path.relative_to(programs.CHECKOUT)))
def test_files_named_in_pages_exist(page):
    """Whole paths in backticks that begin at the top of the repository."""
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:srcnn_tf|tests|tfds_builders|bin|\.github)/[\w./-]+)`", text):
        assert pathlib.Path(programs.CHECKOUT, name).exists(), name


@pytest.mark.parametrize("page", _PAGES, ids=lambda path: str(path.relative_to(programs.CHECKOUT)))
def test_pages_stay_short(page):
    """The map fits on a few screens, and so does what each package says of itself."""
    limits = {programs.CHECKOUT / "README.md": 320, programs.CHECKOUT / "BUILD_NOTES.md": 200}
    if page.name in ("README.md", "BUILD_NOTES.md"):
        lines = page.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= limits.get(page, 80)


def test_readme_lists_the_datasets_of_the_catalog():
    text = (programs.CHECKOUT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\d, ]+|any) \| ([\w, ]+) \| (.*) \|$", text, re.MULTILINE)
    assert {
        name: (pictures, roles, description) for name, pictures, roles, description in rows
    } == {
        name: (
            ", ".join(map(str, dataset.splits.values())) or "any",
            ", ".join(sorted(dataset.roles, reverse=True)),
            dataset.description,
        )
        for name, dataset in catalog.DATASETS.items()
    }
