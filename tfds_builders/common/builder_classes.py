"""From a dataset's name to its `Builder`, which TFDS knows from then on."""

import importlib
import importlib.util
import logging
import pathlib
import sys

import tensorflow_datasets as tfds

from srcnn_tf.data import catalog
from srcnn_tf.data.dataset_folder import Dataset
from tfds_builders.common.manifest import DatasetUnavailableError

_OURS = pathlib.Path(__file__).absolute().parents[1]
_LOGGER = logging.getLogger(__name__)


def builder_class(name: str) -> type[tfds.core.DatasetBuilder]:
    """Returns the class that builds a dataset of the catalog.

    Raises:
      ValueError: there is no such dataset.
      DatasetUnavailableError: it is a folder of the user's, whose module fails.
    """
    dataset = catalog.DATASETS[name]
    module_name = f"tfds_builders.{name}.{name}_dataset_builder"
    if dataset.folder.parent == _OURS:
        return importlib.import_module(module_name).Builder
    if module_name not in sys.modules:
        _load(module_name, dataset)
    return sys.modules[module_name].Builder


def register_all() -> None:
    """Makes all datasets of the catalog known to TFDS; a user's that fails is left out."""
    for name in catalog.DATASETS:
        try:
            builder_class(name)
        except DatasetUnavailableError as error:
            _LOGGER.warning("%s", error)


def _load(module_name: str, dataset: Dataset) -> None:
    """Runs a module that lies outside of this package."""
    path = dataset.folder / f"{dataset.name}_dataset_builder.py"
    spec = importlib.util.spec_from_file_location(module_name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
        # Where TFDS looks for README.md, CITATIONS.bib and the like.
        module.Builder.pkg_dir_path = tfds.core.Path(dataset.folder)
    except Exception as error:
        del sys.modules[module_name]
        raise DatasetUnavailableError(
            f"{dataset.name}: {path} does not define a Builder ({error!r}); correct it."
        ) from error
