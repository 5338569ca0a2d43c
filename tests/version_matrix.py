"""Runs the tests on several Pythons, with the oldest and with the newest packages admitted.

python tests/version_matrix.py --pythons=3.11,3.12,3.13 --packages=lowest,newest --keep=matrix

For each combination it makes a virtual environment, installs a copy of the tracked files into it
with the extras `all` and `test`, and runs the copy's tests. `lowest` turns every `>=` of
requirements.txt into `==`; `newest` is what pip chooses without that. What follows `--` goes to
pytest. Not collected by pytest. Prints a table, and exits with 1 if anything failed or an
interpreter is missing.
"""

import argparse
import importlib.metadata
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

_CHECKOUT = pathlib.Path(__file__).resolve().parents[1]
_SHOWN = ("tensorflow", "keras", "tensorflow-datasets", "numpy", "pillow")


def lower_bounds(requirements: str) -> str:
    """Returns pip constraints that allow only the lowest version of each requirement.

    Raises:
      ValueError: a line has no lower bound.
    """
    bounds = []
    for line in requirements.splitlines():
        line = line.partition("#")[0].strip()
        if line:
            match = re.fullmatch(r"([\w.-]+)>=([\w.]+)(,.*)?", line)
            if match is None:
                raise ValueError(f"requirements.txt: {line!r} does not begin with a lower bound.")
            bounds.append(f"{match[1]}=={match[2]}\n")
    return "".join(bounds)


def copy_tracked(target: pathlib.Path) -> None:
    """Copies what git knows of, as it is in the working tree, to a new folder."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=_CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        file = _CHECKOUT / name
        if file.is_file():  # Files that are removed but not yet committed are listed, too.
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target / name)


def run_one(python: str, packages: str, folder: pathlib.Path, pytest_flags: list[str]) -> str:
    """Installs and tests one combination in `folder`; returns how it ended, in words."""
    source, venv = folder / "source", folder / "venv"
    if source.exists():
        shutil.rmtree(source)
    copy_tracked(source)
    interpreter = venv / "bin" / "python"
    if not (venv / "installed").exists():
        if _run([f"python{python}", "-m", "venv", "--clear", venv], folder):
            return f"there is no python{python}"
        install = [interpreter, "-m", "pip", "install", "--quiet"]
        install += ["--editable", f"{source}[all,test]"]
        if packages == "lowest":
            bounds = folder / "lowest.txt"
            bounds.write_text(lower_bounds((source / "requirements.txt").read_text()))
            install += ["--constraint", bounds]
        if _run(install, folder):
            return "cannot be installed"
        (venv / "installed").touch()
    begin = time.monotonic()
    failed = _run([interpreter, "-m", "pytest", *pytest_flags], source)
    minutes = (time.monotonic() - begin) / 60
    return f"{'failed' if failed else 'passed'} in {minutes:.1f} min; {_versions(venv)}"


def _run(command, cwd) -> int:
    """Runs to the end, showing the output; returns the exit status, 127 if it does not exist."""
    print("$", *command, flush=True)
    try:
        return subprocess.run([str(part) for part in command], cwd=cwd).returncode
    except FileNotFoundError:
        return 127


def _versions(venv):
    packages = [str(path) for path in venv.glob("lib/python*/site-packages")]
    found = {
        each.metadata["Name"].lower(): each.version
        for each in importlib.metadata.distributions(path=packages)
    }
    return ", ".join(f"{name} {found.get(name)}" for name in _SHOWN)


def main():
    """Reads the command line, runs all combinations, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pythons", default="3.11,3.12,3.13")
    parser.add_argument("--packages", default="lowest,newest")
    parser.add_argument("--keep", type=pathlib.Path, help="folder of the environments, used again")
    parser.add_argument("pytest_flags", nargs="*")
    options = parser.parse_args()
    outcomes = {}
    with tempfile.TemporaryDirectory() as temporary:
        for python in options.pythons.split(","):
            for packages in options.packages.split(","):
                folder = (options.keep or pathlib.Path(temporary)).absolute()
                folder /= f"{python}-{packages}"
                folder.mkdir(parents=True, exist_ok=True)
                outcome = run_one(python, packages, folder, options.pytest_flags)
                outcomes[f"Python {python}, {packages}"] = outcome
    for combination, outcome in outcomes.items():
        print(f"{combination}: {outcome}")
    sys.exit(0 if all(outcome.startswith("passed") for outcome in outcomes.values()) else 1)


if __name__ == "__main__":
    main()
