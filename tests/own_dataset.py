"""A dataset folder as a user would write one: a description, a builder, pictures; no tests."""

import pathlib

import numpy as np
from PIL import Image

DESCRIPTION = """
title = "Dunes"
description = "sand, drawn"
source = "folder"
splits = { pictures = 6 }
roles = { training = "pictures", benchmark = "pictures" }
"""
BUILDER = '''"""Sand."""

from tfds_builders.common.folder_pictures import FolderPictures


class Builder(FolderPictures):
    """Dunes, a config for each scale."""
'''


def write(folder: pathlib.Path, pictures: int = 6) -> pathlib.Path:
    """Writes all that makes `folder` a dataset of that name; returns it."""
    (folder / "pictures").mkdir(parents=True)
    (folder / "dataset.toml").write_text(DESCRIPTION)
    (folder / f"{folder.name}_dataset_builder.py").write_text(BUILDER)
    rows, columns = np.mgrid[:90, :96]
    for number in range(pictures):
        # Edges, which bicubic blurs.
        edges = np.where(np.sin((rows + number * columns) / 5) > 0, 200, 60)
        pixels = (edges[..., None] * [1, 0.9, 0.6]).astype(np.uint8)
        Image.fromarray(pixels).save(folder / "pictures" / f"dune{number}.png")
    return folder
