"""`tflite`: for LiteRT (formerly TensorFlow Lite), on phones and small devices."""

import contextlib
import dataclasses
import json
import pathlib
import tempfile
import warnings
from collections.abc import Callable, Iterator

from srcnn_tf.exporting import photographs
from srcnn_tf.exporting.contents import OUTPUT, Contents
from srcnn_tf.exporting.formats import saved_model
from srcnn_tf.exporting.formats.export_format import ExportFormat, Run
from srcnn_tf.imaging.threads import usable_cores

# The name of the entry of a file's metadata.
METADATA = "srcnn_tf"


def write(contents: Contents, path: pathlib.Path) -> None:
    """Converts a SavedModel by TensorFlow's converter.

    `float16` keeps weights in it, which LiteRT unpacks on a CPU. `int8` computes in it, all of the
    graph, with ranges calibrated on photographs; input and output stay what they are.
    """
    from srcnn_tf.exporting.keras_graph import keras_graph

    calibration = None
    if contents.precision == "int8":

        def calibration():
            for arrays in photographs.calibration(contents):
                yield {contents.input_name: arrays}

    # Precision is the converter's part here, not the graph's.
    model = keras_graph(dataclasses.replace(contents, precision="float32"))
    converted = convert(model, contents.precision, calibration)
    path.write_bytes(_with_metadata(converted, json.dumps(contents.metadata())))


def convert(
    model, precision: str = "float32", calibration: Callable[[], Iterator[dict]] | None = None
) -> bytes:
    """Converts a Keras model of one input and one output; `int8` needs inputs to calibrate on."""
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # The converter's calibrator uses an interpreter that is deprecated.
        warnings.simplefilter("ignore")
        source = pathlib.Path(folder, "model")
        saved_model.write_model(model, source)
        converter = tf.lite.TFLiteConverter.from_saved_model(str(source))
        if precision != "float32":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if precision == "float16":
            converter.target_spec.supported_types = [tf.float16]
        if calibration is not None:
            converter.representative_dataset = calibration
        return converter.convert()


def _with_metadata(model: bytes, text: str) -> bytes:
    from tensorflow.lite.python import schema_py_generated as schema
    from tensorflow.lite.tools import flatbuffer_utils

    unpacked = flatbuffer_utils.convert_bytearray_to_object(bytearray(model))
    buffer = schema.BufferT()
    buffer.data = list(text.encode())
    unpacked.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name, entry.buffer = METADATA, len(unpacked.buffers) - 1
    unpacked.metadata = [*(unpacked.metadata or []), entry]
    unpacked.description = "Made by srcnn_tf; the metadata `srcnn_tf` says what it takes and gives."
    return bytes(flatbuffer_utils.convert_object_to_bytearray(unpacked))


@contextlib.contextmanager
def load(path: pathlib.Path, contents: Contents) -> Iterator[Run]:
    """Runs it by LiteRT's interpreter, on a CPU."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(path), num_threads=usable_cores())
    runner = interpreter.get_signature_runner()
    yield lambda arrays: runner(**{contents.input_name: arrays})[OUTPUT]


def snippet(name: str, contents: Contents) -> str:
    """Returns Python that runs a file."""
    return (
        "from ai_edge_litert.interpreter import Interpreter\n"
        f'runner = Interpreter(model_path="{name}").get_signature_runner()\n'
        f'enlarged = runner({contents.input_name}=source)["{OUTPUT}"]\n'
    )


FORMAT = ExportFormat(
    "tflite",
    ".tflite",
    "LiteRT",
    write,
    load,
    snippet,
    precisions=("float32", "float16", "int8"),
    tensorflow=True,
)
