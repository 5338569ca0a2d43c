"""Shared fixtures, markers that follow from folders and fixtures, and what a run left out.

Markers set here: `robustness` for whatever lies in `tests/robustness`, `reference_data` for what
uses the fixture `shared_data`, `browser` for what uses the fixture `browser`.
"""

import collections
import os
import pathlib
import signal

import numpy as np
import pytest

_VARIABLE = "SRCNN_TF_REFERENCE_DATA"
_BESIDE_THE_CHECKOUT = pathlib.Path(__file__).resolve().parents[2] / "shared" / "data"
_ROBUSTNESS = pathlib.Path(__file__).resolve().parent / "robustness"
_OF_FIXTURES = {"shared_data": "reference_data", "browser": "browser"}
_LEFT_OUT = pytest.StashKey[collections.Counter]()


def pytest_sessionstart(session):
    """Has SIGINT heard: what a shell starts in the background ignores it, with its children."""
    del session
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """The folder of the reference data: published pictures, MATLAB's results, authors' weights."""
    folder = pathlib.Path(os.environ.get(_VARIABLE) or _BESIDE_THE_CHECKOUT)
    if not (folder / "sources.tsv").is_file():
        pytest.skip(
            "the reference data (T91, Set5, Set14, BSD200, MATLAB's resize results and the "
            "authors' weights; not ours to distribute) is not here; nothing else depends on it. "
            f"If you have it, let {_VARIABLE} name its folder"
        )
    return folder


@pytest.fixture(scope="session")
def photo() -> np.ndarray:
    """A made-up uint8 RGB picture of 150 rows and 200 columns: shading, an edge, fine texture."""
    rows, columns = np.mgrid[:150, :200]
    shading = 110 + 50 * np.sin(columns / 31) * np.cos(rows / 23)
    edge = 60 * ((rows - 60) ** 2 + (columns - 120) ** 2 < 40**2)
    texture = 20 * np.sin(rows * columns / 211)
    noise = np.random.default_rng(0).normal(0, 3, (150, 200, 3))
    planes = [shading + edge + texture, shading + 0.5 * texture, 200 - shading + edge]
    picture = np.clip(np.rint(np.stack(planes, axis=-1) + noise), 0, 255).astype(np.uint8)
    picture.flags.writeable = False
    return picture


# First, so that `-m` sees the markers.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(_ROBUSTNESS):
            item.add_marker("robustness")
        for fixture, marker in _OF_FIXTURES.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


def pytest_deselected(items):
    for item in items:
        names = {mark.name for mark in item.iter_markers()}
        named = [name for name in ("robustness", "browser", "slow") if name in names]
        counts = item.config.stash.setdefault(_LEFT_OUT, collections.Counter())
        counts[named[0] if named else "other tests"] += 1


def pytest_sessionfinish(session):
    """Tells the process that prints the summary, if this is one of pytest-xdist's workers."""
    if hasattr(session.config, "workeroutput"):
        counts = session.config.stash.get(_LEFT_OUT, collections.Counter())
        session.config.workeroutput["left_out"] = dict(counts)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    # All workers collect the same tests, so that the last one's counts are those of all.
    if counts := getattr(node, "workeroutput", {}).get("left_out"):
        node.config.stash[_LEFT_OUT] = collections.Counter(counts)


def pytest_terminal_summary(terminalreporter, config):
    """Says, after each run, which tests did not run and why."""
    left_out = [
        f"{count} not selected by this call: {kind}"
        for kind, count in config.stash.get(_LEFT_OUT, {}).items()
    ]
    skipped = collections.Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        skipped[str(reason).removeprefix("Skipped: ")] += 1
    # A placeholder method of TensorFlow's test class.
    skipped.pop("Not a test.", None)
    left_out += [f"{count} skipped: {reason}" for reason, count in skipped.most_common()]
    if left_out:
        terminalreporter.section("left out", sep="-")
        for line in left_out:
            terminalreporter.line(line)
    else:
        terminalreporter.line("No test was left out.")
