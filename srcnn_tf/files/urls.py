"""Addresses of the web, where the name of a file is wanted."""

import os
import re

# A path object has lost one of the slashes.
_URL = re.compile(r"(https?|ftp|s3|gs):/+(?=[^/])", re.IGNORECASE)


def problem(name: str | os.PathLike) -> str | None:
    """Returns a sentence if a name is a URL, which nothing here downloads; else None."""
    name = os.fspath(name)
    if not _URL.match(name):
        return None
    url = _URL.sub(r"\1://", name, count=1)
    return f"{url} is a URL; download it, and name the file."
