"""Fixtures that several test modules share."""

import pathlib

import pytest

_REFERENCE_DATA = pathlib.Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """The folder of real pictures, MATLAB's results and the authors' weights, beside the clone."""
    if not (_REFERENCE_DATA / "sources.tsv").is_file():
        pytest.skip("the reference data (../shared/data) is not beside this checkout")
    return _REFERENCE_DATA
