"""`savedmodel`: TensorFlow's own format, for TF Serving, its C++ and Java, and Python."""

import contextlib
import json
import pathlib
from collections.abc import Iterator

from srcnn_tf.exporting.contents import OUTPUT, Contents
from srcnn_tf.exporting.formats.export_format import ExportFormat, Run

SIGNATURE = "serving_default"
# Where TensorFlow lets users put what it does not read.
METADATA = "assets.extra/srcnn_tf.json"


def write(contents: Contents, path: pathlib.Path) -> None:
    """Writes a folder by Keras's export; batch, height and width are free."""
    from srcnn_tf.exporting.keras_graph import keras_graph

    write_model(keras_graph(contents), path)
    described = path / METADATA
    described.parent.mkdir()
    described.write_text(json.dumps(contents.metadata(), indent=2) + "\n", encoding="utf-8")


def write_model(model, path: pathlib.Path) -> None:
    """Writes a Keras model of one input and one output, which gets the name `OUTPUT`."""
    import keras
    import tensorflow as tf

    (source,) = model.inputs
    archive = keras.export.ExportArchive()
    archive.track(model)
    signature = tf.TensorSpec(source.shape, source.dtype, name=source.name)
    archive.add_endpoint(
        SIGNATURE, lambda planes: {OUTPUT: model(planes)}, input_signature=[signature]
    )
    archive.write_out(str(path), verbose=False)


@contextlib.contextmanager
def load(path: pathlib.Path, contents: Contents) -> Iterator[Run]:
    """Runs TF Serving's signature by `tf.saved_model.load`."""
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))
    signature = loaded.signatures[SIGNATURE]
    yield lambda arrays: signature(**{contents.input_name: tf.constant(arrays)})[OUTPUT].numpy()
    del loaded  # Kept until here, since a signature does not keep its variables.


def snippet(name: str, contents: Contents) -> str:
    """Returns Python that runs a folder."""
    return (
        "import tensorflow as tf\n"
        f'model = tf.saved_model.load("{name}")\n'
        f'enlarge = model.signatures["{SIGNATURE}"]\n'
        f'enlarged = enlarge({contents.input_name}=tf.constant(source))["{OUTPUT}"].numpy()\n'
    )


FORMAT = ExportFormat(
    "savedmodel",
    "_savedmodel",
    "tf.saved_model.load",
    write,
    load,
    snippet,
    precisions=("float32", "float16"),
    tensorflow=True,
)
