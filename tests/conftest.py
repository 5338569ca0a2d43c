"""Fixtures that several test modules share."""

import pathlib

import numpy as np
import pytest

_REFERENCE_DATA = pathlib.Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """The folder of real pictures, MATLAB's results and the authors' weights, beside the clone."""
    if not (_REFERENCE_DATA / "sources.tsv").is_file():
        pytest.skip("the reference data (../shared/data) is not beside this checkout")
    return _REFERENCE_DATA


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
