"""Whether this Python can be used, and whether the virtual environment is one of it; for `make`.

It runs on Pythons that the project does not admit, so it uses nothing that is new.
"""

import pathlib
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 13)


def complaint(environment, version):
    """Returns one sentence on what is wrong, or None.

    Args:
      environment: the folder of the virtual environment, which need not be there.
      version: (major, minor) of the Python that is to be used.
    """
    if not OLDEST <= version <= NEWEST:
        return (
            "This is Python {}.{}, and srcnn_tf needs 3.11, 3.12 or 3.13: make PYTHON=python3.12, "
            "or whatever yours is called.".format(*version)
        )
    scripts = pathlib.Path(environment) / "bin"
    if not scripts.is_dir():
        return None
    ask = "import sys; print('{}.{}'.format(*sys.version_info[:2]))"
    try:
        output = subprocess.check_output(
            [str(scripts / "python"), "-c", ask], stderr=subprocess.DEVNULL
        )
    except (OSError, subprocess.CalledProcessError):
        return f"{environment} holds a Python that does not run; remove it by: make clean"
    found = output.decode().strip()
    if found != "{}.{}".format(*version):
        return "{} is of Python {}, and this is {}.{}; remove it by: make clean".format(
            environment, found, *version
        )
    pip = scripts / "pip"
    first = pip.read_text().split("\n")[0] if pip.is_file() else ""
    # Commands begin with the path of their Python; a long one is wrapped by a shell.
    python = pathlib.Path(first[2:].strip())
    says_where = first.startswith("#!") and "python" in python.name
    if says_where and python.parent.resolve() != scripts.resolve():
        return f"{environment} was made elsewhere and moved; remove it by: make clean"
    return None


if __name__ == "__main__":
    sys.exit(complaint(sys.argv[1], sys.version_info[:2]))
