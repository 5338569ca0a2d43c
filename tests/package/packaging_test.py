"""What is installed with which extra, and what is there without any."""

import importlib.metadata
import os
import pathlib
import re
import subprocess
import sys
import tomllib

import pytest

import srcnn_tf
from srcnn_tf import extras
from srcnn_tf.programs.commands import COMMANDS

ROOT = pathlib.Path(__file__).resolve().parents[2]
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_EXTRAS = _PROJECT["optional-dependencies"]


def _requirements(path):
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def _brought_by(extra):
    found = set()
    for requirement in _EXTRAS[extra]:
        own = re.fullmatch(r"srcnn_tf\[(.+)\]", requirement)
        if own:
            found = found.union(*(_brought_by(each) for each in own[1].split(",")))
        else:
            found.add(requirement)
    return found


def test_requirements_txt_is_everything_that_the_programs_need():
    assert _requirements("requirements.txt") == set(_PROJECT["dependencies"]) | _brought_by("all")


def test_peers_are_the_same_in_both_places():
    assert set(_EXTRAS["peers"]) == _requirements("requirements-peers.txt")


def test_the_core_needs_no_tensorflow():
    names = {re.split(r"[<>=\[]", each)[0] for each in _PROJECT["dependencies"]}
    assert not names & {"tensorflow", "keras", "tensorflow-datasets", "matplotlib"}


def test_every_extra_that_a_sentence_names_is_there():
    named = set(extras._EXTRAS.values())
    for _, wanted in COMMANDS.values():
        named |= set(wanted.split(","))
    assert named <= set(_EXTRAS)


def test_commands_are_those_that_pip_installs():
    installed = {name.removeprefix("srcnn-") for name in _PROJECT["scripts"]}
    assert installed == set(COMMANDS) - {"publish"}
    assert importlib.metadata.version("srcnn_tf") == srcnn_tf.__version__


def test_editors_see_every_name_that_is_loaded_lazily():
    text = pathlib.Path(srcnn_tf.__file__).read_text(encoding="utf-8")
    seen = set(re.findall(r"^    from srcnn_tf\.(\S+) import (\w+) as \2$", text, re.MULTILINE))
    assert seen == {(module, name) for name, module in srcnn_tf._HOME.items()}


_WITHOUT = """
import sys
for name in {names!r}:
    sys.modules[name] = None
"""


def _python(code, *arguments, without=("tensorflow", "keras", "tensorflow_datasets")):
    """Runs Python where some packages cannot be imported."""
    code = _WITHOUT.format(names=without) + code
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.slow
def test_pictures_are_enlarged_and_scored_without_tensorflow():
    done = _python(
        """
import numpy as np
import srcnn_tf
picture = np.arange(20 * 24 * 3, dtype=np.uint8).reshape(20, 24, 3)
print(srcnn_tf.upscale(picture, 2).shape)
network = srcnn_tf.initial_network("slim-4x8", 2)
print(srcnn_tf.runner(network).engine, srcnn_tf.upscale(picture, 2, network).shape)
pair = srcnn_tf.degrade(picture, 2)
print(srcnn_tf.score(pair.bicubic_y[..., 0], pair.hr_y[..., 0], 2).in_words())
""",
        without=("tensorflow", "keras", "tensorflow_datasets", "matplotlib", "jinja2", "psutil"),
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "(40, 48, 3)"
    assert lines[1].split(" ", 1)[1] == "(40, 48, 3)"
    assert "dB" in lines[2]


@pytest.mark.parametrize(
    "package",
    [
        "imaging",
        "files",
        "networks",
        "upscaling",
        "engines",
        "evaluation/metrics",
        "plotting",
        "exporting",
    ],
)
def test_packages_load_no_tensorflow(package):
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / "srcnn_tf" / package).rglob("*.py"))
        if path.name
        not in (
            "__init__.py",
            "keras_chains.py",
            "keras_models.py",
            "tensor_planes.py",
            "keras_graph.py",
        )
    ]
    done = _python(f"import importlib\nfor name in {modules!r}: importlib.import_module(name)")
    assert done.stderr == ""
    assert len(modules) > 2


@pytest.mark.parametrize(
    ("name", "extra"),
    [("keras_model", "tensorflow"), ("train", "datasets"), ("read_pictures", "datasets")],
)
def test_the_library_says_which_extra_is_missing(name, extra):
    done = _python(f"import srcnn_tf; srcnn_tf.{name}")
    assert f'pip install "srcnn_tf[{extra}]" brings it' in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("command", ["train", "benchmark"])
def test_commands_say_which_extras_are_missing(command, tmp_path):
    done = _python(
        f"sys.argv = ['srcnn-{command}', '--scale=2' if {command!r} == 'train' else '--scales=2']\n"
        "from srcnn_tf.programs import commands\n"
        f"commands.run({command!r})"
    )
    assert done.returncode == 1
    sentence = done.stderr.strip().splitlines()[-1]
    assert re.fullmatch(
        rf"srcnn-{command}: this needs \w+, which is not installed; "
        r'pip install "srcnn_tf\[datasets,plots\]" brings it\.',
        sentence,
    )
    assert "Traceback" not in done.stderr


def test_python_m_lists_the_commands():
    done = subprocess.run(
        [sys.executable, "-m", "srcnn_tf"], capture_output=True, text=True, timeout=60, cwd=ROOT
    )
    assert done.returncode == 0
    assert all(command in done.stdout for command in COMMANDS)
    wrong = subprocess.run(
        [sys.executable, "-m", "srcnn_tf", "enlarge"], capture_output=True, timeout=60, cwd=ROOT
    )
    assert wrong.returncode == 2


def test_sentences_call_a_program_by_the_name_that_the_user_has():
    for argv0, expected in (
        ("/usr/local/bin/srcnn-upscale", "srcnn-upscale: "),
        ("python -m srcnn_tf upscale", "python -m srcnn_tf upscale: "),
        ("bin/upscale", "bin/upscale: "),
    ):
        done = _python(
            f"sys.argv = [{argv0!r}, '-i', 'nowhere.png']\n"
            "from srcnn_tf.programs import commands\ncommands.upscale()"
        )
        assert done.returncode == 1
        assert done.stderr.startswith(expected), done.stderr
