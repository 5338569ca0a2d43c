"""Where a report goes: whether a folder can take it (no TensorFlow)."""

import os
import pathlib

PAGE = "index.html"
# What a page of ours says of itself, so that no other page is overwritten.
MARK = '<meta name="generator" content="srcnn_tf">'


def obstacle(folder: str | os.PathLike) -> str | None:
    """Says in a clause why a report cannot go into a folder; None if it can."""
    folder = pathlib.Path(folder)
    try:
        import jinja2  # noqa: F401
    except ImportError:
        return 'jinja2 is not installed; pip install "srcnn_tf[plots]" brings it'
    if folder.exists() and not folder.is_dir():
        return f"{folder} is a file; name a folder"
    page = folder / PAGE
    if page.is_file() and MARK not in page.read_text(encoding="utf-8", errors="replace")[:2000]:
        return f"{page} is no report of srcnn_tf and would be overwritten; name another folder"
    return None
