"""`keras`: a `.keras` file of Keras's own layers, which needs nothing of ours to be loaded."""

import contextlib
import json
import pathlib
import zipfile
from collections.abc import Iterator

from srcnn_tf.exporting.contents import Contents
from srcnn_tf.exporting.formats.export_format import ExportFormat, Run

# In the file, which is a zip archive; Keras ignores it.
METADATA = "srcnn_tf.json"


def write(contents: Contents, path: pathlib.Path) -> None:
    """Writes a `.keras` file."""
    from srcnn_tf.exporting.keras_graph import keras_graph

    keras_graph(contents).save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(METADATA, json.dumps(contents.metadata(), indent=2) + "\n")


@contextlib.contextmanager
def load(path: pathlib.Path, contents: Contents) -> Iterator[Run]:
    """Runs it by `keras.saving.load_model`."""
    import keras

    model = keras.saving.load_model(path, compile=False)
    yield lambda arrays: model(arrays).numpy()


def snippet(name: str, contents: Contents) -> str:
    """Returns Python that runs a file."""
    return (
        "import keras\n"
        f'model = keras.saving.load_model("{name}")\n'
        "enlarged = keras.ops.convert_to_numpy(model(source))\n"
    )


FORMAT = ExportFormat(
    "keras",
    ".keras",
    "keras.saving.load_model",
    write,
    load,
    snippet,
    precisions=("float32", "float16"),
    tensorflow=True,
)
